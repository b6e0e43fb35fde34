//! `session-ends`: the tokens of who was switched off do not come back when it is switched on again.
//!
//! Parameters: `session`, the member that tells one session from the next, and `while`, the flag during which it lasts.

use serde_json::Value;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Record};

/// The guarantee for one resource.
struct SessionEnds {
    session: String,
    on: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(SessionEnds { session: params.field("session")?, on: params.field("while")? }))
}

impl Behaviour for SessionEnds {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let is_on = |record: &Record| record.get(&self.on) != Some(&Value::Bool(false));
        let lasts = change.old.as_ref().is_some_and(|old| !is_on(old) || is_on(&change.new));
        if !lasts {
            change.new.insert(self.session.clone(), another(cx)?);
        }
        Ok(())
    }
}

/// A session that nobody had before.
///
/// # Errors
/// Nothing may be changed here.
pub fn another(cx: &mut Context<'_>) -> Result<Value, Fault> {
    Ok(Value::String(format!("{:016x}", u64::from_le_bytes(cx.random()?))))
}

/// The session of a caller's tokens: the tenant's number, which is given out once, and what the record tells.
pub fn named(cx: &Context<'_>, session: Option<&Value>) -> String {
    format!("{}-{}", cx.tenant().id.0, session.and_then(Value::as_str).unwrap_or("0"))
}
