//! An API client can prove who it is: its keys and certificates are readable and its URL can be fetched, checked
//! when they are written rather than when a token is wanted.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_catalogue::handles::zidentity::api_client::{CLIENT_AUTHENTICATION, KIND};
use zuno_engine::{Behaviour, Change, Context};
use zuno_identity::KeySet;
use zuno_model::{Fault, Fix, Record};

const AUTH_TYPE: &str = "authType";
const URL: &str = "clientJWKsUrl";
/// The Python client's spelling.
const URL_OF_PYTHON: &str = "clientJwKsUrl";
const KEYS: &str = "publicKeys";
const KEY: &str = "keyValue";
const CERTIFICATES: &str = "clientCertificates";
const CERTIFICATE: &str = "certContent";

/// The guarantee for one resource.
#[derive(Default)]
pub struct ClientAuthentication;

impl Behaviour for ClientAuthentication {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(Value::Object(authentication)) = change.new.get_mut(CLIENT_AUTHENTICATION.name) else {
            return Ok(());
        };
        let sent = cx.sent(CLIENT_AUTHENTICATION.name);
        if let Some(url) = sent.and_then(|sent| sent.text(URL_OF_PYTHON))
            && !authentication.contains_key(URL)
        {
            authentication.insert(URL.into(), Value::from(url));
        }
        check(authentication)
    }
}

fn check(authentication: &Record) -> Result<(), Fault> {
    let keys = pem_texts(authentication, KEYS, KEY);
    let certificates = pem_texts(authentication, CERTIFICATES, CERTIFICATE);
    for (field, texts) in [("publicKeys.keyValue", &keys), ("clientCertificates.certContent", &certificates)]
    {
        for text in texts {
            KeySet::check_pem(text).map_err(|wrong| refused(field, Fix::Said(wrong.to_string())))?;
        }
    }
    let url = authentication.text(URL).unwrap_or_default();
    match authentication.text(AUTH_TYPE) {
        Some("PUBKEYCERT") if keys.is_empty() && certificates.is_empty() => {
            let words =
                "PUBKEYCERT needs a public key in `publicKeys` or a certificate in `clientCertificates`";
            Err(refused("publicKeys", Fix::Said(words.into())))
        }
        Some("JWKS") if url.is_empty() => {
            Err(refused(URL, Fix::Said("JWKS needs the URL of a JWK set in `clientJWKsUrl`".into())))
        }
        Some("JWKS") if !is_web_url(url) => {
            Err(refused(URL, Fix::Said(format!("`{url}` is no URL; write https://host/path"))))
        }
        _ => Ok(()),
    }
}

fn refused(member: &str, fix: Fix) -> Fault {
    Fault::Invalid { kind: KIND.into(), field: format!("{CLIENT_AUTHENTICATION}.{member}"), fix }
}

/// The PEM texts of a list's items.
pub(crate) fn pem_texts<'a>(authentication: &'a Record, list: &str, member: &str) -> Vec<&'a str> {
    authentication.items(list).iter().filter_map(|item| item.text(member)).collect()
}

/// The uploaded PEM texts of an API client, keys before certificates.
pub(crate) fn uploaded(authentication: &Record) -> Vec<&str> {
    let mut texts = pem_texts(authentication, KEYS, KEY);
    texts.extend(pem_texts(authentication, CERTIFICATES, CERTIFICATE));
    texts
}

/// `https://host…` or `http://host…`, with a host and without spaces; which hosts may be fetched is decided when
/// they are.
fn is_web_url(url: &str) -> bool {
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default());
    host.is_some_and(|host| !host.is_empty()) && !url.contains(char::is_whitespace)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_model::{Fault, Fix};

    use super::{check, is_web_url};

    fn said(authentication: Value) -> Option<String> {
        let Value::Object(authentication) = authentication else { panic!("an object is tested") };
        match check(&authentication) {
            Ok(()) => None,
            Err(Fault::Invalid { fix: Fix::Said(words), .. }) => Some(words),
            Err(other) => panic!("{other}"),
        }
    }

    #[test]
    fn each_way_of_proof_needs_its_material() {
        assert_eq!(said(json!({ "authType": "SECRET" })), None);
        assert_eq!(said(json!({ "authType": "JWKS", "clientJWKsUrl": "https://keys.example/jwks" })), None);
        assert!(said(json!({ "authType": "JWKS" })).is_some_and(|words| words.contains("clientJWKsUrl")));
        assert!(said(json!({ "authType": "PUBKEYCERT", "publicKeys": [] })).is_some());
    }

    #[test]
    fn a_key_that_cannot_be_read_is_refused_whatever_the_way_of_proof() {
        let key = json!([{ "keyName": "k", "keyValue": "not PEM" }]);
        let words = said(json!({ "authType": "SECRET", "publicKeys": key })).expect("it is refused");
        assert!(words.contains("PEM"), "{words}");
    }

    #[test]
    fn a_url_has_a_scheme_and_a_host() {
        assert!(is_web_url("http://127.0.0.1:8080/jwks"));
        for wrong in ["keys.example/jwks", "https://", "https:///jwks", "https://a b/", "file:///etc/passwd"]
        {
            assert!(!is_web_url(wrong), "{wrong}");
        }
    }
}
