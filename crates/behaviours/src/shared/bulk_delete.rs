//! `bulk-delete`: the records whose ids a body lists are deleted together, or none of them is.
//!
//! The body is `{"ids": […]}`, or a bare array of ids or of objects that have one. The answer repeats the ids under
//! the same name, unless the operation answers 204. Parameters: `most`, how many one call may name (1000); `silent`
//! for an empty answer.

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind};

/// How many ids one call may name when the catalogue does not say (guessed): every other write waits for it.
const MOST: usize = 1000;

/// The guarantee for one resource.
struct BulkDelete {
    kind: String,
    most: usize,
    guarded: bool,
    silent: bool,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(BulkDelete {
        kind: params.kind(),
        most: params.number("most").unwrap_or(MOST),
        guarded: params.resource.operations.get("delete").is_some_and(|delete| delete.unless.is_some()),
        silent: params.flag("silent"),
    }))
}

impl BulkDelete {
    fn named(&self, call: &Call) -> Result<Vec<Id>, Fault> {
        let wrong = |fix| Fault::Invalid { kind: Kind(self.kind.clone()), field: "ids".into(), fix };
        let body = call.body.as_ref().ok_or_else(|| wrong(Fix::Missing))?;
        let listed = body.get("ids").unwrap_or(body).as_array().ok_or_else(|| wrong(Fix::Type("array")))?;
        if listed.len() > self.most {
            return Err(wrong(Fix::Said(format!("No more than {} ids are allowed in one call.", self.most))));
        }
        let id = |item: &Value| Id::from_value(item.get("id").unwrap_or(item));
        listed.iter().map(|item| id(item).ok_or_else(|| wrong(Fix::Type("id")))).collect()
    }
}

impl Behaviour for BulkDelete {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        let ids = self.named(call)?;
        for id in &ids {
            cx.reached(&self.kind, id)?;
            cx.erase(resource, id, self.guarded)?;
        }
        if self.silent || cx.catalogue().success(resource, cx.operation()?) == 204 {
            return Ok(Outcome::Done);
        }
        let listed = call.body.as_ref().map_or(Value::Null, |body| body.get("ids").unwrap_or(body).clone());
        Ok(Outcome::Value(json!({ "ids": listed })))
    }
}
