//! `deleted-through`: what a product made of its own accord is deleted through that product alone, though others show it.
//!
//! Parameters: `product`, and `by`, the flag that marks what it made. The server's own changes are nobody's.

use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Context, Params, Stored};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct DeletedThrough {
    product: String,
    by: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (product, by) = (params.text("product")?, params.field("by")?);
    if params.catalogue.product(&product).is_none() {
        return Err(params.wrong(format!("there is no product `{product}`")));
    }
    Ok(Box::new(DeletedThrough { product, by }))
}

impl Behaviour for DeletedThrough {
    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        let Some(asked) = cx.asked().map(|resource| resource.kind.as_str()) else { return Ok(()) };
        let is_other = asked.split('.').next() != Some(&self.product);
        if is_other && stored.record.flag(&self.by) {
            return Err(Fault::Predefined {
                kind: Kind::from(asked),
                id: stored.id.clone(),
                verb: "deleted",
            });
        }
        Ok(())
    }
}
