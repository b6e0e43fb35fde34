//! `gathered`: a member is put together of others when it is read, also of those of records that it points at.
//!
//! Parameters: by such a member, for each member of its value type the dotted one of the record; a member that points at a
//! record leads on to that record's. A number is told as text where the value type has one, and what is not there by the
//! value type's default.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zuno_catalogue::{Shape, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

use super::through::{found, leads};

/// The guarantee for one resource.
struct Gathered {
    own: String,
    members: Vec<(String, Vec<Part>)>,
}

/// One member of a value type, and what it tells.
struct Part {
    name: String,
    path: String,
    as_text: bool,
    default: Option<Value>,
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
        let part = |(name, path): (String, String)| {
            let field = fields.and_then(|fields| fields.get(&name));
            let field = field.ok_or_else(|| params.wrong(format!("`{named}` has no member `{name}`")))?;
            leads(params, params.resource, &path)?;
            let default = field.default.as_ref().map(|json| json.0.clone());
            Ok(Part { name, path, as_text: field.shape == Shape::String, default })
        };
        members.push((member, parts.into_iter().map(part).collect::<Result<_, String>>()?));
    }
    Ok(Box::new(Gathered { own: params.kind(), members }))
}

impl Gathered {
    fn told(&self, cx: &Context<'_>, record: &Record) -> Result<Vec<(String, Value)>, Fault> {
        let mut gathered = Vec::new();
        for (member, parts) in &self.members {
            let mut told = Map::new();
            for part in parts {
                let value = match found(cx, &self.own, record, &part.path)? {
                    Some(Value::Number(number)) if part.as_text => Some(Value::String(number.to_string())),
                    found => found.or_else(|| part.default.clone()),
                };
                told.extend(value.map(|value| (part.name.clone(), value)));
            }
            gathered.push((member.clone(), Value::Object(told)));
        }
        Ok(gathered)
    }
}

impl Behaviour for Gathered {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        record.extend(self.told(cx, record)?);
        Ok(())
    }

    fn derived(&self, cx: &Context<'_>, record: &Record) -> Vec<(String, Value)> {
        self.told(cx, record).unwrap_or_default()
    }
}
