//! `empty-is-default`: a list that holds nothing, or that says nothing, is kept as its default, or not at all where it
//! has none.
//!
//! Parameters: `members`, the lists, or every list with a default that holds something when not said; `alike`, words
//! that say nothing when they stand alone.

use serde_json::Value;
use zuno_catalogue::Shape;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

/// The guarantee for one resource: each list with what it falls back to.
struct EmptyIsDefault {
    lists: Vec<(String, Option<Value>)>,
    alike: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (members, alike) = (params.fields("members")?, params.texts("alike"));
    let mut lists = Vec::new();
    for (name, field) in &params.resource.fields {
        let default = field.default.as_ref().map(|json| json.0.clone());
        let holds = default.as_ref().and_then(Value::as_array).is_some_and(|items| !items.is_empty());
        let meant = if members.is_empty() { holds } else { members.contains(name) };
        if meant && matches!(field.shape, Shape::List(_)) {
            lists.push((name.clone(), default));
        } else if meant {
            return Err(params.wrong(format!("`{name}` is no list")));
        }
    }
    match lists.is_empty() {
        true => Err(params.wrong("no list has a default that holds something; name `members`")),
        false => Ok(Box::new(EmptyIsDefault { lists, alike })),
    }
}

impl EmptyIsDefault {
    fn says_nothing(&self, list: &Value) -> bool {
        match list.as_array().map(Vec::as_slice) {
            Some([]) => true,
            Some([word]) => self.alike.iter().any(|alike| word == alike),
            _ => false,
        }
    }
}

impl Behaviour for EmptyIsDefault {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for (name, default) in &self.lists {
            if change.new.get(name).is_some_and(|list| self.says_nothing(list)) {
                match default {
                    Some(default) => change.new.insert(name.clone(), default.clone()),
                    None => change.new.shift_remove(name),
                };
            }
        }
        Ok(())
    }
}
