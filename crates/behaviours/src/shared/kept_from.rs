//! `kept-from`: a record keeps members of the record that it points at, as they are when it is written, so that paths
//! and filters can ask for them. Parameters: `through`, the pointer; `members`, the other one's member by the own one.

use std::collections::BTreeMap;

use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id};

/// The guarantee for one resource.
struct KeptFrom {
    through: String,
    kind: String,
    members: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(
    params: Params<'_>,
    resource: &Resource,
    catalogue: &Catalogue,
) -> Result<Box<dyn Behaviour>, String> {
    let wrong = |what: String| format!("`{}`: {what}", params.behaviour);
    let through = params.text("through")?;
    let kind = resource.field(&through).and_then(|field| field.shape.target());
    let kind = kind.ok_or_else(|| wrong(format!("`{through}` is no reference")))?.to_owned();
    let given = params.given.get("members").cloned().unwrap_or_default();
    let members: BTreeMap<String, String> =
        serde_json::from_value(given).map_err(|e| wrong(e.to_string()))?;
    let target = catalogue.resource(&kind);
    for (own, theirs) in &members {
        if resource.field(own).is_none() || target.is_none_or(|target| target.field(theirs).is_none()) {
            return Err(wrong(format!("`{own}` = `{theirs}` are no two fields")));
        }
    }
    Ok(Box::new(KeptFrom { through, kind, members }))
}

impl Behaviour for KeptFrom {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        let id = change.new.get(&self.through).and_then(Id::from_value).unwrap_or_else(|| Id(String::new()));
        let target = cx.need(&self.kind, &id)?;
        for (own, theirs) in &self.members {
            if let Some(value) = target.record.get(theirs) {
                change.new.insert(own.clone(), value.clone());
            }
        }
        Ok(())
    }
}
