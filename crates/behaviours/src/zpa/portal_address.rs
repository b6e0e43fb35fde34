//! `portal-address`: a portal has an address of its owner's, with a certificate, or one below the vendor's domain,
//! which needs none.
//!
//! The vendor's is made of a label and the owner's domain, whose dots become hyphens; the answer to a create tells the
//! domain's name as it was sent, a read as it is (seen). Parameters: `managed` (the flag), `certificate`, `domain`,
//! `label`, `outer` (the owner's domain), `name` and `translation` (what is told of it), `suffix` (the vendor's domain),
//! and where reads tell it `alias` with its own suffix in `alias_suffix`: what an owner's name server points to.

use serde_json::Value;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The guarantee for one resource.
struct PortalAddress {
    kind: Kind,
    managed: String,
    certificate: String,
    domain: String,
    label: String,
    outer: String,
    name: String,
    translation: String,
    suffix: String,
    alias: Option<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PortalAddress {
        kind: Kind(params.kind()),
        managed: params.field("managed")?,
        certificate: params.field("certificate")?,
        domain: params.field("domain")?,
        label: params.field("label")?,
        outer: params.field("outer")?,
        name: params.field("name")?,
        translation: params.field("translation")?,
        suffix: params.text("suffix")?,
        alias: params.maybe_text("alias").zip(params.maybe_text("alias_suffix")),
    }))
}

fn text<'r>(record: &'r Record, member: &str) -> Option<&'r str> {
    record.text(member).filter(|text| !text.is_empty())
}

/// 3 to 31 small letters, digits and hyphens (documented).
fn is_label(label: &str) -> bool {
    (3..=31).contains(&label.len())
        && label.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-'))
}

impl PortalAddress {
    /// Whether the vendor's domain is asked for: by the flag, else by a label where no certificate comes, for one
    /// client has no such flag (client: terraform zpa); else it stays as it was.
    fn asks_for_managed(&self, change: &Change) -> bool {
        let flag = |record: &Record| record.get(&self.managed).and_then(Value::as_bool);
        if text(&change.sent, &self.certificate).is_some() {
            return flag(&change.sent) == Some(true);
        }
        let labelled = text(&change.sent, &self.label).is_some() && text(&change.sent, &self.outer).is_some();
        labelled || flag(&change.sent).or_else(|| change.old.as_ref().and_then(flag)) == Some(true)
    }

    /// The owner's domain as a part of the vendor's.
    fn below(&self, outer: &str) -> String {
        format!("{}.{}", outer.replace('.', "-"), self.suffix)
    }
}

impl Behaviour for PortalAddress {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let missing = |field: &str| Fault::Invalid {
            kind: self.kind.clone(),
            field: field.to_owned(),
            fix: Fix::Missing,
        };
        let managed = self.asks_for_managed(change);
        change.new.insert(self.managed.clone(), Value::Bool(managed));
        if !managed {
            for needed in [&self.domain, &self.certificate] {
                text(&change.new, needed).ok_or_else(|| missing(needed))?;
            }
            change.new.shift_remove(&self.translation);
            for managed_only in [&self.label, &self.outer, &self.name] {
                if !change.sent.contains_key(managed_only) {
                    change.new.shift_remove(managed_only);
                }
            }
            return Ok(());
        }
        let label = text(&change.new, &self.label).ok_or_else(|| missing(&self.label))?;
        if !is_label(label) {
            let words = "3 to 31 small letters, digits and hyphens";
            return Err(Fault::said(&self.kind, &self.label, words));
        }
        let outer = text(&change.new, &self.outer).ok_or_else(|| missing(&self.outer))?.to_owned();
        let domain = format!("{label}-{}", self.below(&outer));
        change.new.insert(self.domain.clone(), Value::String(domain));
        change.new.insert(self.translation.clone(), Value::String(outer));
        change.new.shift_remove(&self.certificate);
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        if verb == Verb::Create {
            return Ok(());
        }
        let managed = record.flag(&self.managed);
        if let Some(outer) = text(record, &self.outer).filter(|_| managed) {
            let name = self.below(outer);
            record.insert(self.name.clone(), Value::String(name));
        }
        if let Some((alias, suffix)) = &self.alias {
            let told = format!("{id}.{}.{suffix}", cx.tenant().customer_id);
            record.insert(alias.clone(), Value::String(told));
        }
        Ok(())
    }

    fn on_read_members(&self, verb: Verb) -> Option<Vec<&str>> {
        if verb == Verb::Create {
            return Some(Vec::new());
        }
        let alias = self.alias.iter().map(|(alias, _)| alias.as_str());
        Some(alias.chain([self.managed.as_str(), &self.outer, &self.name]).collect())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_catalogue::{Catalogue, Verb};
    use zuno_engine::Change;
    use zuno_model::{Id, Record};

    use super::{PortalAddress, is_label};

    #[test]
    fn labels_are_short_and_plain() {
        assert!(is_label("abc") && is_label("portal-01") && is_label(&"a".repeat(31)));
        for wrong in ["ab", "Portal", "por tal", "por.tal", &"a".repeat(32)] {
            assert!(!is_label(wrong), "{wrong}");
        }
    }

    fn record(value: Value) -> Record {
        match value {
            Value::Object(record) => record,
            _ => Record::new(),
        }
    }

    fn asks(old: Value, sent: Value) -> bool {
        let catalogue = Catalogue::compiled();
        let given = &catalogue.resource("zpa.user_portal").expect("described").behaviours["portal-address"].0;
        let member = |name: &str| given[name].as_str().expect("a text").to_owned();
        let address = PortalAddress {
            kind: "zpa.user_portal".into(),
            managed: member("managed"),
            certificate: member("certificate"),
            domain: member("domain"),
            label: member("label"),
            outer: member("outer"),
            name: member("name"),
            translation: member("translation"),
            suffix: member("suffix"),
            alias: None,
        };
        assert_eq!(address.below("a.example.net"), "a-example-net.p.zscalerportal.net");
        let (old, sent) = (record(old), record(sent));
        let change = Change {
            verb: Verb::Update,
            id: Id("1".into()),
            scope: "0".into(),
            old: Some(old),
            new: sent.clone(),
            sent,
        };
        address.asks_for_managed(&change)
    }

    #[test]
    fn a_label_or_the_flag_asks_for_the_vendors_domain_and_a_certificate_for_ones_own() {
        let labelled = json!({"extLabel": "abc", "extDomain": "example.net", "certificateId": ""});
        assert!(asks(json!({}), labelled) && asks(json!({}), json!({"managedByZs": true})));
        assert!(asks(json!({"managedByZs": true}), json!({"name": "Other"})));
        assert!(!asks(
            json!({"managedByZs": true}),
            json!({"certificateId": "5", "domain": "x.example.net"})
        ));
        assert!(!asks(json!({"managedByZs": true}), json!({"managedByZs": false})));
        assert!(!asks(json!({}), json!({"name": "Other"})));
    }
}
