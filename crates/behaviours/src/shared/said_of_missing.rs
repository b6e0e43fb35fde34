//! `said-of-missing`: a pointer at a record that there is not is refused in the product's own words.
//!
//! Parameters: the words by member, with the pointer's value for `{id}`.

use serde_json::{Map, Value};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Kind};

/// The guarantee for one resource.
struct SaidOfMissing {
    kind: Kind,
    /// The member, the kind that it points at, and the words.
    members: Vec<(String, String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let words: Map<String, Value> = params.read()?;
    let members =
        words.keys().map(|member| Ok((member.clone(), params.target(member)?, params.text(member)?)));
    Ok(Box::new(SaidOfMissing {
        kind: Kind(params.kind()),
        members: members.collect::<Result<_, String>>()?,
    }))
}

impl Behaviour for SaidOfMissing {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for (member, kind, words) in &self.members {
            let Some(id) = change.sent.get(member).and_then(Id::from_value) else { continue };
            if cx.get(kind, &id)?.is_none() {
                return Err(Fault::said(&self.kind, member, words.replace("{id}", id.as_str())));
            }
        }
        Ok(())
    }
}
