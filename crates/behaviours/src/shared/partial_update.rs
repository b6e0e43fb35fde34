//! `partial-update`: an operation changes some members of a record and leaves all others as they are.
//!
//! Parameters: for each such operation its name with the members that it may change; others in its body are passed over.

use serde_json::{Map, Value};
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct PartialUpdate {
    kind: String,
    operations: Vec<(String, Vec<String>)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let names = params.given.as_object().into_iter().flat_map(Map::keys);
    let operations =
        names.map(|name| Ok((name.clone(), params.fields(name)?))).collect::<Result<_, String>>()?;
    Ok(Box::new(PartialUpdate { kind: params.kind(), operations }))
}

impl Behaviour for PartialUpdate {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let Some(Value::Object(body)) = &call.body else {
            return Err(Fault::Unreadable("a JSON object is wanted".into()));
        };
        let operation = cx.operation()?;
        let members = self.operations.iter().find(|(name, _)| *name == operation.name);
        let members = members.map(|(_, members)| members.as_slice()).unwrap_or_default();
        let given = body.iter().filter(|(name, _)| members.contains(name));
        let given: Map<String, Value> = given.map(|(name, value)| (name.clone(), value.clone())).collect();
        let resource = cx.resource(&self.kind)?;
        let id = cx.named(&self.kind)?.id;
        cx.amend(&self.kind, &id, &Value::Object(given))?;
        if cx.catalogue().success(resource, operation) == 204 {
            return Ok(Outcome::Done);
        }
        let stored = cx.need(&self.kind, &id)?;
        let shown = cx.show(resource, Verb::Read, operation.view.as_deref(), stored)?;
        Ok(Outcome::One(shown))
    }
}
