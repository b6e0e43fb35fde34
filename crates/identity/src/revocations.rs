//! Tokens that no longer count although their time is not over: single ones, and all of a client that was disabled or
//! deleted (documented for both).

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{PoisonError, RwLock};

use serde::{Deserialize, Serialize};
use zuno_model::Time;

use crate::Claims;

/// The longest that any token lives, in seconds; a revocation older than that has nothing left to revoke.
const TOKEN_LIFETIME_MAX: Time = 86_400;

/// What has been revoked; shared by all threads.
#[derive(Debug, Default)]
pub struct Revocations {
    /// Set with the first revocation, so that a server without any pays one load per call.
    any: AtomicBool,
    state: RwLock<State>,
}

#[derive(Debug, Default)]
struct State {
    /// `jti` and the token's own expiry.
    tokens: HashMap<String, Time>,
    /// Issuer and client id, and the second up to which (inclusive) its tokens are revoked.
    clients: HashMap<(String, String), Time>,
}

/// The revocations as a store keeps them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RevocationsSnapshot {
    /// Single tokens: `jti` and when the token expires.
    pub tokens: Vec<(String, Time)>,
    /// Whole clients.
    pub clients: Vec<RevokedClient>,
}

/// One client whose tokens up to a moment are revoked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct RevokedClient {
    /// The `iss` of its tokens.
    pub issuer: String,
    /// Its id.
    pub client_id: String,
    /// The second up to which, inclusive, its tokens are revoked.
    pub issued_until: Time,
}

impl Revocations {
    /// Revokes one token until it would have expired anyway.
    pub fn revoke(&self, jti: &str, exp: Time) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        state.tokens.insert(jti.to_owned(), exp);
        self.any.store(true, Ordering::Release);
    }

    /// Revokes every token that this client was issued up to `now`, which includes the current second: a token does
    /// not say in which half of a second it was made, and the safe reading is that it came first.
    pub fn revoke_client(&self, issuer: &str, client_id: &str, now: Time) {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let until = state.clients.entry((issuer.to_owned(), client_id.to_owned())).or_insert(now);
        *until = now.max(*until);
        self.any.store(true, Ordering::Release);
    }

    /// Whether this token no longer counts.
    pub fn is_revoked(&self, claims: &Claims) -> bool {
        if !self.any.load(Ordering::Acquire) {
            return false;
        }
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        if state.tokens.contains_key(&claims.jti) {
            return true;
        }
        !state.clients.is_empty()
            && state
                .clients
                .get(&(claims.iss.clone(), claims.client_id.clone()))
                .is_some_and(|until| claims.iat <= *until)
    }

    /// Forgets what can no longer matter, and says how many entries that were.
    pub fn prune(&self, now: Time) -> usize {
        let mut state = self.state.write().unwrap_or_else(PoisonError::into_inner);
        let before = state.tokens.len() + state.clients.len();
        state.tokens.retain(|_, exp| now < *exp);
        state.clients.retain(|_, until| now < until.saturating_add(TOKEN_LIFETIME_MAX));
        let after = state.tokens.len() + state.clients.len();
        self.any.store(after > 0, Ordering::Release);
        before - after
    }

    /// What to keep over a restart, in a stable order.
    pub fn snapshot(&self) -> RevocationsSnapshot {
        let state = self.state.read().unwrap_or_else(PoisonError::into_inner);
        let mut tokens: Vec<_> = state.tokens.iter().map(|(jti, exp)| (jti.clone(), *exp)).collect();
        let mut clients: Vec<_> = state
            .clients
            .iter()
            .map(|((issuer, client_id), until)| RevokedClient {
                issuer: issuer.clone(),
                client_id: client_id.clone(),
                issued_until: *until,
            })
            .collect();
        tokens.sort();
        clients.sort();
        RevocationsSnapshot { tokens, clients }
    }

    /// Takes up what a store kept, beside what is here already.
    pub fn restore(&self, snapshot: RevocationsSnapshot) {
        for (jti, exp) in snapshot.tokens {
            self.revoke(&jti, exp);
        }
        for client in snapshot.clients {
            self.revoke_client(&client.issuer, &client.client_id, client.issued_until);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Authentication;
    use crate::testing::{CLIENT_ID, client};

    const ISSUER: &str = "https://acme.zslogin.net";

    fn claims(iat: Time) -> Claims {
        Claims::new(ISSUER, None, &client(Authentication::Secrets(vec![])), iat, 3600)
    }

    #[test]
    fn one_token_or_all_of_a_client() {
        let revocations = Revocations::default();
        let (one, two) = (claims(100), claims(100));
        assert!(!revocations.is_revoked(&one));
        revocations.revoke(&one.jti, one.exp);
        assert!(revocations.is_revoked(&one) && !revocations.is_revoked(&two));
        revocations.revoke_client(ISSUER, CLIENT_ID, 100);
        assert!(revocations.is_revoked(&two) && !revocations.is_revoked(&claims(101)));
        revocations.revoke_client(ISSUER, CLIENT_ID, 50);
        assert!(revocations.is_revoked(&two), "an earlier moment takes nothing back");
        let mut elsewhere = two;
        elsewhere.iss = "https://other.zslogin.net".into();
        assert!(!revocations.is_revoked(&elsewhere), "another tenant's client of the same id");
    }

    #[test]
    fn what_is_over_is_forgotten_and_the_rest_survives_a_restart() {
        let revocations = Revocations::default();
        let (short, long) = (claims(100), claims(9000));
        revocations.revoke(&short.jti, short.exp);
        revocations.revoke(&long.jti, long.exp);
        revocations.revoke_client(ISSUER, "x", 100);
        assert_eq!(revocations.prune(short.exp - 1), 0);
        assert_eq!(revocations.prune(short.exp), 1);
        let text = serde_json::to_string(&revocations.snapshot()).unwrap();
        let restored = Revocations::default();
        restored.restore(serde_json::from_str(&text).unwrap());
        assert_eq!(restored.snapshot(), revocations.snapshot());
        assert!(restored.is_revoked(&long) && !restored.is_revoked(&short));
        assert_eq!(restored.prune(100 + TOKEN_LIFETIME_MAX), 2);
        assert_eq!(restored.snapshot(), RevocationsSnapshot::default());
    }
}
