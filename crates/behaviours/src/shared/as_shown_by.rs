//! `as-shown-by`: a member repeats what another record shows, be it kept or made when it is read.
//!
//! Parameters: `member`; `through`, the pointer at the other record; `shows`, that record's member.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct AsShownBy {
    member: String,
    through: String,
    kind: String,
    shows: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(
    params: Params<'_>,
    resource: &Resource,
    catalogue: &Catalogue,
) -> Result<Box<dyn Behaviour>, String> {
    let (member, through, shows) = (params.text("member")?, params.text("through")?, params.text("shows")?);
    let kind = resource.field(&through).and_then(|field| field.shape.target()).map(str::to_owned);
    let kind = kind.ok_or_else(|| format!("`{}`: `{through}` is no reference", params.behaviour))?;
    match catalogue.resource(&kind).and_then(|target| target.field(&shows)) {
        Some(_) => Ok(Box::new(AsShownBy { member, through, kind, shows })),
        None => Err(format!("`{}`: `{kind}` has no field `{shows}`", params.behaviour)),
    }
}

impl Behaviour for AsShownBy {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let Some(id) = record.get(&self.through).and_then(Id::from_value) else { return Ok(()) };
        let Some(target) = cx.get(&self.kind, &id)? else { return Ok(()) };
        let shown = cx.show(cx.resource(&self.kind)?, Verb::Read, None, target)?;
        let value = shown.get(&self.shows).cloned().unwrap_or(Value::Null);
        record.insert(self.member.clone(), value);
        Ok(())
    }
}
