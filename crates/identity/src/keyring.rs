//! The server's signing keys together: made or loaded when first wanted, published, and verifying what they signed.

use std::sync::{Mutex, OnceLock, PoisonError};

use serde_json::{Value, json};

use crate::jws::Compact;
use crate::{Algorithm, Claims, SigningKey, TokenError};

/// One RSA and one P-256 key, each present once somebody brought it.
#[derive(Debug, Default)]
pub struct Keyring {
    rsa: OnceLock<SigningKey>,
    ec: OnceLock<SigningKey>,
    making_rsa: Mutex<()>,
    making_ec: Mutex<()>,
}

impl Keyring {
    /// A ring without keys.
    pub fn new() -> Keyring {
        Keyring::default()
    }

    fn place(&self, algorithm: Algorithm) -> (&OnceLock<SigningKey>, &Mutex<()>) {
        match algorithm {
            Algorithm::Rs256 => (&self.rsa, &self.making_rsa),
            Algorithm::Es256 => (&self.ec, &self.making_ec),
        }
    }

    /// The key for this algorithm, if it is there.
    pub fn get(&self, algorithm: Algorithm) -> Option<&SigningKey> {
        self.place(algorithm).0.get()
    }

    /// Adds a key; false when one for its algorithm is there already, which then stays.
    pub fn put(&self, key: SigningKey) -> bool {
        self.place(key.algorithm()).0.set(key).is_ok()
    }

    /// The key for this algorithm; when it is missing, `make` is asked for it by one caller while others wait.
    ///
    /// `make` loads the key, or generates and stores it. RSA generation takes a good part of a second: call this from
    /// a background thread at the start, and again where a token is signed. The error is `make`'s own, and the next
    /// caller tries again.
    ///
    /// # Panics
    /// When `make` returns a key for another algorithm.
    pub fn get_or_make<E>(
        &self,
        algorithm: Algorithm,
        make: impl FnOnce() -> Result<SigningKey, E>,
    ) -> Result<&SigningKey, E> {
        let (place, making) = self.place(algorithm);
        if let Some(key) = place.get() {
            return Ok(key);
        }
        // The lock guards no data: a maker that panicked left nothing half done.
        let _making = making.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = place.get() {
            return Ok(key);
        }
        let key = make()?;
        assert_eq!(key.algorithm(), algorithm, "the key made is for the algorithm asked for");
        Ok(place.get_or_init(|| key))
    }

    fn keys(&self) -> impl Iterator<Item = &SigningKey> {
        self.rsa.get().into_iter().chain(self.ec.get())
    }

    /// The JWK set of the keys that are there.
    pub fn jwks(&self) -> Value {
        json!({ "keys": self.keys().map(SigningKey::jwk).collect::<Vec<_>>() })
    }

    /// Verifies a token of ours: its form, and its signature by the key its header names.
    ///
    /// Who it is for (`aud`, `iss`), whether its time is over ([`Claims::is_over`]) and whether it was revoked is the
    /// caller's to ask. `nbf` is not held against a token: it equals `iat`, and a clock that an administrator moved back
    /// must not lock everyone out.
    ///
    /// # Errors
    /// It is no token of ours.
    pub fn verify(&self, token: &str) -> Result<Claims, TokenError> {
        let compact = Compact::parse(token).map_err(TokenError::Malformed)?;
        let key = self
            .keys()
            .find(|key| compact.kid.as_deref() == Some(key.kid()))
            .ok_or(TokenError::UnknownKey)?;
        if !key.signed(&compact) {
            return Err(TokenError::BadSignature);
        }
        serde_json::from_slice(&compact.payload).map_err(|_| TokenError::Malformed("its claims are not ours"))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[test]
    fn a_key_is_made_once_however_many_ask() {
        let ring = Keyring::new();
        let made = AtomicU32::new(0);
        let start = Barrier::new(8);
        let kids: Vec<String> = std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8)
                .map(|_| {
                    scope.spawn(|| {
                        start.wait();
                        let key = ring.get_or_make(Algorithm::Es256, || {
                            made.fetch_add(1, Ordering::SeqCst);
                            Ok::<_, ()>(SigningKey::generate(Algorithm::Es256))
                        });
                        key.unwrap().kid().to_owned()
                    })
                })
                .collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        });
        assert_eq!(made.into_inner(), 1);
        assert!(kids.iter().all(|kid| *kid == kids[0]));
        assert!(!ring.put(SigningKey::generate(Algorithm::Es256)));
    }

    #[test]
    fn a_maker_that_fails_leaves_the_place_free() {
        let ring = Keyring::new();
        assert_eq!(ring.get_or_make(Algorithm::Es256, || Err("disk full")).unwrap_err(), "disk full");
        assert!(ring.get(Algorithm::Es256).is_none());
        assert_eq!(ring.jwks(), json!({ "keys": [] }));
        assert!(ring.put(SigningKey::generate(Algorithm::Es256)));
        assert_eq!(ring.jwks()["keys"][0]["kid"], ring.get(Algorithm::Es256).unwrap().kid());
    }
}
