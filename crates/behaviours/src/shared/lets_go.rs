//! `lets-go`: records of the kinds in `of` do not keep this one from being deleted; they lose the pointer.

use zuno_engine::{Behaviour, Context, Params, Stored};
use zuno_model::Fault;

/// The guarantee for one resource.
struct LetsGo {
    kind: String,
    of: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let of = params.texts("of");
    of.iter().try_for_each(|kind| params.resource_of(kind).map(drop))?;
    Ok(Box::new(LetsGo { kind: params.kind(), of }))
}

impl Behaviour for LetsGo {
    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let catalogue = cx.catalogue();
        for (from, field) in
            catalogue.pointing_at(&self.kind).filter(|(from, _)| self.of.contains(&from.kind))
        {
            for holder in cx.pointing(&from.kind, field, &self.kind, &stored.id)? {
                cx.detach(&from.kind, &holder.id, &self.kind, &stored.id)?;
            }
        }
        Ok(())
    }
}
