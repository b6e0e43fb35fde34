//! `all-removed`: an operation removes every record that its path speaks of, or none. There are no parameters.

use zuno_engine::{Behaviour, Call, Context, Outcome, Params, same};
use zuno_model::{Fault, Id};

/// The guarantee for one resource.
struct AllRemoved {
    kind: String,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(AllRemoved { kind: params.kind() }))
}

impl Behaviour for AllRemoved {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        let mut found = None;
        for (name, named) in cx.params() {
            let Some(target) = resource.field(name).and_then(|field| field.shape.target()) else { continue };
            let owner = cx.need(target, &Id(named.clone()))?;
            found = Some(cx.pointing(&self.kind, name, target, &owner.id)?);
        }
        let Some(mut found) = found else { return Err(Fault::broken("the path names no owner")) };
        found.retain(|stored| {
            cx.params()
                .iter()
                .all(|(name, named)| stored.record.get(name).is_none_or(|held| same(held, named)))
        });
        for stored in found {
            cx.erase(resource, &stored.id, true)?;
        }
        Ok(Outcome::Done)
    }
}
