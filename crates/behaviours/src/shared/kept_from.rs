//! `kept-from`: a record keeps members of the record that it points at, as they are when it is written, so that paths
//! and filters can ask for them. Parameters: `through`, the pointer; `members`, the other one's member by the own one.

use std::collections::BTreeMap;

use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id};

/// The guarantee for one resource.
struct KeptFrom {
    through: String,
    kind: String,
    members: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let through = params.text("through")?;
    let kind = params.target(&through)?;
    let members: BTreeMap<String, String> = params.part("members").read()?;
    params.known(members.keys())?;
    members.values().try_for_each(|theirs| params.field_of(&kind, theirs).map(drop))?;
    Ok(Box::new(KeptFrom { through, kind, members }))
}

impl Behaviour for KeptFrom {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        let id = change.new.get(&self.through).and_then(Id::from_value).unwrap_or_else(|| Id(String::new()));
        let target = cx.need(&self.kind, &id)?;
        for (own, theirs) in &self.members {
            if let Some(value) = target.record.get(theirs) {
                change.new.insert(own.clone(), value.clone());
            }
        }
        Ok(())
    }
}
