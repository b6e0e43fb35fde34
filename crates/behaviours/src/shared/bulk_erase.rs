//! `bulk-erase`: one call removes every record whose id its body lists, or none of them.
//!
//! The answer lists the ids that are gone, under the name they came in. Parameter: `ids`, that name.

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Resource};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind};

/// The guarantee for one resource.
pub struct BulkErase {
    kind: String,
    ids: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let ids = params.maybe_text("ids").unwrap_or_else(|| "ids".into());
    Ok(Box::new(BulkErase { kind: resource.kind.clone(), ids }))
}

impl Behaviour for BulkErase {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let wrong = |fix| Fault::Invalid { kind: Kind(self.kind.clone()), field: self.ids.clone(), fix };
        let listed = call.body.as_ref().and_then(|body| body.get(&self.ids)).and_then(Value::as_array);
        let listed = listed.ok_or_else(|| wrong(Fix::Missing))?;
        let ids: Option<Vec<Id>> = listed.iter().map(Id::from_value).collect();
        let ids = ids.ok_or_else(|| wrong(Fix::Type("array")))?;
        let resource = cx.resource(&self.kind)?;
        for id in &ids {
            let stored = cx.need(&self.kind, id)?;
            if call.scope.for_store().is_some_and(|scope| scope != stored.scope) {
                return Err(Fault::NotFound { kind: Kind(self.kind.clone()), id: id.clone() });
            }
            cx.erase(resource, id, true)?;
        }
        let ids: Vec<&str> = ids.iter().map(Id::as_str).collect();
        let mut answer = serde_json::Map::new();
        answer.insert(self.ids.clone(), json!(ids));
        Ok(Outcome::Value(Value::Object(answer)))
    }
}
