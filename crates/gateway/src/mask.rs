//! What is secret in a call, taken out of it before it is told or written.

use std::collections::HashSet;

use percent_encoding::percent_decode_str;
use serde_json::Value;
use zuno_catalogue::Catalogue;

/// What stands in the place of a secret.
const HIDDEN: &str = "(secret)";

/// How the names of texts end that are secret wherever they stand, whatever a product's description says of them.
const ENDINGS: [&str; 11] = [
    "apikey",
    "assertion",
    "passphrase",
    "passwd",
    "password",
    "presharedkey",
    "privatekey",
    "pwd",
    "secret",
    "secretkey",
    "token",
];

/// The names of a product's secret members.
pub struct Mask {
    names: HashSet<String>,
    hidden: &'static str,
}

/// Whether a text holds a private key or a token, whatever it is called.
fn is_secret(text: &str) -> bool {
    let is_word = |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let is_token =
        |word: &str| word.starts_with("eyJ") && word.split('.').filter(|part| part.len() >= 8).count() == 3;
    text.contains("PRIVATE KEY-----")
        || text.contains("eyJ") && text.split(|letter| !is_word(letter)).any(is_token)
}

/// A name as it is compared: who misspells a secret's name has sent the secret nevertheless.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| !matches!(letter, '_' | '-')).flat_map(char::to_lowercase).collect()
}

impl Mask {
    /// That of a product, by the resources' outlines; where none is known, that of all.
    pub fn of(catalogue: &Catalogue, product: Option<&str>) -> Mask {
        let own = catalogue.outlines().iter().filter(|outline| {
            product.is_none_or(|product| {
                outline.kind.as_str().strip_prefix(product).is_some_and(|rest| rest.starts_with('.'))
            })
        });
        let sealed = own.flat_map(|outline| &outline.sealed).map(|name| name.as_str());
        let names = sealed.map(|name| plain(name.rsplit('.').next().unwrap_or(name))).collect();
        Mask { names, hidden: HIDDEN }
    }

    /// The same, with another word in the place of a secret.
    pub fn reading(self, hidden: &'static str) -> Mask {
        Mask { hidden, ..self }
    }

    /// A text, unless it holds a secret.
    pub fn text(&self, text: &str) -> String {
        if is_secret(text) { self.hidden.to_owned() } else { text.to_owned() }
    }

    /// Takes secrets out of a query.
    pub fn query(&self, query: &mut [(String, String)]) {
        for (name, value) in query {
            if !value.is_empty() && (self.hides(name, true) || is_secret(value)) {
                *value = self.hidden.to_owned();
            }
        }
    }

    /// Whether a member of this name is not told, or only where it is no text.
    fn hides(&self, name: &str, is_text: bool) -> bool {
        let name = plain(name);
        self.names.contains(&name) || is_text && ENDINGS.iter().any(|ending| name.ends_with(ending))
    }

    /// Takes secrets out of a value.
    pub fn put_on(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                // A change of SCIM names the attribute beside its value.
                let path = members.get("path").and_then(Value::as_str).unwrap_or_default();
                let is_secret = self.hides(path.rsplit(['.', ':']).next().unwrap_or(path), true);
                for (name, value) in members {
                    match value {
                        // That there is none is no secret.
                        Value::Null => {}
                        Value::String(text) if text.is_empty() => {}
                        _ if is_secret && name == "value" => *value = self.hidden.into(),
                        _ if self.hides(name, value.is_string()) => *value = self.hidden.into(),
                        _ => self.put_on(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.put_on(item)),
            Value::String(text) if is_secret(text) => *value = self.hidden.into(),
            _ => {}
        }
    }

    /// A path with its query, without what is secret in the query.
    pub fn target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else { return target.to_owned() };
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) if self.hides(&percent_decode_str(name).decode_utf8_lossy(), true) => {
                format!("{name}={}", self.hidden)
            }
            _ => pair.to_owned(),
        });
        format!("{path}?{}", pairs.collect::<Vec<_>>().join("&"))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_catalogue::Catalogue;

    use super::{HIDDEN, Mask};

    #[test]
    fn what_the_catalogue_seals_is_hidden_at_any_depth_and_however_it_is_spelt() {
        let catalogue = Catalogue::compiled();
        let mask = Mask::of(&catalogue, Some("zia"));
        let mut body = json!({
            "name": "Paris", "preSharedKey": "swordfish", "pre_shared_key": "swordfish", "kerberosPwd": "swordfish",
            "list": [{ "PreSharedKey": "trout", "comment": "preSharedKey" }], "passphrase": "", "password": null,
            "forcePassword": true,
        });
        mask.put_on(&mut body);
        assert_eq!(
            body,
            json!({
                "name": "Paris", "preSharedKey": HIDDEN, "pre_shared_key": HIDDEN, "kerberosPwd": HIDDEN,
                "list": [{ "PreSharedKey": HIDDEN, "comment": "preSharedKey" }], "passphrase": "", "password": null,
                "forcePassword": true,
            })
        );
    }

    #[test]
    fn keys_and_tokens_are_hidden_under_any_name() {
        let catalogue = Catalogue::compiled();
        let mask = Mask::of(&catalogue, Some("zia")).reading("X");
        let mut body =
            json!(["Bearer eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhIn0.c2lnbmF0dXJl", "eyJ is no token", "a.b.c"]);
        mask.put_on(&mut body);
        assert_eq!(body, json!(["X", "eyJ is no token", "a.b.c"]));
        assert_eq!(mask.text("-----BEGIN PRIVATE KEY-----\nMII"), "X");
    }

    #[test]
    fn a_change_of_scim_hides_what_it_sets() {
        let catalogue = Catalogue::compiled();
        let mut body = json!({ "Operations": [
            { "op": "replace", "path": "password", "value": "hunter2" },
            { "op": "replace", "path": "urn:x:User:password", "value": ["hunter2"] },
            { "op": "replace", "path": "displayName", "value": "Eve" },
            { "op": "add", "value": { "password": "hunter2" } },
        ] });
        Mask::of(&catalogue, None).put_on(&mut body);
        assert!(!body.to_string().contains("hunter2") && body.to_string().contains("Eve"), "{body}");
    }

    #[test]
    fn a_query_is_told_without_its_secrets() {
        let catalogue = Catalogue::compiled();
        let mask = Mask::of(&catalogue, None);
        let told = mask.target("/x?a=1&api_token=k%3D&b&api%5Ftoken=k&machineToken=k");
        assert_eq!(told, format!("/x?a=1&api_token={HIDDEN}&b&api%5Ftoken={HIDDEN}&machineToken={HIDDEN}"));
        assert_eq!(mask.target("/x"), "/x");
    }
}
