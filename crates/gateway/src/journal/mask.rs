//! What is secret in a body, taken out of it before it is told.

use std::collections::HashSet;

use serde_json::Value;
use zuno_catalogue::Catalogue;

/// What stands in the place of a secret.
const HIDDEN: &str = "(secret)";

/// Members that are secret wherever they stand, whatever a product's description says of them: those of tokens and keys.
const EVERYWHERE: [&str; 9] = [
    "access_token",
    "apikey",
    "client_assertion",
    "client_secret",
    "clientsecret",
    "password",
    "private_key",
    "privatekey",
    "refresh_token",
];

/// The names of a product's secret members.
pub struct Mask<'a> {
    names: HashSet<&'a str>,
}

impl<'a> Mask<'a> {
    /// That of a product, by the resources' outlines; without one what is secret everywhere.
    pub fn of(catalogue: &'a Catalogue, product: Option<&str>) -> Mask<'a> {
        let own = catalogue.outlines().iter().filter(|outline| {
            product.is_some_and(|product| {
                outline.kind.as_str().strip_prefix(product).is_some_and(|rest| rest.starts_with('.'))
            })
        });
        let sealed = own.flat_map(|outline| &outline.sealed).map(|name| name.as_str());
        Mask { names: sealed.map(|name| name.rsplit('.').next().unwrap_or(name)).collect() }
    }

    /// Whether a member of this name is not told.
    pub fn hides(&self, name: &str) -> bool {
        self.names.contains(name) || EVERYWHERE.contains(&name.to_ascii_lowercase().as_str())
    }

    /// Takes secrets out of a value.
    pub fn put_on(&self, value: &mut Value) {
        match value {
            Value::Object(members) => {
                for (name, value) in members {
                    match value {
                        // That there is none is no secret.
                        Value::Null => {}
                        Value::String(text) if text.is_empty() => {}
                        _ if self.hides(name) => *value = HIDDEN.into(),
                        _ => self.put_on(value),
                    }
                }
            }
            Value::Array(items) => items.iter_mut().for_each(|item| self.put_on(item)),
            _ => {}
        }
    }

    /// A path with its query, without what is secret in the query.
    pub fn target(&self, target: &str) -> String {
        let Some((path, query)) = target.split_once('?') else { return target.to_owned() };
        let pairs = query.split('&').map(|pair| match pair.split_once('=') {
            Some((name, _)) if self.hides(name) => format!("{name}={HIDDEN}"),
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
    fn what_the_catalogue_seals_is_hidden_at_any_depth() {
        let catalogue = Catalogue::compiled();
        let mask = Mask::of(&catalogue, Some("zia"));
        let mut body = json!({
            "name": "Paris", "preSharedKey": "swordfish",
            "list": [{ "preSharedKey": "trout", "comment": "preSharedKey" }], "passphrase": "", "password": null,
        });
        mask.put_on(&mut body);
        assert_eq!(
            body,
            json!({
                "name": "Paris", "preSharedKey": HIDDEN,
                "list": [{ "preSharedKey": HIDDEN, "comment": "preSharedKey" }], "passphrase": "", "password": null,
            })
        );
    }

    #[test]
    fn another_products_words_are_not_its_own() {
        let catalogue = Catalogue::compiled();
        assert!(!Mask::of(&catalogue, Some("zcc")).hides("preSharedKey"));
        assert!(Mask::of(&catalogue, None).hides("Client_Secret"));
    }

    #[test]
    fn a_query_is_told_without_its_secrets() {
        let catalogue = Catalogue::compiled();
        let mask = Mask::of(&catalogue, None);
        assert_eq!(mask.target("/x?a=1&apiKey=k%3D&b"), format!("/x?a=1&apiKey={HIDDEN}&b"));
        assert_eq!(mask.target("/x"), "/x");
    }
}
