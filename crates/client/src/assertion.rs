//! The assertion by which a client proves that it holds a private key (RFC 7523).

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeyPair as RsaKeyPair;
use aws_lc_rs::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, RSA_PKCS1_SHA256};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use rustls::pki_types::PrivateKeyDer;
use rustls::pki_types::pem::PemObject as _;
use serde_json::json;

use crate::Error;

/// The audience of every token request (seed, and what the vendor's own clients send).
pub(crate) const AUDIENCE: &str = "https://api.zscaler.com";

/// How long an assertion holds, in seconds: what the vendor's own clients choose.
const LIFETIME: u64 = 600;

/// Signs an assertion for `client_id` with a private key in PEM: RSA, or EC on P-256. `audience` is the tenant's
/// identity host (documented) or `https://api.zscaler.com` (what clients send); `now` is in seconds since the epoch.
///
/// # Errors
/// The text is no such key.
pub fn signed(client_id: &str, pem: &str, audience: &str, now: u64) -> Result<String, Error> {
    let key = Key::read(pem)?;
    let header = json!({"alg": key.algorithm(), "typ": "JWT"});
    let claims = json!({
        "iss": client_id, "sub": client_id, "aud": audience, "iat": now, "exp": now + LIFETIME,
    });
    let mut token = URL_SAFE_NO_PAD.encode(header.to_string());
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = key.sign(token.as_bytes())?;
    token.push('.');
    token.push_str(&URL_SAFE_NO_PAD.encode(signature));
    Ok(token)
}

enum Key {
    Rsa(RsaKeyPair),
    Ec(EcdsaKeyPair),
}

impl Key {
    fn read(pem: &str) -> Result<Key, Error> {
        let wrong = || {
            let text = "the private key is not RSA or EC P-256 in PEM: make one with \
                        `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`";
            Error::Setting(text.into())
        };
        let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| wrong())?;
        let bytes = der.secret_der();
        let curve = &ECDSA_P256_SHA256_FIXED_SIGNING;
        match &der {
            PrivateKeyDer::Pkcs1(_) => RsaKeyPair::from_der(bytes).map(Key::Rsa).map_err(|_| wrong()),
            PrivateKeyDer::Sec1(_) => {
                EcdsaKeyPair::from_private_key_der(curve, bytes).map(Key::Ec).map_err(|_| wrong())
            }
            _ => RsaKeyPair::from_pkcs8(bytes)
                .map(Key::Rsa)
                .or_else(|_| EcdsaKeyPair::from_pkcs8(curve, bytes).map(Key::Ec))
                .map_err(|_| wrong()),
        }
    }

    fn algorithm(&self) -> &'static str {
        match self {
            Key::Rsa(_) => "RS256",
            Key::Ec(_) => "ES256",
        }
    }

    fn sign(&self, text: &[u8]) -> Result<Vec<u8>, Error> {
        let random = SystemRandom::new();
        let failed = |_| Error::Setting("the private key cannot sign".into());
        match self {
            Key::Rsa(key) => {
                let mut signature = vec![0; key.public_modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &random, text, &mut signature).map_err(failed)?;
                Ok(signature)
            }
            Key::Ec(key) => Ok(key.sign(&random, text).map_err(failed)?.as_ref().to_vec()),
        }
    }
}

#[cfg(test)]
mod tests {
    use aws_lc_rs::signature::{
        ECDSA_P256_SHA256_FIXED, ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _,
        UnparsedPublicKey,
    };
    use base64::Engine as _;
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

    use super::signed;
    use crate::Error;

    #[test]
    fn an_assertion_is_signed_by_its_key_and_names_its_client() {
        let made = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING).unwrap();
        let pkcs8 = made.to_pkcs8v1().unwrap();
        let body = STANDARD.encode(pkcs8.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{body}\n-----END PRIVATE KEY-----\n");
        let token = signed("abc", &pem, "https://api.zscaler.com", 1000).unwrap();
        let (text, signature) = token.rsplit_once('.').unwrap();
        let public = UnparsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, made.public_key().as_ref());
        public.verify(text.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).unwrap()).unwrap();
        let claims = URL_SAFE_NO_PAD.decode(text.split_once('.').unwrap().1).unwrap();
        let claims: serde_json::Value = serde_json::from_slice(&claims).unwrap();
        assert_eq!((&claims["sub"], &claims["exp"]), (&"abc".into(), &1600.into()));
    }

    #[test]
    fn what_is_no_key_is_told_without_being_shown() {
        let Err(Error::Setting(text)) = signed("abc", "s3cret-word", "", 0) else {
            panic!("no key was needed")
        };
        assert!(text.contains("PEM") && !text.contains("s3cret"));
    }
}
