//! The server's private keys: made, kept as PKCS#8, and used to sign tokens. A key is parsed once; signing then
//! costs little more than the signature.

use std::fmt;

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair, ParsedPublicKey,
    RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256, RsaKeyPair, RsaPublicKeyComponents,
};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use serde_json::{Value, json};

use crate::algorithm::Algorithm;
use crate::jws::Compact;
use crate::keys::KeyError;

enum Pair {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

/// A private key of the server, ready to sign from any thread.
pub struct SigningKey {
    algorithm: Algorithm,
    kid: String,
    jwk: Value,
    /// The encoded header and its dot, the same in every token.
    head: String,
    pair: Pair,
    public: ParsedPublicKey,
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SigningKey({} {})", self.algorithm.as_str(), self.kid)
    }
}

impl SigningKey {
    /// Draws a new key: RSA of 2048 bits, which takes a good part of a second, or P-256, which takes none.
    pub fn generate(algorithm: Algorithm) -> SigningKey {
        const DRAWN: &str = "aws-lc draws keys without fail unless memory is gone";
        let pair = match algorithm {
            Algorithm::Rs256 => Pair::Rsa(RsaKeyPair::generate(KeySize::Rsa2048).expect(DRAWN)),
            Algorithm::Es256 => {
                Pair::Ec(EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).expect(DRAWN))
            }
        };
        SigningKey::of(pair).expect("a key just drawn is well formed")
    }

    /// Reads a key that [`SigningKey::to_pkcs8`] wrote; the library itself refuses RSA below 2048 bits.
    pub fn from_pkcs8(der: &[u8]) -> Result<SigningKey, KeyError> {
        if let Ok(pair) = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, der) {
            return SigningKey::of(Pair::Ec(pair));
        }
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| KeyError::Unreadable("a PKCS#8 private key"))?;
        SigningKey::of(Pair::Rsa(pair))
    }

    /// The private key as PKCS#8 DER: a secret, for the caller's store.
    pub fn to_pkcs8(&self) -> Vec<u8> {
        const WRITTEN: &str = "a key that was parsed can be written";
        match &self.pair {
            Pair::Rsa(pair) => AsDer::<Pkcs8V1Der<'_>>::as_der(pair).expect(WRITTEN).as_ref().to_vec(),
            Pair::Ec(pair) => pair.to_pkcs8v1().expect(WRITTEN).as_ref().to_vec(),
        }
    }

    fn of(pair: Pair) -> Result<SigningKey, KeyError> {
        let (algorithm, named, public) = match &pair {
            Pair::Rsa(pair) => {
                let parts = RsaPublicKeyComponents::<Vec<u8>>::from(pair.public_key());
                let public = parts.to_parsed_public_key(&RSA_PKCS1_2048_8192_SHA256);
                let (e, n) = (URL_SAFE_NO_PAD.encode(&parts.e), URL_SAFE_NO_PAD.encode(&parts.n));
                (Algorithm::Rs256, json!({ "e": e, "kty": "RSA", "n": n }), public)
            }
            Pair::Ec(pair) => {
                let point = pair.public_key().as_ref();
                let (x, y) = point[1..].split_at(32);
                let (x, y) = (URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y));
                let public = ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point);
                (Algorithm::Es256, json!({ "crv": "P-256", "kty": "EC", "x": x, "y": y }), public)
            }
        };
        let public = public.map_err(|_| KeyError::Unreadable("a key pair's public half"))?;
        // RFC 7638: the digest of exactly these members, in this order, without spaces.
        let kid = URL_SAFE_NO_PAD.encode(digest(&SHA256, named.to_string().as_bytes()));
        let header = format!(r#"{{"alg":"{}","typ":"JWT","kid":"{kid}"}}"#, algorithm.as_str());
        let mut jwk = named;
        jwk["kid"] = kid.clone().into();
        jwk["use"] = "sig".into();
        jwk["alg"] = algorithm.as_str().into();
        let head = URL_SAFE_NO_PAD.encode(header) + ".";
        Ok(SigningKey { algorithm, kid, jwk, head, pair, public })
    }

    /// Which algorithm it signs with.
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// The RFC 7638 thumbprint of its public half, which names it in tokens.
    pub fn kid(&self) -> &str {
        &self.kid
    }

    /// Its public half as a JWK.
    pub fn jwk(&self) -> &Value {
        &self.jwk
    }

    /// Signs these claims into a compact token; `None` when the library fails, which only lack of memory explains.
    pub(crate) fn sign(&self, claims: &impl Serialize) -> Option<String> {
        let payload = serde_json::to_vec(claims).ok()?;
        // Room for the head, four characters per three bytes of the payload, a dot and a signature of 4096 bits.
        let mut token = String::with_capacity(self.head.len() + payload.len() * 4 / 3 + 700);
        token.push_str(&self.head);
        URL_SAFE_NO_PAD.encode_string(&payload, &mut token);
        match &self.pair {
            Pair::Rsa(pair) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), token.as_bytes(), &mut signature).ok()?;
                token.push('.');
                URL_SAFE_NO_PAD.encode_string(signature, &mut token);
            }
            Pair::Ec(pair) => {
                let signature = pair.sign(&SystemRandom::new(), token.as_bytes()).ok()?;
                token.push('.');
                URL_SAFE_NO_PAD.encode_string(signature, &mut token);
            }
        }
        Some(token)
    }

    /// Whether this key signed the token.
    pub(crate) fn signed(&self, token: &Compact<'_>) -> bool {
        token.algorithm == Some(self.algorithm)
            && token.kid.as_deref() == Some(&self.kid)
            && self.public.verify_sig(token.signed, &token.signature).is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::KeySet;
    use crate::keys::Verdict;
    use crate::testing::{ec_key_pair, rsa_key_pair};

    #[test]
    fn a_key_survives_the_store() {
        for key in [rsa_key_pair(), ec_key_pair()] {
            let back = SigningKey::from_pkcs8(&key.to_pkcs8()).unwrap();
            assert_eq!(back.kid(), key.kid());
            let token = back.sign(&json!({ "a": 1 })).unwrap();
            assert!(key.signed(&Compact::parse(&token).unwrap()));
            assert!(!format!("{key:?}").contains(
                key.jwk()[if key.algorithm == Algorithm::Rs256 { "n" } else { "x" }].as_str().unwrap()
            ));
        }
        assert!(SigningKey::from_pkcs8(b"junk").is_err());
    }

    #[test]
    fn the_header_is_the_one_clients_decode() {
        let token = rsa_key_pair().sign(&json!({})).unwrap();
        let header = URL_SAFE_NO_PAD.decode(token.split('.').next().unwrap()).unwrap();
        let expected = format!(r#"{{"alg":"RS256","typ":"JWT","kid":"{}"}}"#, rsa_key_pair().kid());
        assert_eq!(String::from_utf8(header).unwrap(), expected);
    }

    #[test]
    fn the_published_jwk_verifies_what_was_signed() {
        for key in [rsa_key_pair(), ec_key_pair()] {
            let set = KeySet::from_jwks(json!({ "keys": [key.jwk()] }).to_string().as_bytes()).unwrap();
            let token = key.sign(&json!({ "a": 1 })).unwrap();
            assert_eq!(set.verify(&Compact::parse(&token).unwrap()), Verdict::Good);
        }
    }

    #[test]
    fn the_kid_is_the_thumbprint_of_rfc_7638() {
        // The example key and thumbprint of RFC 7638 section 3.1.
        let n = "0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw";
        let named = json!({ "e": "AQAB", "kty": "RSA", "n": n });
        let thumbprint = URL_SAFE_NO_PAD.encode(digest(&SHA256, named.to_string().as_bytes()));
        assert_eq!(thumbprint, "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
        let own = rsa_key_pair();
        let named = json!({ "e": own.jwk()["e"], "kty": "RSA", "n": own.jwk()["n"] });
        assert_eq!(own.kid(), URL_SAFE_NO_PAD.encode(digest(&SHA256, named.to_string().as_bytes())));
    }
}
