//! `equal-flags`: members that a product wants all on or all off. Parameter: `fields`.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
pub struct EqualFlags {
    kind: Kind,
    fields: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(EqualFlags { kind: Kind(params.kind()), fields: params.fields("fields")? }))
}

impl Behaviour for EqualFlags {
    fn before_write(&self, _cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        let on = |name: &String| change.new.get(name).and_then(Value::as_bool).unwrap_or(false);
        match self.fields.windows(2).find(|pair| on(&pair[0]) != on(&pair[1])) {
            Some(pair) => {
                Err(Fault::said(&self.kind, &pair[1], format!("must equal {}", self.fields.join(", "))))
            }
            None => Ok(()),
        }
    }
}
