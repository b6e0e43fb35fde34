//! `write-count`: a member tells how often the record has been written. Parameter: `member`.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct WriteCount {
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(WriteCount { member: params.field("member")? }))
}

impl Behaviour for WriteCount {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb != Verb::Delete {
            let held = change.old.as_ref().and_then(|old| old.get(&self.member)).and_then(Value::as_i64);
            change.new.insert(self.member.clone(), Value::from(held.unwrap_or(0) + 1));
        }
        Ok(())
    }
}
