//! `own-domains`: the authentication domains of a microtenant are the tenant's, and no other microtenant's.
//!
//! Parameters: `domains`, and `known` (the kind whose member `authDomains` lists the tenant's).

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind, Record};

/// The guarantee for one resource.
struct OwnDomains {
    kind: String,
    domains: String,
    known: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let (domains, known) = (params.text("domains")?, params.text("known")?);
    Ok(Box::new(OwnDomains { kind: resource.kind.clone(), domains, known }))
}

fn listed(record: &Record, member: &str) -> Vec<String> {
    let items = record.get(member).and_then(Value::as_array).into_iter().flatten();
    items.filter_map(Value::as_str).map(|text| text.trim().to_lowercase()).collect()
}

impl Behaviour for OwnDomains {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let wanted = listed(&change.new, &self.domains);
        if change.verb == Verb::Delete || wanted.is_empty() {
            return Ok(());
        }
        let known = listed(&cx.only(&self.known)?.record, "authDomains");
        let mut taken = Vec::new();
        for other in cx.all(&self.kind, None)?.iter().filter(|other| other.id != change.id) {
            taken.extend(listed(&other.record, &self.domains));
        }
        match wanted.iter().find(|domain| !known.contains(domain) || taken.contains(domain)) {
            None => Ok(()),
            Some(domain) => {
                let words = format!("`{domain}` is no domain of the tenant, or another microtenant's");
                Err(Fault::said(&Kind(self.kind.clone()), &self.domains, words))
            }
        }
    }
}
