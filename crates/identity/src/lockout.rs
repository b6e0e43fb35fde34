//! Lockout of API keys: three failures in a row close one for half an hour (documented for the older ZPA sign-in).

use serde::{Deserialize, Serialize};
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

/// What is remembered of one key's attempts: its failures in a row. The caller keeps it where its clients are kept, and
/// makes an attempt and keeps what it left in one transaction, so that attempts side by side get no more guesses than in
/// turn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attempts {
    failures: u32,
    last: Time,
}

impl Attempts {
    /// Makes one attempt.
    pub fn attempt(&mut self, now: Time, prove: impl FnOnce() -> bool) -> Attempt {
        if let Some(until) = self.locked_until(now) {
            return Attempt::Locked { until };
        }
        if prove() {
            *self = Attempts::default();
            return Attempt::Passed;
        }
        let before = if self.is_locked() { 0 } else { self.failures };
        *self = Attempts { failures: before + 1, last: now };
        Attempt::Failed
    }

    /// Until when the key is locked.
    pub fn locked_until(&self, now: Time) -> Option<Time> {
        let until = self.last.saturating_add(LOCKED);
        (self.is_locked() && now < until).then_some(until)
    }

    /// Whether nothing of it matters any more.
    pub fn is_over(&self, now: Time) -> bool {
        self.failures == 0 || now >= self.last.saturating_add(LOCKED)
    }

    fn is_locked(&self) -> bool {
        self.failures >= FAILURES
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_forgives_earlier_failures() {
        let mut attempts = Attempts::default();
        for proof in [false, false, true, false, false] {
            assert_ne!(attempts.attempt(0, || proof), Attempt::Locked { until: LOCKED });
        }
        assert_eq!(attempts.locked_until(0), None);
        assert_eq!(attempts.attempt(7, || false), Attempt::Failed);
        assert_eq!(attempts.attempt(8, || panic!("not looked at")), Attempt::Locked { until: 7 + LOCKED });
        assert_eq!(attempts.locked_until(8), Some(7 + LOCKED));
        assert!(!attempts.is_over(8) && attempts.is_over(7 + LOCKED));
    }

    #[test]
    fn a_lock_ends_by_time_and_the_count_starts_anew() {
        let mut attempts = Attempts::default();
        for _ in 0..3 {
            attempts.attempt(0, || false);
        }
        assert_eq!(attempts.attempt(LOCKED, || false), Attempt::Failed);
        assert_eq!(attempts.locked_until(LOCKED), None);
        assert_eq!(attempts.attempt(LOCKED, || true), Attempt::Passed);
        assert_eq!(attempts, Attempts::default());
    }
}
