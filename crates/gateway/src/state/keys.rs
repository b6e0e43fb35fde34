//! The server's own keys: found in their place or made.

use std::panic::resume_unwind;
use std::sync::Arc;
use std::thread;

use zuno_identity::{Algorithm, KeyStore, KeyStoreError, Keyring, Pepper, SealingKey, SigningKey};
use zuno_model::TenantId;
use zuno_store::{Store, read};

use crate::options::StartError;

/// The key under which secrets are digested; an older version kept it in a note of this name.
pub const PEPPER: &str = "pepper";
/// The key under which records' secrets are sealed.
const SEALING: &str = "sealing";
/// The note that tells which key that is.
pub const SEALED_BY: &str = "sealing-key";

/// The server's own keys, and where they are kept.
pub struct Keys {
    kept: Arc<dyn KeyStore>,
    pub pepper: Arc<Pepper>,
    pub sealing: Arc<SealingKey>,
}

impl Keys {
    /// Finds the keys that a store's records need, or makes them for a store that has none. What an older version noted
    /// in the store is kept with the others; [`seal_what_is_in_clear`](crate::Cloud::seal_what_is_in_clear) removes the notes.
    pub fn open(store: &dyn Store, kept: Arc<dyn KeyStore>) -> Result<Keys, StartError> {
        let sealed_by = read(store, |tx| tx.note(TenantId::SERVER, SEALED_BY))?;
        let found = |name: &str, make: &dyn Fn() -> [u8; 32]| -> Result<[u8; 32], StartError> {
            let noted = read(store, |tx| tx.note(TenantId::SERVER, name))?;
            let bytes = match (kept.key(name)?, noted) {
                (Some(kept), Some(noted)) if kept != noted => return Err(other(name)),
                (Some(kept), _) => kept,
                (None, Some(noted)) => kept.keep(name, &noted)?,
                (None, None) if sealed_by.is_some() => return Err(missing(name)),
                (None, None) => kept.keep(name, &make())?,
            };
            bytes.try_into().map_err(|_| StartError::Option(format!("the key `{name}` is not 32 bytes")))
        };
        // Each waits for the disk when it is made.
        let (pepper, sealing) = thread::scope(|scope| {
            let pepper = scope.spawn(|| found(PEPPER, &Pepper::generate));
            let sealing = found(SEALING, &SealingKey::generate);
            (pepper.join().unwrap_or_else(|panic| resume_unwind(panic)), sealing)
        });
        let (pepper, sealing) = (pepper?, SealingKey::new(&sealing?));
        if sealed_by.is_some_and(|name| name != sealing.name().as_bytes()) {
            return Err(other(SEALING));
        }
        for algorithm in Algorithm::ALL {
            let (name, note) = (place(algorithm), note(algorithm));
            if let Some(noted) = read(store, |tx| tx.note(TenantId::SERVER, &note))?
                && kept.keep(&name, &noted)? != noted
            {
                return Err(other(&name));
            }
        }
        Ok(Keys { kept, pepper: Arc::new(Pepper::new(&pepper)), sealing: Arc::new(sealing) })
    }

    /// Brings the signing keys that are there into the ring, so that tokens of before the start count from the start on.
    pub fn load(&self, ring: &Keyring) -> Result<(), StartError> {
        for algorithm in Algorithm::ALL {
            if let Some(key) = self.signing(algorithm)? {
                ring.put(key);
            }
        }
        Ok(())
    }

    fn signing(&self, algorithm: Algorithm) -> Result<Option<SigningKey>, KeyStoreError> {
        let name = place(algorithm);
        self.kept.key(&name)?.map(|bytes| parsed(&name, &bytes)).transpose()
    }

    /// The key that tokens are signed with, made now if there is none.
    pub fn signing_or_new(&self, algorithm: Algorithm) -> Result<SigningKey, KeyStoreError> {
        if let Some(key) = self.signing(algorithm)? {
            return Ok(key);
        }
        let name = place(algorithm);
        let kept = self.kept.keep(&name, &SigningKey::generate(algorithm).to_pkcs8())?;
        parsed(&name, &kept)
    }
}

fn place(algorithm: Algorithm) -> String {
    format!("signing-{}", algorithm.as_str().to_ascii_lowercase())
}

/// Where an older version kept it.
pub fn note(algorithm: Algorithm) -> String {
    format!("signing-key:{}", algorithm.as_str())
}

fn parsed(name: &str, bytes: &[u8]) -> Result<SigningKey, KeyStoreError> {
    SigningKey::from_pkcs8(bytes).map_err(|cause| KeyStoreError {
        what: format!(
            "the key `{name}` is damaged: restore it, or remove it for a new one, which ends every token"
        ),
        cause: Some(cause.into()),
    })
}

fn missing(name: &str) -> StartError {
    StartError::Option(format!(
        "the key `{name}` is missing, without which the records of this database cannot be used: restore the keys of \
         the same back-up, or start on a new folder"
    ))
}

fn other(name: &str) -> StartError {
    StartError::Option(format!(
        "the key `{name}` is not the one that the database was written with: restore the keys of the same back-up"
    ))
}
