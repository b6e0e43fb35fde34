//! Public keys that verify: from PEM text, from X.509 certificates, from a JWK set.

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use serde_json::Value;
use x509_parser::oid_registry;
use x509_parser::pem::Pem;
use x509_parser::prelude::FromDer;
use x509_parser::public_key::{PublicKey, RSAPublicKey};
use x509_parser::x509::SubjectPublicKeyInfo;

use crate::algorithm::Algorithm;
use crate::jws::Compact;

/// The smallest RSA modulus trusted, in bits (documented for clients; the Python SDK refuses less as well).
const RSA_BITS_MIN: usize = 2048;
/// The largest that the verifier takes.
const RSA_BITS_MAX: usize = 8192;
/// How many keys of one client are looked at; more would let a long set buy a lot of verification.
const KEYS_MAX: usize = 100;

/// Why a key cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// The text holds no PEM block.
    #[error("no PEM block found; give a PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE block")]
    NoPem,
    /// A PEM block that holds no public key; the label is quoted.
    #[error("a PEM block `{0}` holds no public key; give PUBLIC KEY, RSA PUBLIC KEY or CERTIFICATE")]
    Label(String),
    /// The block or set cannot be read.
    #[error("{0} cannot be read")]
    Unreadable(&'static str),
    /// Neither RSA nor EC on P-256.
    #[error("neither an RSA key nor an EC key on P-256")]
    Kind,
    /// An RSA key outside 2048 to 8192 bits; holds its size.
    #[error("an RSA key of {0} bits; 2048 to 8192 are accepted")]
    Size(usize),
    /// A JWK set without a member `keys` that is a list.
    #[error("not a JWK set: a JSON object with a list `keys` is wanted")]
    NotASet,
}

/// One public key and the algorithm it verifies.
#[derive(Clone, Debug)]
struct VerifyingKey {
    kid: Option<String>,
    algorithm: Algorithm,
    key: ParsedPublicKey,
}

/// What became of a signature under a set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Verdict {
    Good,
    /// No key of the set has this `kid`, or fits the algorithm.
    NoKey,
    BadSignature,
}

/// The public keys of one client.
#[derive(Clone, Debug, Default)]
pub struct KeySet {
    keys: Vec<VerifyingKey>,
    refused: Vec<KeyError>,
}

impl KeySet {
    /// Reads uploaded PEM texts, each with one block or several. What cannot be used is left out and remembered for
    /// the error message of a failed sign-in; of a certificate only the key counts, not its dates or issuer.
    pub fn from_pem<'a>(texts: impl IntoIterator<Item = &'a str>) -> KeySet {
        let mut set = KeySet::default();
        for text in texts {
            let mut blocks = 0;
            for block in Pem::iter_from_buffer(text.as_bytes()) {
                blocks += 1;
                set.add(
                    block.map_err(|_| KeyError::Unreadable("a PEM block")).and_then(|block| pem_key(&block)),
                );
            }
            if blocks == 0 {
                set.refused.push(KeyError::NoPem);
            }
        }
        set
    }

    /// Reads a JWK set. Keys for other purposes or of other kinds are left out, as RFC 7517 wants.
    pub fn from_jwks(json: &[u8]) -> Result<KeySet, KeyError> {
        let document: Value = serde_json::from_slice(json).map_err(|_| KeyError::NotASet)?;
        let keys = document.get("keys").and_then(Value::as_array).ok_or(KeyError::NotASet)?;
        let mut set = KeySet::default();
        for key in keys {
            set.add(jwk_key(key));
        }
        Ok(set)
    }

    /// Checks one PEM text before it is stored: every block of it must be usable.
    pub fn check_pem(text: &str) -> Result<(), KeyError> {
        match KeySet::from_pem([text]).refused.into_iter().next() {
            Some(error) => Err(error),
            None => Ok(()),
        }
    }

    /// How many keys can be used.
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    /// Whether no key can be used.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Why keys were left out.
    pub fn refused(&self) -> &[KeyError] {
        &self.refused
    }

    fn add(&mut self, key: Result<VerifyingKey, KeyError>) {
        match key {
            Ok(key) if self.keys.len() < KEYS_MAX => self.keys.push(key),
            Ok(_) => {}
            Err(error) if self.refused.len() < KEYS_MAX => self.refused.push(error),
            Err(_) => {}
        }
    }

    /// Verifies a token. Its `kid` chooses among keys that have one; without a `kid`, or when no key has that one,
    /// the keys that carry none (uploaded ones never do) are tried in turn.
    pub(crate) fn verify(&self, token: &Compact<'_>) -> Verdict {
        let named = |key: &VerifyingKey| token.kid.is_some() && key.kid == token.kid;
        let any_named = self.keys.iter().any(named);
        let candidate = |key: &VerifyingKey| match (&token.kid, any_named) {
            (None, _) => true,
            (Some(_), true) => named(key),
            (Some(_), false) => key.kid.is_none(),
        };
        let mut verdict = Verdict::NoKey;
        for key in &self.keys {
            if candidate(key) && Some(key.algorithm) == token.algorithm {
                if key.key.verify_sig(token.signed, &token.signature).is_ok() {
                    return Verdict::Good;
                }
                verdict = Verdict::BadSignature;
            }
        }
        verdict
    }
}

fn pem_key(block: &Pem) -> Result<VerifyingKey, KeyError> {
    match block.label.as_str() {
        "PUBLIC KEY" => {
            let (_, info) = SubjectPublicKeyInfo::from_der(&block.contents)
                .map_err(|_| KeyError::Unreadable("a public key"))?;
            spki_key(&info)
        }
        "RSA PUBLIC KEY" => {
            let (_, key) = RSAPublicKey::from_der(&block.contents)
                .map_err(|_| KeyError::Unreadable("an RSA public key"))?;
            rsa_key(None, key.modulus, key.exponent)
        }
        "CERTIFICATE" => {
            let certificate = block.parse_x509().map_err(|_| KeyError::Unreadable("a certificate"))?;
            spki_key(certificate.public_key())
        }
        other => Err(KeyError::Label(other.chars().take(40).collect())),
    }
}

fn spki_key(info: &SubjectPublicKeyInfo<'_>) -> Result<VerifyingKey, KeyError> {
    match info.parsed().map_err(|_| KeyError::Unreadable("a public key"))? {
        PublicKey::RSA(key) => rsa_key(None, key.modulus, key.exponent),
        PublicKey::EC(point) => {
            let curve = info.algorithm.parameters.as_ref().and_then(|parameters| parameters.as_oid().ok());
            if curve != Some(oid_registry::OID_EC_P256) {
                return Err(KeyError::Kind);
            }
            ec_key(None, point.data())
        }
        _ => Err(KeyError::Kind),
    }
}

fn jwk_key(jwk: &Value) -> Result<VerifyingKey, KeyError> {
    #[derive(Deserialize)]
    struct Jwk {
        kty: String,
        kid: Option<String>,
        alg: Option<String>,
        #[serde(rename = "use")]
        purpose: Option<String>,
        crv: Option<String>,
        n: Option<String>,
        e: Option<String>,
        x: Option<String>,
        y: Option<String>,
    }
    let unreadable = KeyError::Unreadable("a JWK");
    let jwk = Jwk::deserialize(jwk).map_err(|_| unreadable.clone())?;
    let number = |text: &Option<String>| {
        text.as_deref().and_then(|text| URL_SAFE_NO_PAD.decode(text).ok()).ok_or_else(|| unreadable.clone())
    };
    if jwk.purpose.as_deref().is_some_and(|purpose| purpose != "sig") {
        return Err(KeyError::Kind);
    }
    let key = match (jwk.kty.as_str(), jwk.crv.as_deref()) {
        ("RSA", _) => rsa_key(jwk.kid, &number(&jwk.n)?, &number(&jwk.e)?)?,
        ("EC", Some("P-256")) => {
            let (x, y) = (number(&jwk.x)?, number(&jwk.y)?);
            if (x.len(), y.len()) != (32, 32) {
                return Err(unreadable);
            }
            ec_key(jwk.kid, &[&[4], x.as_slice(), y.as_slice()].concat())?
        }
        _ => return Err(KeyError::Kind),
    };
    if jwk.alg.as_deref().is_some_and(|alg| alg != key.algorithm.as_str()) {
        return Err(KeyError::Kind);
    }
    Ok(key)
}

fn rsa_key(kid: Option<String>, n: &[u8], e: &[u8]) -> Result<VerifyingKey, KeyError> {
    let n = without_leading_zeros(n);
    let bits = n.first().map_or(0, |first| n.len() * 8 - first.leading_zeros() as usize);
    if !(RSA_BITS_MIN..=RSA_BITS_MAX).contains(&bits) {
        return Err(KeyError::Size(bits));
    }
    let key = RsaPublicKeyComponents { n, e: without_leading_zeros(e) }
        .to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256)
        .map_err(|_| KeyError::Unreadable("an RSA public key"))?;
    Ok(VerifyingKey { kid, algorithm: Algorithm::Rs256, key })
}

fn ec_key(kid: Option<String>, point: &[u8]) -> Result<VerifyingKey, KeyError> {
    let key = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
        .map_err(|_| KeyError::Unreadable("an EC public key"))?;
    Ok(VerifyingKey { kid, algorithm: Algorithm::Es256, key })
}

fn without_leading_zeros(number: &[u8]) -> &[u8] {
    let zeros = number.iter().take_while(|byte| **byte == 0).count();
    &number[zeros..]
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{certificate_pem, ec_key_pair, public_pem, rsa_key_pair};

    #[test]
    fn every_uploaded_form_of_a_key_is_read() {
        for (key, algorithm) in [(rsa_key_pair(), Algorithm::Rs256), (ec_key_pair(), Algorithm::Es256)] {
            let both = format!("{}\n{}", public_pem(key), certificate_pem(key));
            let set = KeySet::from_pem([both.as_str(), "comment before\n", &public_pem(key)]);
            assert_eq!(set.len(), 3);
            assert_eq!(set.refused(), [KeyError::NoPem]);
            assert!(set.keys.iter().all(|key| key.algorithm == algorithm && key.kid.is_none()));
            assert_eq!(KeySet::check_pem(&both), Ok(()));
        }
    }

    #[test]
    fn what_is_no_usable_key_is_named() {
        let private = "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n";
        assert_eq!(KeySet::check_pem(private), Err(KeyError::Label("PRIVATE KEY".into())));
        let junk = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
        assert_eq!(KeySet::check_pem(junk), Err(KeyError::Unreadable("a certificate")));
        assert_eq!(KeySet::check_pem(""), Err(KeyError::NoPem));
        assert_eq!(KeySet::check_pem(include_str!("testing/p384.pem")), Err(KeyError::Kind));
        assert_eq!(KeySet::check_pem(include_str!("testing/rsa1024.pem")), Err(KeyError::Size(1024)));
    }

    #[test]
    fn a_jwk_set_keeps_what_can_verify_and_skips_the_rest() {
        let mut rsa = rsa_key_pair().jwk().clone();
        let ec = ec_key_pair().jwk().clone();
        let set = |keys: Vec<Value>| {
            KeySet::from_jwks(&serde_json::to_vec(&serde_json::json!({ "keys": keys })).unwrap()).unwrap()
        };
        assert_eq!(set(vec![rsa.clone(), ec.clone()]).len(), 2);
        let mut wrong_use = rsa.clone();
        wrong_use["use"] = "enc".into();
        let mut wrong_alg = ec.clone();
        wrong_alg["alg"] = "RS256".into();
        let mut off_curve = ec.clone();
        off_curve["x"] = off_curve["y"].clone();
        let symmetric = serde_json::json!({ "kty": "oct", "k": "AAAA" });
        let refused = set(vec![wrong_use, wrong_alg, off_curve, symmetric, 7.into()]);
        assert!(refused.is_empty());
        assert_eq!(refused.refused().len(), 5);
        rsa["n"] = URL_SAFE_NO_PAD.encode([0xff; 128]).into();
        assert_eq!(set(vec![rsa]).refused(), [KeyError::Size(1024)]);
        for bad in ["", "[]", "{}", r#"{"keys":{}}"#, "<html>"] {
            assert_eq!(KeySet::from_jwks(bad.as_bytes()).unwrap_err(), KeyError::NotASet, "{bad}");
        }
    }

    #[test]
    fn keys_and_claims_nested_without_an_end_are_refused() {
        for levels in [200, 20_000] {
            let deep = format!("{}1{}", "[".repeat(levels), "]".repeat(levels));
            for set in
                [deep.clone(), format!(r#"{{"keys":[{deep}]}}"#), format!(r#"{{"keys":[{{"kty":{deep}}}]}}"#)]
            {
                assert_eq!(KeySet::from_jwks(set.as_bytes()).unwrap_err(), KeyError::NotASet);
            }
            let part = |text: String| URL_SAFE_NO_PAD.encode(text);
            let header = part(format!(r#"{{"alg":{deep}}}"#));
            assert!(Compact::parse(&format!("{header}.e30.AA")).is_err());
            // What nobody asks for takes no room on the stack, whether it is passed over or refused.
            let header = part(format!(r#"{{"alg":"RS256","x":{deep}}}"#));
            let _ = Compact::parse(&format!("{header}.e30.AA"));
            let claims = part(format!(r#"{{"iss":{deep}}}"#));
            let whole = format!("{}.{claims}.AA", part(r#"{"alg":"RS256"}"#.into()));
            assert_eq!(crate::jws::unverified_issuer(&whole), None);
        }
        let blocks = "-----BEGIN CERTIFICATE-----\n".repeat(20_000);
        assert!(KeySet::from_pem([blocks.as_str()]).is_empty());
    }

    #[test]
    fn no_more_than_a_hundred_keys_are_kept() {
        let keys = vec![ec_key_pair().jwk().clone(); 150];
        let set =
            KeySet::from_jwks(&serde_json::to_vec(&serde_json::json!({ "keys": keys })).unwrap()).unwrap();
        assert_eq!(set.len(), 100);
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused(text in "(-----BEGIN (CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY)-----\n[A-Za-z0-9+/=\n]{0,80}\n)?(-----END (CERTIFICATE|PUBLIC KEY|RSA PUBLIC KEY)-----)?\\PC{0,20}") {
            let _ = KeySet::from_pem([text.as_str()]);
            let _ = KeySet::from_jwks(text.as_bytes());
        }
    }
}
