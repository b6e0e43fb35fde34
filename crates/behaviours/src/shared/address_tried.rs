//! `address-tried`: an operation tells whether an address could be called, as far as that can be told without a call: nobody
//! is called.
//!
//! The address is one of a body, which is refused where it is none, or of the record that the path names, which tells what
//! came of it. Parameters: `address`, the member; `body`, the value type of the body; or `code` and `status`, the members that
//! tell it, and `view`, how the record is shown.

use serde_json::json;
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

/// What is said of an address that could be called.
const NOT_CALLED: &str = "Not tried: this server calls nobody";

/// The guarantee for one resource.
struct AddressTried {
    kind: String,
    address: String,
    body: Option<String>,
    code: String,
    status: String,
    view: Option<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let made = AddressTried {
        kind: params.kind(),
        address: params.field("address")?,
        body: params.maybe_text("body"),
        code: params.maybe_text("code").unwrap_or_default(),
        status: params.maybe_text("status").unwrap_or_default(),
        view: params.maybe_text("view"),
    };
    match made.body {
        Some(_) => Ok(Box::new(made)),
        None => params.known([&made.code, &made.status]).map(|()| Box::new(made) as Box<dyn Behaviour>),
    }
}

/// What is wrong with an address, if anything.
fn wrong(address: &str) -> Option<&'static str> {
    let rest = address.strip_prefix("https://").or_else(|| address.strip_prefix("http://"));
    let Some(rest) = rest else { return Some("the address begins with https:// or http://") };
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let host = authority.rsplit('@').next().unwrap_or_default();
    let (host, port) = match host.rsplit_once(':') {
        Some((host, port)) if !host.ends_with(']') && !port.contains(']') => (host, Some(port)),
        _ => (host, None),
    };
    let is_host = |letter: char| letter.is_ascii_alphanumeric() || "-._[]:".contains(letter);
    if host.is_empty() || !host.chars().all(is_host) {
        return Some("the address names no host");
    }
    match port.map(str::parse::<u16>) {
        None | Some(Ok(1..)) => None,
        Some(_) => Some("the port of the address is none"),
    }
}

impl Behaviour for AddressTried {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if let Some(named) = &self.body {
            let body =
                call.body.as_ref().ok_or_else(|| Fault::Unreadable("a JSON object is wanted".into()))?;
            let sent = cx.decode_as(&self.kind, named, body)?;
            let address = sent.text(&self.address).unwrap_or_default();
            return match wrong(address) {
                None => Ok(Outcome::Done),
                Some(words) => {
                    let fix = Fix::Said(words.to_owned());
                    Err(Fault::Invalid { kind: Kind(self.kind.clone()), field: self.address.clone(), fix })
                }
            };
        }
        let mut stored = cx.named(&self.kind)?;
        let address = stored.record.text(&self.address).unwrap_or_default();
        let (code, status) = wrong(address).map_or((0, NOT_CALLED), |words| (400, words));
        stored.record.insert(self.code.clone(), json!(code));
        stored.record.insert(self.status.clone(), json!(status));
        let resource = cx.resource(&self.kind)?;
        Ok(Outcome::One(cx.show(resource, Verb::Read, self.view.as_deref(), stored)?))
    }
}

#[cfg(test)]
mod tests {
    use super::wrong;

    #[test]
    fn an_address_has_a_scheme_and_a_host() {
        for right in [
            "https://a.example/hook",
            "http://192.0.2.1:8080",
            "https://[2001:db8::1]/x",
            "https://u:p@a.example?q",
        ] {
            assert_eq!(wrong(right), None, "{right}");
        }
        for not in [
            "",
            "a.example",
            "ftp://a.example",
            "https://",
            "https://a.example:0",
            "https://a example/",
            "http://:80",
        ] {
            assert!(wrong(not).is_some(), "{not}");
        }
    }
}
