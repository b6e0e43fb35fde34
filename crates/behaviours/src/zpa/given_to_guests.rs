//! `given-to-guests`: applications that other tenants are given, listed, and given or withdrawn by their ids.
//!
//! Parameter: `guests`, the member that lists those tenants. What the guests see is not simulated.

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Method, Resource};
use zuno_engine::{Behaviour, Call, Context, Outcome, Page, Params, Stored};
use zuno_model::{Fault, Id};

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
            let (wish, total) = (&call.wish, given.len() as u64);
            let skip = usize::try_from(wish.skip).unwrap_or(usize::MAX);
            let take = usize::try_from(wish.take.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
            let items = given.into_iter().skip(skip).take(take).collect();
            return Ok(Outcome::Many(Page {
                items,
                total,
                number: wish.number,
                size: wish.size,
                skip: wish.skip,
            }));
        }
        let Some(Value::Object(body)) = &call.body else {
            return Err(Fault::Unreadable("a JSON object is wanted".into()));
        };
        let id = Id(call.param("id").unwrap_or_default().to_owned());
        let mut stored = cx.need(&self.kind, &id)?;
        let guests = body.get(&self.guests).and_then(Value::as_array).into_iter().flatten();
        let guests: Vec<String> = guests.filter_map(Id::from_value).map(|id| id.0).collect();
        stored.record.insert(self.guests.clone(), json!(guests));
        cx.save(&self.kind, &stored)?;
        Ok(Outcome::Value(json!({ "applicationGid": id.0, "guestIds": guests })))
    }
}
