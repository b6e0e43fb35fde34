//! `typed-secrets`: a record has the members of its type and no others, keeps its type, and remembers when a secret
//! of it last came.
//!
//! That a type cannot change is guessed. Parameters: `type`, `reset` (the time), `secrets` (members), and `members`:
//! by type, what a record of it has.

use std::collections::BTreeMap;

use serde_json::Value;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct TypedSecrets {
    kind: Kind,
    type_member: String,
    reset: String,
    secrets: Vec<String>,
    members: BTreeMap<String, Vec<String>>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let members: BTreeMap<String, Vec<String>> = params.part("members").read()?;
    params.known(members.values().flatten())?;
    Ok(Box::new(TypedSecrets {
        kind: Kind(params.kind()),
        type_member: params.text("type")?,
        reset: params.text("reset")?,
        secrets: params.fields("secrets")?,
        members,
    }))
}

impl Behaviour for TypedSecrets {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let kind_of = |record: &zuno_model::Record| record.text(&self.type_member).map(str::to_owned);
        let Some(own) = kind_of(&change.new) else { return Ok(()) };
        if change.old.as_ref().and_then(kind_of).is_some_and(|old| old != own) {
            return Err(Fault::said(&self.kind, &self.type_member, "the type cannot change"));
        }
        for member in self.members.values().flatten() {
            if !self.members.get(&own).is_some_and(|has| has.contains(member)) {
                change.new.shift_remove(member);
            }
        }
        let came = |secret: &String| change.sent.contains_key(secret) && change.new.contains_key(secret);
        if change.verb == Verb::Create || self.secrets.iter().any(came) {
            change.new.insert(self.reset.clone(), Value::from(cx.now()));
        }
        Ok(())
    }
}
