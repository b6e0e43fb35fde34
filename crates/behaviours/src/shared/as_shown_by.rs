//! `as-shown-by`: a member repeats what another record shows, be it kept or made when it is read.
//!
//! Parameters: `member`; `through`, the pointer at the other record; `shows`, that record's member.

use serde_json::Value;
use zuno_catalogue::Verb;
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
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (member, through, shows) = (params.text("member")?, params.text("through")?, params.text("shows")?);
    let kind = params.target(&through)?;
    params.field_of(&kind, &shows)?;
    Ok(Box::new(AsShownBy { member, through, kind, shows }))
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
