//! A group cannot be removed while machines are in it.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Kind, Link};

struct EmptyGroup {
    group: String,
    members: String,
    kind: String,
    noun: String,
}

/// Parameters: `members`, the list inside the record; `kind`, what its items are.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let kind = params.other("kind")?;
    Ok(Box::new(EmptyGroup {
        group: params.kind(),
        members: params.text("members")?,
        noun: params.resource_of(&kind)?.title(),
        kind,
    }))
}

impl Behaviour for EmptyGroup {
    /// Refused as an object in use (guessed: the documents say to remove the machines first).
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let held = change.new.get(&self.members).and_then(Value::as_array);
        let Some(held) = held.filter(|held| change.verb == Verb::Delete && !held.is_empty()) else {
            return Ok(());
        };
        let link = |member: &Value| Link {
            kind: Kind(self.kind.clone()),
            id: member.get("id").and_then(Id::from_value).unwrap_or_else(|| Id(String::new())),
            noun: self.noun.clone(),
            name: member.get("name").and_then(Value::as_str).unwrap_or_default().to_owned(),
        };
        let by = held.iter().map(link).collect();
        Err(Fault::InUse { kind: Kind(self.group.clone()), id: change.id.clone(), by })
    }
}
