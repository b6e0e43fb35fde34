//! A client's signed assertion and the keys that it publishes.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zuno_identity::{Issuer, KeySet, verify_assertion};

fuzz_target!(|input: (&str, &[u8])| {
    let (assertion, keys) = input;
    let keys = KeySet::from_jwks(keys).unwrap_or_default();
    let accepted =
        verify_assertion(assertion, "client", &keys, &Issuer::new("https://acme.zslogin.net"), 1_700_000_000);
    assert!(accepted.is_err(), "no key was given for it");
});
