//! `administrator-account`: a username is an address in one of the tenant's authentication domains, a password is
//! strong enough (documented) and never kept, and the role may be given by its id or as an object. Nobody makes or changes
//! one that may do more than the maker (guessed).
//!
//! Administrators do not sign in here, so that a password was set is all there is to know.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::{administrator as member, auth_domain};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind, Record};

use super::role_permissions::hands_out_no_more_than_own;

/// The fewest letters of a password (documented).
const LEAST: usize = 8;

/// The guarantee for one resource.
pub struct AdministratorAccount {
    kind: Kind,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(AdministratorAccount { kind: Kind(params.kind()) }))
}

fn is_strong(password: &str) -> bool {
    password.chars().count() >= LEAST
        && password.chars().any(char::is_uppercase)
        && password.chars().any(|letter| letter.is_ascii_digit())
        && password.chars().any(|letter| !letter.is_alphanumeric())
}

/// Whether a name is an address in one of these domains, or in the one that every customer has.
fn belongs(username: &str, domains: &[String], customer: i64) -> bool {
    let Some((name, domain)) = username.split_once('@') else { return false };
    let own = format!("{customer}.zpa-customer.com");
    !name.is_empty() && domains.iter().chain([&own]).any(|known| known.eq_ignore_ascii_case(domain))
}

impl AdministratorAccount {
    fn wrong(&self, field: &str, fix: Fix) -> Fault {
        Fault::Invalid { kind: self.kind.clone(), field: field.to_owned(), fix }
    }

    /// Takes passwords out of the record; tells whether one was given.
    fn take_passwords(&self, record: &mut Record) -> Result<bool, Fault> {
        let mut given = false;
        for field in [member::PASSWORD.name, member::TMP_PASSWORD.name] {
            let Some(Value::String(password)) = record.shift_remove(field) else { continue };
            // Clients send an empty one beside the other (client: python).
            if password.is_empty() {
                continue;
            }
            if !is_strong(&password) {
                return Err(self.wrong(field, Fix::Said("it is too easy to guess".into())));
            }
            given = true;
        }
        Ok(given)
    }
}

impl Behaviour for AdministratorAccount {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let name = |record: &Record| member::USERNAME.of(record).map(str::to_owned);
        let username = name(&change.new);
        let before = change.old.as_ref().and_then(name);
        if let Some(username) = username.filter(|username| Some(username) != before.as_ref()) {
            let domains = cx.only(auth_domain::KIND)?.record.shift_remove(auth_domain::AUTH_DOMAINS.name);
            let domains: Vec<String> =
                domains.and_then(|held| serde_json::from_value(held).ok()).unwrap_or_default();
            if !belongs(&username, &domains, cx.tenant().customer_id) {
                let words = "it is no address in one of the authentication domains";
                return Err(self.wrong(member::USERNAME.name, Fix::Said(words.into())));
            }
        }
        if self.take_passwords(&mut change.new)? {
            change.new.insert(member::PASSWORD_SET_AT.into(), Value::from(cx.now()));
        } else if change.verb == Verb::Create {
            return Err(self.wrong(member::PASSWORD.name, Fix::Missing));
        }
        let role = member::ROLE_ID.id_of(&change.sent).or_else(|| member::ROLE.id_of(&change.sent));
        if let Some(Id(role)) = role {
            for name in [member::ROLE_ID, member::ROLE] {
                change.new.insert(name.into(), Value::String(role.clone()));
            }
        } else if change.verb == Verb::Create {
            return Err(self.wrong(member::ROLE_ID.name, Fix::Missing));
        }
        hands_out_no_more_than_own(cx, member::KIND, change, member::ROLE_ID.name)
    }
}

#[cfg(test)]
mod tests {
    use super::{belongs, is_strong};

    #[test]
    fn a_password_wants_eight_letters_of_three_sorts() {
        assert!(is_strong("Abcdef1!"));
        for weak in ["Abcde1!", "abcdef1!", "Abcdefg!", "Abcdefg1", ""] {
            assert!(!is_strong(weak), "{weak}");
        }
    }

    #[test]
    fn a_username_is_an_address_in_a_known_domain() {
        let domains = ["acme.example".to_owned()];
        for own in ["jo@acme.example", "jo@ACME.example", "jo@7.zpa-customer.com"] {
            assert!(belongs(own, &domains, 7), "{own}");
        }
        for stranger in
            ["jo", "@acme.example", "jo@other.example", "jo@8.zpa-customer.com", "jo@x@acme.example"]
        {
            assert!(!belongs(stranger, &domains, 7), "{stranger}");
        }
    }
}
