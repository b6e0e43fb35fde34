//! Where a server keeps its own keys: apart from the records that they guard, so that a copy of those alone opens
//! nothing.

use std::collections::HashMap;
use std::error::Error;
use std::sync::{Mutex, PoisonError};

/// A place for a server's keys. Nodes that serve one store must share one.
pub trait KeyStore: Send + Sync {
    /// The key of this name, if there is one.
    ///
    /// # Errors
    /// The place cannot be read.
    fn key(&self, name: &str) -> Result<Option<Vec<u8>>, KeyStoreError>;

    /// Keeps a key under a name that has none yet; answers the one that is kept, which may be another's who came first.
    ///
    /// # Errors
    /// The place cannot be written.
    fn keep(&self, name: &str, key: &[u8]) -> Result<Vec<u8>, KeyStoreError>;
}

/// A key could not be read or kept.
#[derive(Debug, thiserror::Error)]
#[error("{what}")]
pub struct KeyStoreError {
    /// Which key, where, and what to do.
    pub what: String,
    /// Why.
    #[source]
    pub cause: Option<Box<dyn Error + Send + Sync>>,
}

/// Keys that end with the process, for a store that does.
#[derive(Default)]
pub struct KeysInMemory(Mutex<HashMap<String, Vec<u8>>>);

impl KeyStore for KeysInMemory {
    fn key(&self, name: &str) -> Result<Option<Vec<u8>>, KeyStoreError> {
        Ok(self.0.lock().unwrap_or_else(PoisonError::into_inner).get(name).cloned())
    }

    fn keep(&self, name: &str, key: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        Ok(keys.entry(name.to_owned()).or_insert_with(|| key.to_vec()).clone())
    }
}

#[cfg(test)]
mod tests {
    use super::{KeyStore as _, KeysInMemory};

    #[test]
    fn the_first_key_of_a_name_stays() {
        let keys = KeysInMemory::default();
        assert_eq!(keys.key("a").unwrap(), None);
        assert_eq!(keys.keep("a", b"one").unwrap(), b"one");
        assert_eq!(keys.keep("a", b"two").unwrap(), b"one");
        assert_eq!(keys.key("a").unwrap().as_deref(), Some(&b"one"[..]));
    }
}
