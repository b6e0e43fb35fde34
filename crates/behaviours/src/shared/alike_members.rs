//! `alike-members`: the records that a list names agree with the record itself in one member.
//!
//! Parameters: `list`, the list of links; `member`, which both sides have.

use serde_json::Value;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Kind};

/// The guarantee for one resource.
struct AlikeMembers {
    kind: Kind,
    list: String,
    target: String,
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (list, member) = (params.text("list")?, params.text("member")?);
    let target = params.target(&list)?;
    params.field_of(&target, &member)?;
    Ok(Box::new(AlikeMembers { kind: Kind(params.kind()), target, list, member }))
}

impl Behaviour for AlikeMembers {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let own = change.new.get(&self.member);
        let named = change.new.get(&self.list).and_then(Value::as_array);
        for id in named.into_iter().flatten().filter_map(Id::from_value) {
            // Whether it exists at all is the engine's to check.
            if let Some(stored) = cx.get(&self.target, &id)?
                && stored.record.get(&self.member) != own
            {
                return Err(Fault::said(
                    &self.kind,
                    &self.list,
                    format!("`{id}` differs in {}", self.member),
                ));
            }
        }
        Ok(())
    }
}
