//! `given-to-guests`: applications that other tenants are given, listed, and given or withdrawn by their ids.
//!
//! What the guests see is not simulated.

use serde_json::{Value, json};
use zuno_catalogue::handles::zpa::application_segment as segment;
use zuno_catalogue::{Members, Method};
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Id};

use crate::part;

/// The guarantee for one resource.
#[derive(Default)]
pub struct GivenToGuests;

fn told(stored: &Stored) -> Option<Value> {
    let guests = stored.record.items(&segment::GUEST_IDS);
    (!guests.is_empty()).then(|| json!({ "applicationGid": stored.id.0, "guestIds": guests }))
}

impl Behaviour for GivenToGuests {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if cx.operation()?.method == Method::Get {
            let own = cx.confined(cx.resource(segment::KIND)?);
            let given: Vec<Value> = cx.all(segment::KIND, own)?.iter().filter_map(told).collect();
            return Ok(part::of(call, given));
        }
        let body = call.object()?;
        let mut stored = cx.named(segment::KIND)?;
        let guests = body.items(&segment::GUEST_IDS).iter();
        let guests: Vec<String> = guests.filter_map(Id::from_value).map(|id| id.0).collect();
        stored.record.insert(segment::GUEST_IDS.into(), json!(guests));
        cx.save(segment::KIND, &stored)?;
        Ok(Outcome::Value(json!({ "applicationGid": stored.id.0, "guestIds": guests })))
    }
}
