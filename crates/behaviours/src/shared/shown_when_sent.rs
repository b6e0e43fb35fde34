//! `shown-when-sent`: the answer of a create tells a member only if the caller sent it; reads always tell it (seen).
//!
//! Parameter: `member`.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
pub struct ShownWhenSent {
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ShownWhenSent { member: params.text("member")? }))
}

impl Behaviour for ShownWhenSent {
    fn on_read(&self, cx: &Context<'_>, verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        let sent = cx.sent(&self.member);
        if verb == Verb::Create && sent.is_none_or(Value::is_null) {
            record.insert(self.member.clone(), Value::Null);
        }
        Ok(())
    }
}
