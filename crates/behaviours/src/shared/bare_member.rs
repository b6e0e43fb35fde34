//! `bare-member`: an operation answers one member of a record without the record around it.
//!
//! The record is the one that the path names, or a singleton's, as a read or the operation's view shows it.
//! Parameters: `members`, the member by operation, and `keyed`, by operation, a query parameter that picks one entry
//! of a member that is an object, and `without`, by query flag, a word that it leaves out of a list.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

/// The guarantee for one resource.
#[derive(Deserialize)]
struct BareMember {
    #[serde(skip)]
    kind: String,
    members: BTreeMap<String, String>,
    #[serde(default)]
    keyed: BTreeMap<String, String>,
    #[serde(default)]
    without: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let made: BareMember = params.read()?;
    for (operation, member) in &made.members {
        if !params.resource.operations.contains_key(operation) {
            return Err(params.wrong(format!("there is no operation `{operation}`")));
        }
        params.known([member])?;
    }
    Ok(Box::new(BareMember { kind: params.kind(), ..made }))
}

impl Behaviour for BareMember {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let operation = cx.operation()?.name.as_str();
        let Some(member) = self.members.get(operation) else {
            return Err(Fault::NotBuilt(operation.to_owned()));
        };
        let resource = cx.resource(&self.kind)?;
        let stored = if resource.singleton { cx.only(&self.kind)? } else { cx.named(&self.kind)? };
        let mut shown = cx.show(resource, Verb::Read, cx.view(), stored)?;
        let mut value = shown.get_mut(member).map_or(Value::Array(Vec::new()), Value::take);
        if let Value::Array(items) = &mut value {
            for (_, word) in self.without.iter().filter(|(flag, _)| call.flag(flag)) {
                items.retain(|item| item.as_str() != Some(word));
            }
        }
        let key =
            self.keyed.get(operation).filter(|name| call.query(name).is_some_and(|key| !key.is_empty()));
        if let Some(name) = key {
            let key = call.query(name).unwrap_or_default();
            let Some(entry) = value.get_mut(key) else {
                let words = format!("`{key}` is not known");
                let (kind, fix) = (Kind(self.kind.clone()), Fix::Said(words));
                return Err(Fault::Invalid { kind, field: name.clone(), fix });
            };
            value = entry.take();
        }
        Ok(Outcome::Value(value))
    }
}
