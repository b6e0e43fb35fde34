//! `given-to-guests`: applications that other tenants are given, listed, and given or withdrawn by their ids.
//!
//! Parameter: `guests`, the member that lists those tenants. What the guests see is not simulated.

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Method, Resource};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Id};

use crate::part;

/// The guarantee for one resource.
struct GivenToGuests {
    kind: String,
    guests: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(GivenToGuests { kind: resource.kind.clone(), guests: params.text("guests")? }))
}

impl GivenToGuests {
    fn told(&self, stored: &Stored) -> Option<Value> {
        let guests = stored.record.get(&self.guests)?.as_array().filter(|guests| !guests.is_empty())?;
        Some(json!({ "applicationGid": stored.id.0, "guestIds": guests }))
    }
}

impl Behaviour for GivenToGuests {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if cx.operation().method == Method::Get {
            let given: Vec<Value> =
                cx.all(&self.kind, None)?.iter().filter_map(|stored| self.told(stored)).collect();
            return Ok(part::of(call, given));
        }
        let Some(Value::Object(body)) = &call.body else {
            return Err(Fault::Unreadable("a JSON object is wanted".into()));
        };
        let mut stored = cx.named(&self.kind)?;
        let guests = body.get(&self.guests).and_then(Value::as_array).into_iter().flatten();
        let guests: Vec<String> = guests.filter_map(Id::from_value).map(|id| id.0).collect();
        stored.record.insert(self.guests.clone(), json!(guests));
        cx.save(&self.kind, &stored)?;
        Ok(Outcome::Value(json!({ "applicationGid": stored.id.0, "guestIds": guests })))
    }
}
