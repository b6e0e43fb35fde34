//! `withheld`: lists leave out records whose member has one value, unless a query flag asks for them as well.
//!
//! Parameters: `member`, `value`, and `unless`, the flag.

use serde_json::Value;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct Withheld {
    member: String,
    value: Value,
    unless: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let member = params.field("member")?;
    let value = params.given.get("value").cloned().ok_or_else(|| params.wrong("`value` is needed"))?;
    Ok(Box::new(Withheld { member, value, unless: params.text("unless")? }))
}

impl Behaviour for Withheld {
    fn chooses(&self, cx: &Context<'_>) -> bool {
        !cx.flag(&self.unless)
    }

    fn accepts(&self, _: &Context<'_>, _: &Id, record: &Record) -> Result<bool, Fault> {
        Ok(record.get(&self.member) != Some(&self.value))
    }
}
