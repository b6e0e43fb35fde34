//! The server's clock: real time, moved by as much as an administrator wishes.

use std::sync::atomic::{AtomicI64, Ordering};
use std::time::{SystemTime, UNIX_EPOCH};

use zuno_model::Time;

/// A clock that can be moved.
#[derive(Debug, Default)]
pub struct Clock {
    offset: AtomicI64,
}

impl Clock {
    /// Real time in seconds.
    pub fn real() -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }

    /// The server's time in seconds.
    pub fn now(&self) -> Time {
        Clock::real().saturating_add(self.offset.load(Ordering::Relaxed))
    }

    /// Sets how many seconds the server is ahead of real time.
    pub fn set_offset(&self, seconds: i64) {
        self.offset.store(seconds, Ordering::Relaxed);
    }
}
