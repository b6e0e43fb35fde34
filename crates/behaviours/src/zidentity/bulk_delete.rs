//! Deletes every listed record, or none: one that is unknown or protected keeps all of them.

use zuno_catalogue::{Catalogue, Resource};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

use super::membership::ids_of_body;

struct BulkDelete {
    kind: String,
}

pub(crate) fn make(_: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(BulkDelete { kind: resource.kind.clone() }))
}

impl Behaviour for BulkDelete {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        for id in ids_of_body(call)? {
            cx.erase(resource, &id, false)?;
        }
        Ok(Outcome::Done)
    }
}
