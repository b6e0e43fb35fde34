//! `noted`: an operation notes at the record of its path what its body says, or that it was called.
//!
//! Parameters: by the operation, what it sets by member: a constant, `{now}`, or with `{name}` what that member of the body says,
//! which is of the value type that the operation has as its `body`, with its defaults.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Record};

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
    sets.values().try_for_each(|set| params.known(set.keys()))?;
    Ok(Box::new(Noted { kind: params.kind(), sets }))
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
            let told = match set.as_str().and_then(|text| text.strip_prefix('{')?.strip_suffix('}')) {
                None => Some(set.clone()),
                Some("now") => Some(cx.now().into()),
                Some(name) => body.get(name).cloned(),
            };
            stored.record.extend(told.map(|value| (member.clone(), value)));
        }
        cx.save(&self.kind, &stored)?;
        Ok(Outcome::Done)
    }
}
