//! `noted`: an operation notes at the record of its path what its body says, or that it was called.
//!
//! Parameters: by the operation, what it sets by member: a constant, `{now}`, or with `{name}` what that member of the body says,
//! which is of the value type that the operation has as its `body`, with its defaults.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zuno_catalogue::Access;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Record};

/// The word for what the clock reads.
const NOW: &str = "now";

/// The guarantee for one resource.
struct Noted {
    kind: String,
    sets: BTreeMap<String, Map<String, Value>>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let sets: BTreeMap<String, Map<String, Value>> = params.read()?;
    if let Some(stranger) = sets.keys().find(|name| !params.resource.operations.contains_key(*name)) {
        return Err(params.wrong(format!("there is no operation `{stranger}`")));
    }
    for (name, set) in &sets {
        params.known(set.keys())?;
        let body = params.resource.operations[name].body.as_ref();
        let fields = body.and_then(|named| params.catalogue.value_type(params.resource, named));
        for member in set.values().filter_map(of_body) {
            let field = fields.and_then(|fields| fields.get(member));
            // One that may be absent would note nothing.
            if !field.is_some_and(|field| field.access == Access::Required || field.default.is_some()) {
                let why = format!("the body of `{name}` has no member `{member}` that is always there");
                return Err(params.wrong(why));
            }
        }
    }
    Ok(Box::new(Noted { kind: params.kind(), sets }))
}

/// The word in braces, if a value is one.
fn braced(set: &Value) -> Option<&str> {
    set.as_str()?.strip_prefix('{')?.strip_suffix('}')
}

/// The member of a body that is noted.
fn of_body(set: &Value) -> Option<&str> {
    braced(set).filter(|word| *word != NOW)
}

impl Behaviour for Noted {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let mut stored = cx.named(&self.kind)?;
        let operation = cx.operation()?;
        let body = match &operation.body {
            Some(named) => cx.decode_as(&self.kind, named, call.body.as_ref().unwrap_or(&Value::Null))?,
            None => Record::new(),
        };
        for (member, set) in self.sets.get(&operation.name).into_iter().flatten() {
            let told = match braced(set) {
                None => Some(set.clone()),
                Some(NOW) => Some(cx.now().into()),
                Some(name) => body.get(name).cloned(),
            };
            stored.record.extend(told.map(|value| (member.clone(), value)));
        }
        cx.save(&self.kind, &stored)?;
        Ok(Outcome::Done)
    }
}
