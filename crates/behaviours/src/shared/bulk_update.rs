//! `bulk-update`: the records whose ids a body lists take over members of the body, or none of them does.
//! Parameters: `ids`, the body's list, and `members`, which the body must have.

use serde_json::{Map, Value};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind};

/// The guarantee for one resource.
struct BulkUpdate {
    kind: String,
    ids: String,
    members: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (ids, members) = (params.text("ids")?, params.fields("members")?);
    Ok(Box::new(BulkUpdate { kind: params.kind(), ids, members }))
}

impl Behaviour for BulkUpdate {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let wrong =
            |field: &str, fix| Fault::Invalid { kind: Kind(self.kind.clone()), field: field.into(), fix };
        let given = |name: &str| call.body.as_ref().and_then(|body| body.get(name));
        let mut members = Map::new();
        for name in &self.members {
            let value = given(name).filter(|value| !value.is_null());
            members.insert(name.clone(), value.ok_or_else(|| wrong(name, Fix::Missing))?.clone());
        }
        let members = Value::Object(members);
        let ids = given(&self.ids).and_then(Value::as_array);
        for id in ids.ok_or_else(|| wrong(&self.ids, Fix::Missing))? {
            let id = Id::from_value(id).ok_or_else(|| wrong(&self.ids, Fix::Type("id")))?;
            cx.reached(&self.kind, &id)?;
            cx.amend(&self.kind, &id, &members)?;
        }
        Ok(Outcome::Done)
    }
}
