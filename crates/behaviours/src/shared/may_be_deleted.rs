//! `may-be-deleted`: an operation tells a record that nothing points at, and refuses one that others need, as a delete would.

use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct MayBeDeleted(String);

/// Makes it.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MayBeDeleted(params.kind())))
}

impl Behaviour for MayBeDeleted {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let stored = cx.named(&self.0)?;
        let by = cx.referrers(&self.0, &stored.id)?;
        if !by.is_empty() {
            return Err(Fault::InUse { kind: Kind(self.0.clone()), id: stored.id, by });
        }
        Ok(Outcome::One(cx.show(cx.resource(&self.0)?, Verb::Read, cx.view(), stored)?))
    }
}
