//! `listed-by`: a record tells the ids of those that list it. Parameters: `member`, and whose `kind` and `field`.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
pub struct ListedBy {
    own: String,
    member: String,
    kind: String,
    field: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(
    params: Params<'_>,
    resource: &Resource,
    catalogue: &Catalogue,
) -> Result<Box<dyn Behaviour>, String> {
    let (kind, field) = (params.text("kind")?, params.text("field")?);
    if catalogue.resource(&kind).and_then(|resource| resource.field(&field)).is_none() {
        return Err(format!("`listed-by`: `{kind}` has no field `{field}`"));
    }
    Ok(Box::new(ListedBy { own: resource.kind.clone(), member: params.text("member")?, kind, field }))
}

impl Behaviour for ListedBy {
    fn on_read(&self, cx: &Context<'_>, _verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let listing = cx.pointing(&self.kind, &self.field, &self.own, id)?;
        let ids = listing.into_iter().map(|stored| Value::String(stored.id.0)).collect();
        record.insert(self.member.clone(), Value::Array(ids));
        Ok(())
    }
}
