//! `one-of`: while a member has a certain value, at least one of several others is given.
//!
//! Parameters: `field`, `is`, `members`.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Kind};

/// The guarantee for one resource.
struct OneOf {
    kind: Kind,
    field: String,
    is: String,
    members: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let members = params.fields("members")?;
    if members.is_empty() {
        return Err(params.wrong("`members` is needed"));
    }
    Ok(Box::new(OneOf {
        kind: Kind(params.kind()),
        field: params.text("field")?,
        is: params.text("is")?,
        members,
    }))
}

impl Behaviour for OneOf {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let asks = change.new.get(&self.field).and_then(Value::as_str) == Some(self.is.as_str());
        if change.verb == Verb::Delete || !asks {
            return Ok(());
        }
        let given = |member: &String| change.new.get(member).is_some_and(|value| !value.is_null());
        if self.members.iter().any(given) {
            return Ok(());
        }
        Err(Fault::Invalid { kind: self.kind.clone(), field: self.members[0].clone(), fix: Fix::Missing })
    }
}
