//! `withheld`: lists leave out records whose member has one value, unless a query flag asks for them as well.
//!
//! Parameters: `member`, `value`, and `unless`, the flag.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct Withheld {
    member: String,
    value: Value,
    unless: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let member = params.text("member")?;
    if resource.field(&member).is_none() {
        return Err(format!("`{}`: there is no field `{member}`", params.behaviour));
    }
    let value =
        params.given.get("value").cloned().ok_or_else(|| format!("`{}` needs `value`", params.behaviour))?;
    Ok(Box::new(Withheld { member, value, unless: params.text("unless")? }))
}

impl Behaviour for Withheld {
    fn chooses(&self, cx: &Context<'_>) -> bool {
        !cx.call.flag(&self.unless)
    }

    fn accepts(&self, _: &Context<'_>, _: &Id, record: &Record) -> Result<bool, Fault> {
        Ok(record.get(&self.member) != Some(&self.value))
    }
}
