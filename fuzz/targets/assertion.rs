//! A client's signed assertion and the keys that it publishes or uploads, nested.
#![no_main]

mod deep;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use deep::{Grammar, JSON};
use libfuzzer_sys::fuzz_target;
use zuno_identity::{Issuer, KeySet, verify_assertion};

const PEM: Grammar = Grammar {
    levels: &[
        ("-----BEGIN CERTIFICATE-----\n", "\n-----END CERTIFICATE-----\n"),
        ("-----BEGIN PUBLIC KEY-----\n", "\n-----END PUBLIC KEY-----\n"),
        ("MIAw", "AAAA"),
        ("MIIB", "\n"),
    ],
    leaves: &["MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8A", "AAAA", "\n"],
    joins: &["\n", "-----"],
};

deep!(Json, JSON);
deep!(Pem, PEM);

fuzz_target!(|input: (Json, Json, Json, Pem, &str)| {
    let (Json(header), Json(claims), Json(keys), Pem(pem), raw) = input;
    let set = KeySet::from_jwks(format!("{{\"keys\":[{keys}]}}").as_bytes()).unwrap_or_default();
    let part = |json: &str| URL_SAFE_NO_PAD.encode(json);
    let named = format!("{{\"alg\":\"RS256\",\"x\":{header}}}");
    let whole = format!("{{\"iss\":\"client\",\"sub\":\"client\",\"x\":{claims}}}");
    for assertion in [format!("{}.{}.{}", part(&named), part(&whole), part(raw)), raw.to_owned()] {
        let issuer = Issuer::new("https://acme.zslogin.net");
        let accepted = verify_assertion(&assertion, "client", &set, &issuer, 1_700_000_000);
        assert!(accepted.is_err(), "no key was given for it");
    }
    let _ = KeySet::from_pem([pem.as_str(), raw]);
});
