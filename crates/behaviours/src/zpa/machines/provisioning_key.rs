//! `provisioning-key`: a key enrols components into one group of the kind its path names, and its text is made once.
//!
//! A key that may not be exported hides its text when it is read, and cannot be made exportable again (documented).

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;
use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::provisioning_key as member;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record, fingerprint};
use zuno_store::Pointer;

use super::machine::Machine;

/// The first number of the counter behind the keys' own ids (seen).
const FIRST_NONCE: i64 = 29_449;

/// The length of a key's secret part, in bytes before it is spelt in base64 (seen).
const SECRET_BYTES: usize = 288;

/// The guarantee for one resource.
struct ProvisioningKey {
    kind: Kind,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ProvisioningKey { kind: Kind(params.kind()) }))
}

/// The group that a key lets machines join, with its kind.
fn group(record: &Record) -> Option<(&'static str, &str)> {
    let machine = Machine::of(member::ASSOCIATION_TYPE.of(record)?)?;
    Some((machine.group, member::ZCOMPONENT_ID.of(record)?))
}

fn exports(record: &Record) -> bool {
    record.get(member::EXPORTABLE.name).and_then(Value::as_bool).unwrap_or(true)
}

/// Version, host, secret and the key's own id, as enrolling components read them (seen).
fn text(seed: u128, own: i64) -> String {
    let mut bytes = Vec::with_capacity(SECRET_BYTES + 16);
    let mut block = 0_u128;
    while bytes.len() < SECRET_BYTES {
        bytes.extend(fingerprint(&(seed ^ block).to_be_bytes()).to_be_bytes());
        block += 1;
    }
    bytes.truncate(SECRET_BYTES);
    format!("3|api.private.zscaler.com|{}-{own}", STANDARD_NO_PAD.encode(bytes))
}

impl Behaviour for ProvisioningKey {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let word = member::ASSOCIATION_TYPE.of(&change.new).unwrap_or_default();
        if Machine::of(word).is_none() {
            let fix = Fix::Said(format!("`{word}` is no kind of component"));
            return Err(Fault::Invalid {
                kind: self.kind.clone(),
                field: member::ASSOCIATION_TYPE.into(),
                fix,
            });
        }
        if let Some((kind, id)) = group(&change.new)
            && cx.get(kind, &Id(id.to_owned()))?.is_none()
        {
            let fix = Fix::Unresolved(Kind(kind.to_owned()));
            return Err(Fault::Invalid { kind: self.kind.clone(), field: member::ZCOMPONENT_ID.into(), fix });
        }
        match &change.old {
            Some(old) if !exports(old) => {
                change.new.insert(member::EXPORTABLE.into(), Value::Bool(false));
            }
            Some(_) => {}
            None => {
                let own = cx.tenant().customer_id + cx.next("provisioning nonce", FIRST_NONCE)?;
                change.new.insert(member::PROVISIONING_KEY.into(), Value::String(text(cx.draw()?, own)));
            }
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if verb != Verb::Create {
            if let Some((kind, group)) = group(record)
                && let Some(stored) = cx.get(kind, &Id(group.to_owned()))?
            {
                let name = stored.record.get("name").cloned().unwrap_or(Value::Null);
                record.insert(member::ZCOMPONENT_NAME.into(), name);
            }
            if !exports(record) {
                record.shift_remove(member::PROVISIONING_KEY.name);
                return Ok(());
            }
        }
        if !record.contains_key(member::PROVISIONING_KEY.name) {
            // A key of the sample fleet: the same for a tenant at every read.
            let customer = cx.tenant().customer_id;
            let seed = fingerprint(format!("{customer} {id}").as_bytes());
            let own = customer + FIRST_NONCE - 1;
            record.insert(member::PROVISIONING_KEY.into(), Value::String(text(seed, own)));
        }
        Ok(())
    }

    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        if let Some((kind, id)) = group(record) {
            let (field, kind, id) = (member::ZCOMPONENT_ID.into(), kind.to_owned(), Id(id.to_owned()));
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
