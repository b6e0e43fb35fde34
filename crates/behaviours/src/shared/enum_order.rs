//! `enum-order`: lists of words are echoed as they were sent, and told by GET in the catalogue's order (seen).
//! Parameter: `members`, the lists.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct EnumOrder {
    lists: Vec<(String, Vec<String>)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let words = |member: String| match params.resource.field(&member) {
        Some(field) if !field.values.is_empty() => Ok((member, field.values.clone())),
        _ => Err(params.wrong(format!("`{member}` is no list of words"))),
    };
    let lists = params.texts("members").into_iter().map(words).collect::<Result<_, _>>()?;
    Ok(Box::new(EnumOrder { lists }))
}

impl Behaviour for EnumOrder {
    fn on_read(&self, _: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if !matches!(verb, Verb::Read | Verb::List) {
            return Ok(());
        }
        for (member, words) in &self.lists {
            if let Some(Value::Array(items)) = record.get_mut(member) {
                items.sort_by_key(|item| words.iter().position(|word| Some(word.as_str()) == item.as_str()));
            }
        }
        Ok(())
    }
}
