//! Tokens already verified: a token's signature is checked once, then its digest is enough.

use std::fmt;
use std::sync::Arc;

use aws_lc_rs::digest::{SHA256, digest};
use quick_cache::sync::Cache;
use zuno_model::Time;

use crate::{Claims, Revocations};

/// A verified token and what the caller keeps with it.
#[derive(Debug)]
pub struct Known<V> {
    /// What the token says.
    pub claims: Arc<Claims>,
    /// The caller's own, such as the tenant and the client.
    pub value: Arc<V>,
}

impl<V> Clone for Known<V> {
    fn clone(&self) -> Known<V> {
        Known { claims: self.claims.clone(), value: self.value.clone() }
    }
}

/// A bounded memory of verified tokens under the SHA-256 of their text, for any number of threads. The tokens
/// themselves are not in it.
pub struct TokenMemory<V> {
    known: Cache<[u8; 32], Known<V>>,
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

    /// What is known of a token that still counts: seen before, not expired, not revoked.
    ///
    /// Revocations are asked at every call, so that one made between a verification and its remembering holds too.
    pub fn get(&self, token: &str, now: Time, revocations: &Revocations) -> Option<Known<V>> {
        let key = key(token);
        let known = self.known.get(&key)?;
        if now >= known.claims.exp || revocations.is_revoked(&known.claims) {
            self.known.remove(&key);
            return None;
        }
        Some(known)
    }

    /// Remembers a token that was verified, with the caller's value.
    pub fn remember(&self, token: &str, claims: Claims, value: Arc<V>) -> Known<V> {
        let known = Known { claims: Arc::new(claims), value };
        self.known.insert(key(token), known.clone());
        known
    }

    /// Forgets one token by its `jti`, so that the caller's value is made anew. Looks at every entry.
    pub fn forget(&self, jti: &str) {
        self.known.retain(|_, known| known.claims.jti != jti);
    }

    /// Forgets the tokens for which this holds, such as those of a client whose roles changed.
    pub fn forget_where(&self, outdated: impl Fn(&Claims, &V) -> bool) {
        self.known.retain(|_, known| !outdated(&known.claims, &known.value));
    }

    /// Forgets all.
    pub fn clear(&self) {
        self.known.clear();
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
    fn a_token_is_known_until_it_expires() {
        let (memory, revocations) = (TokenMemory::new(10), Revocations::default());
        assert!(memory.get("t", 1000, &revocations).is_none());
        memory.remember("t", claims(), Arc::new(7));
        assert_eq!(*memory.get("t", 1059, &revocations).unwrap().value, 7);
        assert!(memory.get("T", 1059, &revocations).is_none());
        assert!(memory.get("t", 1060, &revocations).is_none());
        assert!(memory.is_empty());
    }

    #[test]
    fn a_revoked_token_is_unknown_at_once() {
        let (memory, revocations) = (TokenMemory::new(10), Revocations::default());
        let known = memory.remember("t", claims(), Arc::new(()));
        revocations.revoke(&known.claims.jti, known.claims.exp);
        assert!(memory.get("t", 1001, &revocations).is_none());
        memory.remember("t", (*known.claims).clone(), Arc::new(()));
        assert!(memory.get("t", 1001, &revocations).is_none(), "remembering it again does not bring it back");
    }

    #[test]
    fn one_some_or_all_can_be_forgotten() {
        let (memory, revocations) = (TokenMemory::new(10), Revocations::default());
        let jti = memory.remember("a", claims(), Arc::new(1)).claims.jti.clone();
        memory.remember("b", claims(), Arc::new(2));
        memory.remember("c", claims(), Arc::new(3));
        memory.forget(&jti);
        assert!(memory.get("a", 1001, &revocations).is_none());
        memory.forget_where(|_, value| *value == 2);
        assert!(
            memory.get("b", 1001, &revocations).is_none() && memory.get("c", 1001, &revocations).is_some()
        );
        memory.clear();
        assert_eq!(memory.len(), 0);
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
