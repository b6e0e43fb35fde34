//! Client secrets: drawn at random, shown once, kept only as a keyed digest.
//!
//! A machine's secret holds 256 random bits, so a fast keyed hash is enough: there is nothing to guess that a slow
//! password hash would protect.

use std::fmt;

use aws_lc_rs::{constant_time, hmac, rand};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};
use zuno_model::Time;

/// A secret in clear, on its way to the person who asked for it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// How many characters a secret has at least that somebody chose.
    pub const SHORTEST: usize = 8;

    /// Draws a new secret: 256 random bits in 43 URL-safe characters.
    pub fn generate() -> Secret {
        Secret::of(random())
    }

    /// The secret of bits that were drawn elsewhere.
    pub fn of(bits: [u8; 32]) -> Secret {
        Secret(URL_SAFE_NO_PAD.encode(bits))
    }

    /// A secret that the operator chose, as `--client-secret` does.
    pub fn chosen(text: impl Into<String>) -> Secret {
        Secret(text.into())
    }

    /// Whether a chosen secret is long enough not to be found by trying.
    pub fn is_long_enough(&self) -> bool {
        self.0.chars().count() >= Secret::SHORTEST
    }

    /// Whether this is the secret, in a time that tells nothing but whether it is as long.
    pub fn is(&self, shown: &str) -> bool {
        constant_time::verify_slices_are_equal(self.0.as_bytes(), shown.as_bytes()).is_ok()
    }

    /// The text, for the one answer that shows it.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(hidden)")
    }
}

/// The server's own key under which secrets are digested, so that a stolen database alone tests no guess.
#[derive(Clone)]
pub struct Pepper {
    digests: hmac::Key,
    /// Another function under the same key, so that no digest of a text is ever a derived key.
    derives: hmac::Key,
}

impl Pepper {
    /// Draws the bytes of a new pepper, for the caller to keep apart from the digests.
    pub fn generate() -> [u8; 32] {
        random()
    }

    /// The pepper made of these bytes.
    pub fn new(bytes: &[u8; 32]) -> Pepper {
        Pepper {
            digests: hmac::Key::new(hmac::HMAC_SHA256, bytes),
            derives: hmac::Key::new(hmac::HMAC_SHA512, bytes),
        }
    }

    /// What to keep of a secret.
    pub fn digest(&self, secret: &str) -> SecretDigest {
        let mut digest = [0; 32];
        digest.copy_from_slice(hmac::sign(&self.digests, secret.as_bytes()).as_ref());
        SecretDigest(digest)
    }

    /// Bytes that follow from this key and some words, and tell neither.
    pub(crate) fn derive(&self, words: &str) -> [u8; 64] {
        let mut bytes = [0; 64];
        bytes.copy_from_slice(hmac::sign(&self.derives, words.as_bytes()).as_ref());
        bytes
    }

    /// Whether `secret` is the one digested, in a time that does not depend on either.
    pub fn matches(&self, secret: &str, digest: &SecretDigest) -> bool {
        hmac::verify(&self.digests, secret.as_bytes(), &digest.0).is_ok()
    }
}

impl fmt::Debug for Pepper {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pepper(hidden)")
    }
}

/// HMAC-SHA-256 of a secret; serialises as base64url text.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct SecretDigest([u8; 32]);

impl fmt::Debug for SecretDigest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretDigest(hidden)")
    }
}

impl From<SecretDigest> for String {
    fn from(digest: SecretDigest) -> String {
        URL_SAFE_NO_PAD.encode(digest.0)
    }
}

impl TryFrom<String> for SecretDigest {
    type Error = &'static str;

    fn try_from(text: String) -> Result<SecretDigest, &'static str> {
        let bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| "a secret's digest is not base64url")?;
        bytes.try_into().map(SecretDigest).map_err(|_| "a secret's digest is not 32 bytes")
    }
}

/// One live secret of a client, as stored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoredSecret {
    /// The secret's own id, by which it is deleted.
    pub id: String,
    /// What is kept of it.
    pub digest: SecretDigest,
    /// When it was made, in seconds.
    pub created_at: Time,
    /// The second from which it no longer counts; none: it lasts.
    pub expires_at: Option<Time>,
}

impl StoredSecret {
    /// Whether it still counts.
    pub fn is_live(&self, now: Time) -> bool {
        self.expires_at.is_none_or(|end| now < end)
    }
}

/// Adds a secret to a client's list: expired ones go, and of two live ones the *newest* is replaced, so that the one
/// in use survives a rotation gone wrong (documented).
pub fn keep_secret(secrets: &mut Vec<StoredSecret>, new: StoredSecret, now: Time) {
    secrets.retain(|secret| secret.is_live(now));
    while secrets.len() > 1 {
        let newest = (0..secrets.len()).max_by_key(|&at| secrets[at].created_at).expect("more than one");
        secrets.remove(newest);
    }
    secrets.push(new);
}

/// Bytes from the operating system's generator, by way of the library's own.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    rand::fill(&mut bytes).expect("aws-lc aborts rather than return when the system gives no randomness");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    fn stored(id: &str, created_at: Time, expires_at: Option<Time>) -> StoredSecret {
        StoredSecret { id: id.into(), digest: Pepper::new(&[7; 32]).digest(id), created_at, expires_at }
    }

    fn ids(secrets: &[StoredSecret]) -> Vec<&str> {
        secrets.iter().map(|secret| secret.id.as_str()).collect()
    }

    #[test]
    fn a_secret_matches_its_digest_under_its_pepper_only() {
        let pepper = Pepper::new(&Pepper::generate());
        let secret = Secret::generate();
        assert_eq!(secret.reveal().len(), 43);
        assert_ne!(secret, Secret::generate());
        let digest = pepper.digest(secret.reveal());
        assert!(pepper.matches(secret.reveal(), &digest));
        assert!(!pepper.matches("", &digest));
        assert!(!pepper.matches(&secret.reveal()[1..], &digest));
        assert!(!Pepper::new(&Pepper::generate()).matches(secret.reveal(), &digest));
    }

    #[test]
    fn nothing_secret_shows_in_debug() {
        let secret = Secret::chosen("hunter2");
        let text = format!("{secret:?} {:?} {:?}", Pepper::new(&[1; 32]), stored("hunter2", 0, None).digest);
        assert!(!text.contains("hunter2"));
        assert_eq!(text, "Secret(hidden) Pepper(hidden) SecretDigest(hidden)");
    }

    #[test]
    fn a_digest_survives_the_store() {
        let secret = stored("a", 1, Some(2));
        let text = serde_json::to_string(&secret).unwrap();
        assert_eq!(serde_json::from_str::<StoredSecret>(&text).unwrap(), secret);
        assert!(serde_json::from_str::<SecretDigest>("\"AAAA\"").is_err());
        assert!(serde_json::from_str::<SecretDigest>("\"*\"").is_err());
    }

    #[test]
    fn a_third_secret_replaces_the_newest_of_two() {
        let mut secrets = vec![];
        keep_secret(&mut secrets, stored("old", 10, None), 10);
        keep_secret(&mut secrets, stored("middle", 20, None), 20);
        keep_secret(&mut secrets, stored("new", 30, None), 30);
        assert_eq!(ids(&secrets), ["old", "new"]);
    }

    #[test]
    fn an_expired_secret_makes_room_first() {
        let mut secrets = vec![stored("gone", 10, Some(25)), stored("live", 20, None)];
        keep_secret(&mut secrets, stored("new", 30, None), 30);
        assert_eq!(ids(&secrets), ["live", "new"]);
        assert!(stored("x", 0, Some(10)).is_live(9));
        assert!(!stored("x", 0, Some(10)).is_live(10));
    }
}
