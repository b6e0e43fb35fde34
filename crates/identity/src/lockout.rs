//! Lockout of API keys: three failures in a row close one for half an hour (documented for the older ZPA sign-in).

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use zuno_model::Time;

/// How many failures in a row lock a key.
const FAILURES: u32 = 3;
/// For how long, in seconds.
const LOCKED: Time = 30 * 60;

/// What became of an attempt.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attempt {
    /// The proof held.
    Passed,
    /// It did not; the third time in a row locks.
    Failed,
    /// It was not looked at.
    Locked {
        /// The second from which attempts count again.
        until: Time,
    },
}

#[derive(Debug, Default)]
struct Failures {
    count: u32,
    last: Time,
}

/// Failures by client id; only ids that exist should be brought here, so that strangers cannot fill it.
#[derive(Debug, Default)]
pub struct Lockouts(Mutex<HashMap<String, Failures>>);

impl Lockouts {
    /// Makes one attempt. Counting and proving are one step: attempts side by side get no more guesses than in turn.
    pub fn attempt(&self, client_id: &str, now: Time, prove: impl FnOnce() -> bool) -> Attempt {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failures) = all.get(client_id)
            && failures.count >= FAILURES
        {
            let until = failures.last.saturating_add(LOCKED);
            if now < until {
                return Attempt::Locked { until };
            }
            all.remove(client_id);
        }
        if prove() {
            all.remove(client_id);
            return Attempt::Passed;
        }
        let failures = all.entry(client_id.to_owned()).or_default();
        failures.count += 1;
        failures.last = now;
        Attempt::Failed
    }

    /// Until when this id is locked.
    pub fn locked_until(&self, client_id: &str, now: Time) -> Option<Time> {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let failures = all.get(client_id).filter(|failures| failures.count >= FAILURES)?;
        Some(failures.last.saturating_add(LOCKED)).filter(|until| now < *until)
    }

    /// Opens a key again, as an administrator may.
    pub fn unlock(&self, client_id: &str) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(client_id);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_forgives_earlier_failures() {
        let lockouts = Lockouts::default();
        for proof in [false, false, true, false, false] {
            assert_ne!(lockouts.attempt("a", 0, || proof), Attempt::Locked { until: LOCKED });
        }
        assert_eq!(lockouts.locked_until("a", 0), None);
        assert_eq!(lockouts.attempt("a", 7, || false), Attempt::Failed);
        assert_eq!(
            lockouts.attempt("a", 8, || panic!("not looked at")),
            Attempt::Locked { until: 7 + LOCKED }
        );
        assert_eq!(lockouts.locked_until("a", 8), Some(7 + LOCKED));
        assert_eq!(lockouts.attempt("b", 8, || true), Attempt::Passed, "one key's lock is its own");
    }

    #[test]
    fn a_lock_ends_by_time_or_by_an_administrator() {
        let lockouts = Lockouts::default();
        for _ in 0..3 {
            lockouts.attempt("a", 0, || false);
        }
        lockouts.unlock("a");
        assert_eq!(lockouts.attempt("a", 1, || true), Attempt::Passed);
        for _ in 0..3 {
            lockouts.attempt("a", 1, || false);
        }
        assert_eq!(lockouts.attempt("a", 1 + LOCKED, || false), Attempt::Failed, "the count starts anew");
        assert_eq!(lockouts.locked_until("a", 1 + LOCKED), None);
    }
}
