//! `least-or-never`: spans of time that are at least so long, or −1 for never. Parameters: `fields`, `least`.

use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
pub struct LeastOrNever {
    kind: Kind,
    fields: Vec<String>,
    least: i64,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (fields, least) = (params.texts("fields"), params.needed_number("least")?);
    Ok(Box::new(LeastOrNever { kind: Kind(params.kind()), fields, least }))
}

impl Behaviour for LeastOrNever {
    fn before_write(&self, _cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let spans = self.fields.iter().filter_map(|name| Some((name, change.sent.number(name)?)));
        match spans.into_iter().find(|(_, span)| *span != -1 && *span < self.least) {
            Some((name, _)) => {
                Err(Fault::said(&self.kind, name, format!("must be -1 or at least {}", self.least)))
            }
            None => Ok(()),
        }
    }
}
