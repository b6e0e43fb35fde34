//! What must be read again, and by nobody else, is kept sealed: AES-256-GCM under a key of the server's own, bound to
//! the place where it is kept.

use std::fmt;

use aws_lc_rs::aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey};
use aws_lc_rs::digest::{SHA256, digest};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::secret::random;

/// The key under which a server seals.
pub struct SealingKey {
    key: RandomizedNonceKey,
    name: String,
}

impl SealingKey {
    /// Draws the bytes of a new key, for the caller to keep apart from what it seals.
    pub fn generate() -> [u8; 32] {
        random()
    }

    /// The key made of these bytes.
    pub fn new(bytes: &[u8; 32]) -> SealingKey {
        let key = RandomizedNonceKey::new(&AES_256_GCM, bytes).expect("a key of 32 bytes is AES-256's");
        let mark = digest(&SHA256, bytes);
        let name = mark.as_ref().iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        SealingKey { key, name }
    }

    /// What tells it from other keys; it tells nothing of the key.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Seals some bytes; only the same key opens them, and only `about` the same.
    pub fn seal(&self, about: &str, clear: &[u8]) -> String {
        let mut bytes = clear.to_vec();
        let nonce = self.key.seal_in_place_append_tag(Aad::from(about), &mut bytes);
        let nonce = nonce.expect("aws-lc seals what fits into memory");
        let whole = [nonce.as_ref().as_slice(), &bytes].concat();
        format!("{}.{}", self.name, URL_SAFE_NO_PAD.encode(whole))
    }

    /// Opens what was sealed about the same.
    ///
    /// # Errors
    /// Another key sealed it, or it is not what was sealed here.
    pub fn open(&self, about: &str, sealed: &str) -> Result<Vec<u8>, Unsealable> {
        let (name, text) = sealed.split_once('.').ok_or(Unsealable::Spoilt)?;
        if name != self.name {
            return Err(Unsealable::OtherKey { sealed: name.to_owned(), here: self.name.clone() });
        }
        let mut bytes = URL_SAFE_NO_PAD.decode(text).map_err(|_| Unsealable::Spoilt)?;
        let (nonce, rest) = bytes.split_at_mut_checked(NONCE_LEN).ok_or(Unsealable::Spoilt)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).map_err(|_| Unsealable::Spoilt)?;
        let clear = self.key.open_in_place(nonce, Aad::from(about), rest);
        clear.map(|clear| clear.to_vec()).map_err(|_| Unsealable::Spoilt)
    }
}

impl fmt::Debug for SealingKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SealingKey({})", self.name)
    }
}

/// Why something cannot be opened.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unsealable {
    /// It was sealed with another key.
    #[error(
        "it was sealed with the key `{sealed}` and this server has `{here}`: restore the keys of the same back-up"
    )]
    OtherKey {
        /// The key that sealed it.
        sealed: String,
        /// The one that is here.
        here: String,
    },
    /// It was changed, or taken from another place.
    #[error("it is not what was sealed there: restore a back-up")]
    Spoilt,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::{SealingKey, Unsealable};

    #[test]
    fn what_is_sealed_opens_in_its_own_place_under_its_own_key_only() {
        let key = SealingKey::new(&[7; 32]);
        let sealed = key.seal("1 zia.vpn 5 preSharedKey", b"hunter2");
        assert!(!sealed.contains("hunter2"));
        assert_ne!(sealed, key.seal("1 zia.vpn 5 preSharedKey", b"hunter2"), "no two are alike");
        assert_eq!(key.open("1 zia.vpn 5 preSharedKey", &sealed).unwrap(), b"hunter2");
        assert_eq!(key.open("2 zia.vpn 5 preSharedKey", &sealed), Err(Unsealable::Spoilt));
        let other = SealingKey::new(&SealingKey::generate());
        let refused = other.open("1 zia.vpn 5 preSharedKey", &sealed).unwrap_err();
        assert!(matches!(refused, Unsealable::OtherKey { .. }));
        let renamed = sealed.replacen(key.name(), other.name(), 1);
        assert_eq!(other.open("1 zia.vpn 5 preSharedKey", &renamed), Err(Unsealable::Spoilt));
        assert_eq!(format!("{key:?}"), format!("SealingKey({})", key.name()));
    }

    proptest! {
        #[test]
        fn no_text_but_the_sealed_one_opens(text in "\\PC{0,60}", clear in proptest::collection::vec(any::<u8>(), 0..90), at in any::<prop::sample::Index>()) {
            let key = SealingKey::new(&[1; 32]);
            prop_assert!(key.open("a", &text).is_err());
            let named = format!("{}.{text}", key.name());
            prop_assert!(key.open("a", &named).is_err());
            let sealed = key.seal("a", &clear);
            prop_assert_eq!(key.open("a", &sealed).unwrap(), clear);
            let mut letters = sealed.into_bytes();
            // The last letter may hold bits that stand for nothing.
            let at = at.index(letters.len() - 1);
            letters[at] = if letters[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(letters).unwrap();
            prop_assert!(key.open("a", &changed).is_err());
        }
    }
}
