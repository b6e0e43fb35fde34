//! Real time, which tenants' clocks are ahead of by as much as is set.

use std::time::{SystemTime, UNIX_EPOCH};

use zuno_model::Time;

/// The clock of the machine.
pub struct Clock;

impl Clock {
    /// Real time in seconds.
    pub fn real() -> Time {
        let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        i64::try_from(since.as_secs()).unwrap_or(i64::MAX)
    }
}
