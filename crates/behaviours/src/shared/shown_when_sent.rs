//! `shown-when-sent`: the answer of a write tells some members only if the caller sent them; reads always tell them
//! (seen).
//!
//! Parameters: `member` or `members`; `verbs`, the writes, which is `create` when not said.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
pub struct ShownWhenSent {
    members: Vec<String>,
    verbs: Vec<Verb>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut members = params.fields("members")?;
    if members.is_empty() {
        members.push(params.field("member")?);
    }
    let verbs = params.given.get("verbs").map(|verbs| serde_json::from_value(verbs.clone()));
    let verbs = verbs.unwrap_or_else(|| Ok(vec![Verb::Create])).map_err(|wrong| params.wrong(wrong))?;
    Ok(Box::new(ShownWhenSent { members, verbs }))
}

impl Behaviour for ShownWhenSent {
    fn on_read(&self, cx: &Context<'_>, verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        if !self.verbs.contains(&verb) {
            return Ok(());
        }
        for member in &self.members {
            let sent = cx.sent(member);
            if sent.is_none_or(Value::is_null) {
                record.insert(member.clone(), Value::Null);
            }
        }
        Ok(())
    }
}
