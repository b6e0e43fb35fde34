//! Tokens already verified: a token's signature is checked once, then its digest is enough.

use std::fmt;
use std::sync::Arc;

use crate::Claims;
use aws_lc_rs::digest::{SHA256, digest};
use quick_cache::sync::Cache;

/// A verified token and what the caller keeps with it.
#[derive(Debug)]
pub struct KnownToken<V> {
    /// What the token says.
    pub claims: Arc<Claims>,
    /// The caller's own, such as the tenant and the client.
    pub value: Arc<V>,
}

impl<V> Clone for KnownToken<V> {
    fn clone(&self) -> KnownToken<V> {
        KnownToken { claims: self.claims.clone(), value: self.value.clone() }
    }
}

/// A bounded memory of verified tokens under the SHA-256 of their text, for any number of threads. The tokens
/// themselves are not in it.
pub struct TokenMemory<V> {
    known: Cache<[u8; 32], KnownToken<V>>,
}

impl<V> fmt::Debug for TokenMemory<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenMemory({} tokens)", self.known.len())
    }
}

impl<V> TokenMemory<V> {
    /// A memory of about this many tokens; the least used give way.
    pub fn new(tokens: usize) -> TokenMemory<V> {
        TokenMemory { known: Cache::new(tokens) }
    }

    /// What is known of a token that was seen before. Whether it still counts is the caller's to ask.
    pub fn get(&self, token: &str) -> Option<KnownToken<V>> {
        self.known.get(&key(token))
    }

    /// Forgets a token that no longer counts.
    pub fn forget(&self, token: &str) {
        self.known.remove(&key(token));
    }

    /// Remembers a token that was verified, with the caller's value.
    pub fn remember(&self, token: &str, claims: Claims, value: Arc<V>) -> KnownToken<V> {
        let known = KnownToken { claims: Arc::new(claims), value };
        self.known.insert(key(token), known.clone());
        known
    }

    /// How many are remembered.
    pub fn len(&self) -> usize {
        self.known.len()
    }

    /// Whether none is.
    pub fn is_empty(&self) -> bool {
        self.known.is_empty()
    }
}

fn key(token: &str) -> [u8; 32] {
    let mut key = [0; 32];
    key.copy_from_slice(digest(&SHA256, token.as_bytes()).as_ref());
    key
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Authentication;
    use crate::testing::client;

    fn claims() -> Claims {
        Claims::new("i", None, &client(Authentication::Secrets(vec![])), 1000, 60)
    }

    #[test]
    fn a_token_is_known_until_it_is_forgotten() {
        let memory = TokenMemory::new(10);
        assert!(memory.get("t").is_none());
        memory.remember("t", claims(), Arc::new(7));
        assert_eq!(*memory.get("t").unwrap().value, 7);
        assert!(memory.get("T").is_none());
        memory.forget("t");
        assert!(memory.get("t").is_none() && memory.is_empty());
    }

    #[test]
    fn the_memory_is_bounded() {
        let memory = TokenMemory::new(100);
        for at in 0..10_000 {
            memory.remember(&at.to_string(), claims(), Arc::new(()));
        }
        assert!(memory.len() <= 200, "{}", memory.len());
    }
}
