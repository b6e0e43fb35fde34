//! `kept-from`: a record keeps members of the record that it points at, as they are when it is written, so that paths
//! and filters can ask for them. Parameters: `through`, the pointer; `members`, the other one's member by the own one.

use std::collections::BTreeMap;

use zuno_engine::{Behaviour, Change, Context, Params, same};
use zuno_model::{Fault, Id};

/// The most records that are looked through for the one that a value means.
const FEW: u64 = 64;

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
    fn implies(&self, cx: &Context<'_>, member: &str, value: &str) -> Result<Option<(String, Id)>, Fault> {
        let Some(theirs) = self.members.get(member) else { return Ok(None) };
        if cx.count(&self.kind, None)? > FEW {
            return Ok(None);
        }
        let targets = cx.all(&self.kind, None)?.into_iter();
        let mut targets =
            targets.filter(|target| target.record.get(theirs).is_some_and(|held| same(held, value)));
        let first = targets.next().filter(|_| targets.next().is_none());
        Ok(first.map(|target| (self.through.clone(), target.id)))
    }

    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let id = change.new.get(&self.through).and_then(Id::from_value).unwrap_or_else(|| Id(String::new()));
        let target = match cx.get(&self.kind, &id)? {
            Some(target) => target,
            None if cx.param(&self.through).is_some() => cx.need(&self.kind, &id)?,
            // A pointer of the body's at nothing is refused where pointers are looked at.
            None => return Ok(()),
        };
        for (own, theirs) in &self.members {
            if let Some(value) = target.record.get(theirs) {
                change.new.insert(own.clone(), value.clone());
            }
        }
        Ok(())
    }
}
