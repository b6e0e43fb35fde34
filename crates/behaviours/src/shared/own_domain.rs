//! `own-domain`: an address that is given belongs to one of the organization's domains (documented), once those are told.
//!
//! The domains that a tenant has from the start are made up, so that until the operator says others any is taken: what is
//! tried here is mostly written for a tenant elsewhere.
//!
//! Parameters: `member` holds the address; `domains`, the singleton's member that lists them; `when`, members that the record
//! must have so for the rule to hold.

use serde_json::{Map, Value};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct OwnDomain {
    kind: Kind,
    member: String,
    domains: (String, String),
    when: Map<String, Value>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let when: Map<String, Value> = params.maybe_read("when")?;
    params.known(when.keys())?;
    let (member, domains) = (params.field("member")?, params.member("domains")?);
    Ok(Box::new(OwnDomain { kind: Kind(params.kind()), member, domains, when }))
}

/// Whether an address lies in a domain.
fn lies_in(address: &str, domain: &str) -> bool {
    address.rsplit_once('@').is_some_and(|(name, own)| !name.is_empty() && own.eq_ignore_ascii_case(domain))
}

impl Behaviour for OwnDomain {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(address) = change.new.text(&self.member) else { return Ok(()) };
        let held = change.old.as_ref().and_then(|old| old.text(&self.member));
        let asked = self.when.iter().all(|(member, wanted)| change.new.get(member) == Some(wanted));
        if address.is_empty() || !asked || held == Some(address) {
            return Ok(());
        }
        let (kind, list) = &self.domains;
        let tenant = cx.only(kind)?.record;
        let domains: Vec<&str> = tenant.texts(list).collect();
        let made_up = ["example", "zslogin.net"].map(|above| format!("{}.{above}", cx.tenant().vanity));
        if domains.iter().all(|domain| made_up.iter().any(|own| own == domain))
            || domains.iter().any(|domain| lies_in(address, domain))
        {
            return Ok(());
        }
        // The words are ours.
        let words =
            format!("The domain of {address} is not one of the organization's: {}", domains.join(", "));
        Err(Fault::said(&self.kind, &self.member, words))
    }
}

#[cfg(test)]
mod tests {
    use super::lies_in;

    #[test]
    fn an_address_lies_in_the_domain_behind_its_sign() {
        assert!(lies_in("ada@Acme.example", "acme.example") && lies_in("a@b@acme.example", "acme.example"));
        assert!(!lies_in("acme.example", "acme.example") && !lies_in("@acme.example", "acme.example"));
        assert!(!lies_in("ada@sub.acme.example", "acme.example"));
    }
}
