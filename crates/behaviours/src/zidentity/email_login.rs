//! A login name is an e-mail address (documented), and its domain is remembered for filters.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

struct EmailLogin {
    kind: Kind,
    login: String,
    domain: String,
}

pub(crate) fn make(
    params: Params<'_>,
    resource: &Resource,
    _: &Catalogue,
) -> Result<Box<dyn Behaviour>, String> {
    let (login, domain) = (params.text("login")?, params.text("domain")?);
    Ok(Box::new(EmailLogin { kind: Kind(resource.kind.clone()), login, domain }))
}

impl Behaviour for EmailLogin {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(Value::String(login)) = change.new.get(&self.login).filter(|_| change.verb != Verb::Delete)
        else {
            return Ok(());
        };
        let Some(domain) = domain_of(login) else {
            let words = format!("`{login}` is no e-mail address; write name@domain");
            return Err(Fault::said(&self.kind, &self.login, words));
        };
        let domain = Value::from(domain);
        change.new.insert(self.domain.clone(), domain);
        Ok(())
    }
}

/// What stands behind the only `@` of an address, in lower case.
fn domain_of(address: &str) -> Option<String> {
    let (name, domain) = address.split_once('@')?;
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
    (plain(name) && plain(domain)).then(|| domain.to_lowercase())
}

#[cfg(test)]
mod tests {
    use super::domain_of;

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        assert_eq!(domain_of("John.Doe@Example.NET").as_deref(), Some("example.net"));
        for wrong in ["john", "@example.net", "john@", "a@b@c", "j d@example.net", ""] {
            assert_eq!(domain_of(wrong), None, "{wrong}");
        }
    }
}
