//! `provisioning-key`: a key enrols components into one group of the kind its path names, and its text is made once.
//!
//! A key that may not be exported hides its text when it is read, and cannot be made exportable again (documented).
//! Parameters: `association`, `component`, `name` (of the group), `text`, `exportable`, and `groups`: the kind of the
//! group by the word in the path.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record};
use zuno_store::Pointer;

use crate::shared::fnv;

/// The first number of the counter behind the keys' own ids (seen).
const FIRST_NONCE: i64 = 29_449;

/// The length of a key's secret part, in bytes before it is spelt in base64 (seen).
const SECRET_BYTES: usize = 288;

/// The guarantee for one resource.
pub struct ProvisioningKey {
    kind: Kind,
    association: String,
    component: String,
    name: String,
    text: String,
    exportable: String,
    /// The kind by word; nothing where that kind is not described.
    groups: BTreeMap<String, Option<String>>,
}

/// Makes it from the catalogue's parameters.
pub fn make(
    params: Params<'_>,
    resource: &Resource,
    catalogue: &Catalogue,
) -> Result<Box<dyn Behaviour>, String> {
    let mut groups = BTreeMap::new();
    for (word, kind) in params.given.get("groups").and_then(Value::as_object).into_iter().flatten() {
        let kind = kind.as_str().filter(|kind| catalogue.resource(kind).is_some());
        groups.insert(word.clone(), kind.map(str::to_owned));
    }
    Ok(Box::new(ProvisioningKey {
        kind: Kind(resource.kind.clone()),
        association: params.text("association")?,
        component: params.text("component")?,
        name: params.text("name")?,
        text: params.text("text")?,
        exportable: params.text("exportable")?,
        groups,
    }))
}

/// Version, host, secret and the key's own id, as enrolling components read them (seen).
fn text(seed: u128, own: i64) -> String {
    let mut bytes = Vec::with_capacity(SECRET_BYTES + 16);
    let mut block = 0_u128;
    while bytes.len() < SECRET_BYTES {
        bytes.extend(fnv(&(seed ^ block).to_be_bytes()).to_be_bytes());
        block += 1;
    }
    bytes.truncate(SECRET_BYTES);
    format!("3|api.private.zscaler.com|{}-{own}", STANDARD_NO_PAD.encode(bytes))
}

impl ProvisioningKey {
    fn group<'r>(&self, record: &'r Record) -> Option<(&str, &'r str)> {
        let word = record.get(&self.association).and_then(Value::as_str)?;
        let kind = self.groups.get(word)?.as_deref()?;
        Some((kind, record.get(&self.component).and_then(Value::as_str)?))
    }

    fn exports(&self, record: &Record) -> bool {
        record.get(&self.exportable).and_then(Value::as_bool).unwrap_or(true)
    }
}

impl Behaviour for ProvisioningKey {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        let word = change.new.get(&self.association).and_then(Value::as_str).unwrap_or_default();
        if !self.groups.contains_key(word) {
            let fix = Fix::Said(format!("`{word}` is no kind of component"));
            return Err(Fault::Invalid { kind: self.kind.clone(), field: self.association.clone(), fix });
        }
        if let Some((kind, id)) = self.group(&change.new)
            && cx.get(kind, &Id(id.to_owned()))?.is_none()
        {
            let fix = Fix::Unresolved(Kind(kind.to_owned()));
            return Err(Fault::Invalid { kind: self.kind.clone(), field: self.component.clone(), fix });
        }
        match &change.old {
            Some(old) if !self.exports(old) => {
                change.new.insert(self.exportable.clone(), Value::Bool(false));
            }
            Some(_) => {}
            None => {
                let own = cx.tenant().customer_id + cx.next("provisioning nonce", FIRST_NONCE)?;
                change.new.insert(self.text.clone(), Value::String(text(cx.draw(), own)));
            }
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if verb != Verb::Create {
            if let Some((kind, group)) = self.group(record)
                && let Some(stored) = cx.get(kind, &Id(group.to_owned()))?
            {
                let name = stored.record.get("name").cloned().unwrap_or(Value::Null);
                record.insert(self.name.clone(), name);
            }
            if !self.exports(record) {
                record.shift_remove(&self.text);
                return Ok(());
            }
        }
        if !record.contains_key(&self.text) {
            // A key of the sample fleet: the same for a tenant at every read.
            let customer = cx.tenant().customer_id;
            let seed = fnv(format!("{customer} {id}").as_bytes());
            let own = customer + FIRST_NONCE - 1;
            record.insert(self.text.clone(), Value::String(text(seed, own)));
        }
        Ok(())
    }

    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        if let Some((kind, id)) = self.group(record) {
            let (field, kind, id) = (self.component.clone(), kind.to_owned(), Id(id.to_owned()));
            found.push(Pointer { field, kind, id });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::text;

    #[test]
    fn a_key_has_four_parts_and_is_told_apart_by_its_seed() {
        let key = text(1, 216_196_257_331_311_369);
        let parts: Vec<&str> = key.splitn(3, '|').collect();
        assert_eq!(parts[..2], ["3", "api.private.zscaler.com"]);
        let (secret, own) = parts[2].rsplit_once('-').expect("an id at the end");
        assert_eq!((secret.len(), own), (384, "216196257331311369"));
        assert_ne!(key, text(2, 216_196_257_331_311_369));
    }
}
