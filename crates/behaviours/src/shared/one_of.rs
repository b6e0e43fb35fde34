//! `one-of`: while a member has a certain value, at least one of several others is given.
//!
//! Parameters: `field`, `is`, `members`.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Kind};

/// The guarantee for one resource.
struct OneOf {
    kind: Kind,
    field: String,
    is: String,
    members: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let members = params.texts("members");
    match members.iter().find(|member| resource.field(member).is_none()) {
        Some(stranger) => Err(format!("`{}`: there is no field `{stranger}`", params.behaviour)),
        None if members.is_empty() => Err(format!("`{}` needs `members`", params.behaviour)),
        None => {
            let (field, is) = (params.text("field")?, params.text("is")?);
            Ok(Box::new(OneOf { kind: Kind(resource.kind.clone()), field, is, members }))
        }
    }
}

impl Behaviour for OneOf {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let asks = change.new.get(&self.field).and_then(Value::as_str) == Some(self.is.as_str());
        if change.verb == Verb::Delete || !asks {
            return Ok(());
        }
        let given = |member: &String| change.new.get(member).is_some_and(|value| !value.is_null());
        if self.members.iter().any(given) {
            return Ok(());
        }
        Err(Fault::Invalid { kind: self.kind.clone(), field: self.members[0].clone(), fix: Fix::Missing })
    }
}
