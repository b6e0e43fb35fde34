//! Client assertions (`private_key_jwt`): which claims they must hold, and whose key must have signed them.
//!
//! Both shipped SDKs send `aud` = `https://api.zscaler.com` and neither `iat` nor `jti`; the documents want it
//! otherwise. Both ways are accepted, and an assertion may be used again: the Go SDK may send equal ones (client).

use serde::Deserialize;
use zuno_model::Time;

use crate::error::quoted;
use crate::jws::Compact;
use crate::keys::Verdict;
use crate::{Issuer, KeySet};

/// How far the client's clock may be off, in seconds (guessed).
const SKEW: f64 = 60.0;

/// Why an assertion proves nothing; the text says what to change.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AssertionError {
    /// It is not a signed token.
    #[error("the client assertion is not a JWT: {0}")]
    Malformed(&'static str),
    /// An algorithm other than RS256 and ES256.
    #[error("the client assertion is signed with {0}; sign it with RS256 or ES256")]
    Algorithm(String),
    /// A claim is missing or wrong; holds which, and what it must be.
    #[error("the client assertion's {0}")]
    Claim(String),
    /// The client has no key that fits the assertion's algorithm and `kid`.
    #[error(
        "the client has no key that fits the client assertion's alg and kid; register the public key it was signed for"
    )]
    NoKey,
    /// No key of the client made the signature.
    #[error(
        "the client assertion is signed by none of the client's keys; sign it with a key that is registered"
    )]
    BadSignature,
}

/// Checks an assertion against the client's keys. `now` is real time in seconds, by which clients write assertions.
/// Any text is safe.
pub fn verify_assertion(
    assertion: &str,
    client_id: &str,
    keys: &KeySet,
    issuer: &Issuer,
    now: Time,
) -> Result<(), AssertionError> {
    verdict(keys.verify(&check_claims(assertion, client_id, issuer, now)?))
}

/// The error of a signature that did not verify.
pub(crate) fn verdict(verdict: Verdict) -> Result<(), AssertionError> {
    match verdict {
        Verdict::Good => Ok(()),
        Verdict::NoKey => Err(AssertionError::NoKey),
        Verdict::BadSignature => Err(AssertionError::BadSignature),
    }
}

#[derive(Deserialize)]
struct Asserted {
    iss: Option<String>,
    sub: Option<String>,
    aud: Option<Audience>,
    // Seconds; RFC 7519 allows fractions.
    exp: Option<f64>,
    iat: Option<f64>,
    nbf: Option<f64>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Audience {
    One(String),
    Many(Vec<String>),
}

impl Audience {
    fn any(&self, accepted: impl Fn(&str) -> bool) -> bool {
        match self {
            Audience::One(one) => accepted(one),
            Audience::Many(many) => many.iter().any(|one| accepted(one)),
        }
    }
}

/// Takes an assertion apart and checks all but its signature.
pub(crate) fn check_claims<'a>(
    assertion: &'a str,
    client_id: &str,
    issuer: &Issuer,
    now: Time,
) -> Result<Compact<'a>, AssertionError> {
    let compact = Compact::parse(assertion).map_err(AssertionError::Malformed)?;
    if compact.algorithm.is_none() {
        return Err(AssertionError::Algorithm(quoted(&compact.algorithm_name)));
    }
    let claims: Asserted = serde_json::from_slice(&compact.payload)
        .map_err(|_| AssertionError::Malformed("its claims are not a JSON object of the right types"))?;
    let wrong = |text: String| Err(AssertionError::Claim(text));
    for (name, value) in [("iss", &claims.iss), ("sub", &claims.sub)] {
        if value.as_deref() != Some(client_id) {
            return wrong(format!("{name} must be the client id {}", quoted(client_id)));
        }
    }
    if !claims.aud.is_some_and(|aud| aud.any(|one| issuer.accepts_assertion_audience(one))) {
        return wrong(format!("aud must be {} or {}", issuer.url, crate::ONE_API_AUDIENCE));
    }
    let now = now as f64;
    match claims.exp {
        None => return wrong("exp is missing; give the second at which it expires".to_owned()),
        Some(exp) if now >= exp + SKEW => return wrong("exp is in the past; sign a new one".to_owned()),
        Some(_) => {}
    }
    for (name, value) in [("iat", claims.iat), ("nbf", claims.nbf)] {
        if value.is_some_and(|second| second > now + SKEW) {
            return wrong(format!("{name} is in the future; set the clock of the machine that signs"));
        }
    }
    Ok(compact)
}

#[cfg(test)]
mod tests {
    use base64::Engine;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use proptest::prelude::*;
    use serde_json::{Value, json};
    use x509_parser::pem::Pem;

    use super::*;
    use crate::testing::{
        CLIENT_ID, NOW, assertion_claims, certificate_pem, ec_key_pair, public_pem, rsa_key_pair,
    };

    fn issuer() -> Issuer {
        Issuer::new("https://acme.zslogin.net")
    }

    fn verify(assertion: &str, keys: &KeySet) -> Result<(), AssertionError> {
        verify_assertion(assertion, CLIENT_ID, keys, &issuer(), NOW)
    }

    /// The outcome for an assertion with these members changed; null removes one.
    fn with(changes: Value) -> Result<(), AssertionError> {
        let mut claims = assertion_claims();
        for (name, value) in changes.as_object().unwrap() {
            match value {
                Value::Null => claims.as_object_mut().unwrap().shift_remove(name),
                _ => claims.as_object_mut().unwrap().insert(name.clone(), value.clone()),
            };
        }
        verify(&ec_key_pair().sign(&claims).unwrap(), &KeySet::from_pem([public_pem(ec_key_pair()).as_str()]))
    }

    fn compact(header: Value, claims: &Value, signature: impl FnOnce(&[u8]) -> Vec<u8>) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let signed = format!("{}.{}", encode(&header), encode(claims));
        let signature = URL_SAFE_NO_PAD.encode(signature(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    #[test]
    fn what_both_sdks_send_is_accepted() {
        for key in [rsa_key_pair(), ec_key_pair()] {
            let claims = json!({ "iss": CLIENT_ID, "sub": CLIENT_ID, "aud": "https://api.zscaler.com", "exp": NOW + 600 });
            let assertion = key.sign(&claims).unwrap();
            let pems = [public_pem(key), certificate_pem(key)];
            for pem in &pems {
                assert_eq!(verify(&assertion, &KeySet::from_pem([pem.as_str()])), Ok(()));
            }
            let jwks = json!({ "keys": [key.jwk()] }).to_string();
            assert_eq!(verify(&assertion, &KeySet::from_jwks(jwks.as_bytes()).unwrap()), Ok(()));
        }
    }

    #[test]
    fn the_documents_assertion_is_accepted() {
        assert_eq!(
            with(json!({ "aud": "http://acme.zslogin.net", "iat": NOW, "exp": NOW + 200_000_000 })),
            Ok(())
        );
        assert_eq!(
            with(json!({ "aud": ["x", "https://acme.zslogin.net/oauth2/v1/token"], "jti": "1" })),
            Ok(())
        );
    }

    #[test]
    fn each_claim_is_held_to_its_rule() {
        for bad in [
            json!({ "iss": "other" }),
            json!({ "iss": null }),
            json!({ "sub": "other" }),
            json!({ "sub": null }),
            json!({ "aud": "https://other.zslogin.net" }),
            json!({ "aud": [] }),
            json!({ "aud": null }),
            json!({ "exp": null }),
            json!({ "exp": NOW - 60 }),
            json!({ "iat": NOW + 61 }),
            json!({ "nbf": NOW + 61 }),
        ] {
            assert!(matches!(with(bad.clone()), Err(AssertionError::Claim(_))), "{bad}");
        }
        for good in [
            json!({ "exp": NOW - 59 }),
            json!({ "exp": NOW as f64 + 0.5 }),
            json!({ "exp": 1e300 }),
            json!({ "iat": NOW + 60 }),
            json!({ "iat": 0 }),
        ] {
            assert_eq!(with(good.clone()), Ok(()), "{good}");
        }
        for mistyped in [json!({ "exp": "tomorrow" }), json!({ "aud": 7 }), json!({ "iss": [CLIENT_ID] })] {
            assert!(matches!(with(mistyped.clone()), Err(AssertionError::Malformed(_))), "{mistyped}");
        }
    }

    #[test]
    fn unsigned_and_symmetric_algorithms_are_refused() {
        let pem = public_pem(rsa_key_pair());
        let keys = KeySet::from_pem([pem.as_str()]);
        let none = compact(json!({ "alg": "none" }), &assertion_claims(), |_| vec![]);
        assert_eq!(verify(&none, &keys), Err(AssertionError::Algorithm("`none`".into())));
        // The classic confusion: the public key's own text as the shared secret.
        let secret = aws_lc_rs::hmac::Key::new(aws_lc_rs::hmac::HMAC_SHA256, pem.as_bytes());
        let hs256 = compact(json!({ "alg": "HS256" }), &assertion_claims(), |signed| {
            aws_lc_rs::hmac::sign(&secret, signed).as_ref().to_vec()
        });
        assert_eq!(verify(&hs256, &keys), Err(AssertionError::Algorithm("`HS256`".into())));
        for alg in ["RS512", "PS256", "rs256", "ES384", ""] {
            let other = compact(json!({ "alg": alg }), &assertion_claims(), |_| vec![0; 64]);
            assert!(matches!(verify(&other, &keys), Err(AssertionError::Algorithm(_))), "{alg}");
        }
        let crit = compact(
            json!({ "alg": "RS256", "crit": ["b64"], "b64": false }),
            &assertion_claims(),
            |_| vec![],
        );
        assert!(matches!(verify(&crit, &keys), Err(AssertionError::Malformed(_))));
    }

    #[test]
    fn a_small_rsa_key_proves_nothing_even_when_its_signature_is_right() {
        let assertion = include_str!("testing/rsa1024.jwt");
        let compact = check_claims(assertion, CLIENT_ID, &issuer(), NOW).unwrap();
        let pem = Pem::iter_from_buffer(include_bytes!("testing/rsa1024.pem")).next().unwrap().unwrap();
        let small = &aws_lc_rs::signature::RSA_PKCS1_1024_8192_SHA256_FOR_LEGACY_USE_ONLY;
        let key = aws_lc_rs::signature::ParsedPublicKey::new(small, pem.contents).unwrap();
        key.verify_sig(compact.signed, &compact.signature).unwrap();
        let keys = KeySet::from_pem([include_str!("testing/rsa1024.pem")]);
        assert_eq!(verify(assertion, &keys), Err(AssertionError::NoKey));
    }

    #[test]
    fn another_key_proves_nothing() {
        let assertion = rsa_key_pair().sign(&assertion_claims()).unwrap();
        let stranger = crate::SigningKey::generate(crate::Algorithm::Rs256);
        let keys = KeySet::from_pem([public_pem(&stranger).as_str()]);
        assert_eq!(verify(&assertion, &keys), Err(AssertionError::BadSignature));
        let ec = KeySet::from_pem([public_pem(ec_key_pair()).as_str()]);
        assert_eq!(verify(&assertion, &ec), Err(AssertionError::NoKey), "an EC key for an RS256 assertion");
        assert_eq!(verify(&assertion, &KeySet::default()), Err(AssertionError::NoKey));
    }

    #[test]
    fn a_kid_selects_among_keys_that_have_one() {
        let mut named = ec_key_pair().jwk().clone();
        named["kid"] = "right".into();
        let set = |key: &Value| KeySet::from_jwks(json!({ "keys": [key] }).to_string().as_bytes()).unwrap();
        let sign = |kid: Option<&str>| {
            let header = match kid {
                Some(kid) => json!({ "alg": "ES256", "kid": kid }),
                None => json!({ "alg": "ES256" }),
            };
            let pair = aws_lc_rs::signature::EcdsaKeyPair::from_pkcs8(
                &aws_lc_rs::signature::ECDSA_P256_SHA256_FIXED_SIGNING,
                &ec_key_pair().to_pkcs8(),
            );
            let rng = aws_lc_rs::rand::SystemRandom::new();
            compact(header, &assertion_claims(), |signed| {
                pair.unwrap().sign(&rng, signed).unwrap().as_ref().to_vec()
            })
        };
        assert_eq!(verify(&sign(Some("right")), &set(&named)), Ok(()));
        assert_eq!(verify(&sign(None), &set(&named)), Ok(()));
        assert_eq!(verify(&sign(Some("wrong")), &set(&named)), Err(AssertionError::NoKey));
        named.as_object_mut().unwrap().shift_remove("kid");
        assert_eq!(verify(&sign(Some("any")), &set(&named)), Ok(()), "keys without a name are tried");
    }

    #[test]
    fn any_flipped_bit_spoils_an_assertion() {
        let keys = KeySet::from_pem([public_pem(ec_key_pair()).as_str()]);
        let assertion = ec_key_pair().sign(&assertion_claims()).unwrap();
        assert_eq!(verify(&assertion, &keys), Ok(()));
        for at in 0..assertion.len() {
            for bit in 0..7 {
                let mut bytes = assertion.clone().into_bytes();
                bytes[at] ^= 1 << bit;
                assert!(verify(&String::from_utf8(bytes).unwrap(), &keys).is_err(), "byte {at}, bit {bit}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_text_is_refused_quietly(header in "\\PC{0,40}", claims in "\\PC{0,60}", rest in "[A-Za-z0-9_.-]{0,40}") {
            let keys = KeySet::default();
            let encoded = format!("{}.{}.{rest}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
            prop_assert!(verify(&encoded, &keys).is_err());
            prop_assert!(verify(&rest, &keys).is_err());
        }
    }
}
