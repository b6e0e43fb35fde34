//! `not-stale`: an update that says when the record was last changed is refused where it has changed since.
//!
//! Parameter: `time`, the member that tells it. A time of 0 says nothing.

use zuno_engine::{Behaviour, Change, Context, Params, same};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct NotStale {
    kind: Kind,
    time: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(NotStale { kind: Kind(params.kind()), time: params.field("time")? }))
}

impl Behaviour for NotStale {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let held = change.old.as_ref().and_then(|old| old.get(&self.time));
        let (Some(held), Some(sent)) = (held.and_then(serde_json::Value::as_i64), cx.sent(&self.time)) else {
            return Ok(());
        };
        if sent.is_null() || same(sent, "0") || same(sent, &held.to_string()) {
            return Ok(());
        }
        Err(Fault::Stale { kind: self.kind.clone(), id: change.id.clone(), at: Some(held) })
    }
}
