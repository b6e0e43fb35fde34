//! `gathered`: a member is put together of others when it is read, also of those of records that it points at.
//!
//! Parameters: by such a member, for each member of its value type the dotted one of the record; a member that points at a
//! record leads on to that record's.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zuno_catalogue::{Resource, Shape, Verb};
use zuno_engine::{Behaviour, Context, Params, at_path};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct Gathered {
    own: String,
    members: Vec<(String, Vec<(String, String)>)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let told: BTreeMap<String, BTreeMap<String, String>> = params.read()?;
    let mut members = Vec::new();
    for (member, parts) in told {
        let Shape::Named(named) = &params.field_of(&params.resource.kind, &member)?.shape else {
            return Err(params.wrong(format!("`{member}` is of no value type")));
        };
        let fields = params.catalogue.value_type(params.resource, named);
        if let Some(strange) =
            parts.keys().find(|name| fields.is_none_or(|fields| !fields.contains_key(*name)))
        {
            return Err(params.wrong(format!("`{named}` has no member `{strange}`")));
        }
        for path in parts.values() {
            leads(params, params.resource, path)?;
        }
        members.push((member, parts.into_iter().collect()));
    }
    Ok(Box::new(Gathered { own: params.kind(), members }))
}

/// That a path leads from member to member, through what they point at.
fn leads(params: Params<'_>, resource: &Resource, path: &str) -> Result<(), String> {
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let field = params.field_of(&resource.kind, first)?;
    match field.shape.target() {
        Some(kind) if !rest.is_empty() => leads(params, params.resource_of(kind)?, rest),
        _ => Ok(()),
    }
}

/// What stands at the end of a path.
fn found(cx: &Context<'_>, kind: &str, record: &Record, path: &str) -> Result<Option<Value>, Fault> {
    let Some((first, rest)) = path.split_once('.') else { return Ok(record.get(path).cloned()) };
    let Some(target) = cx.resource(kind)?.field(first).and_then(|field| field.shape.target()) else {
        return Ok(at_path(record, path).cloned());
    };
    let Some(id) = record.get(first).and_then(Id::from_value) else { return Ok(None) };
    match cx.get(target, &id)? {
        Some(stored) => found(cx, target, &stored.record, rest),
        None => Ok(None),
    }
}

impl Behaviour for Gathered {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for (member, parts) in &self.members {
            let mut told = Map::new();
            for (name, path) in parts {
                told.extend(found(cx, &self.own, record, path)?.map(|value| (name.clone(), value)));
            }
            record.insert(member.clone(), Value::Object(told));
        }
        Ok(())
    }
}
