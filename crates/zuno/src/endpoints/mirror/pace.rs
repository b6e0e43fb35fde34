//! How long to leave a site alone between two rounds.

use std::time::Duration;

use anyhow::{Result, bail};

use crate::usage::Usage;

/// The shortest pause between two rounds at the real site: it documents no limit, and others poll hourly (client).
const FLOOR_REAL: Duration = Duration::from_secs(300);
/// The shortest pause between two rounds at a Zuno.
const FLOOR: Duration = Duration::from_secs(1);
/// The longest that a site can make a caller wait.
const LONGEST: Duration = Duration::from_secs(86400);

/// The pauses between rounds.
#[derive(Clone, Debug)]
pub struct Pace {
    every: Duration,
    floor: Duration,
    failures: u32,
}

impl Pace {
    /// A round as often as this, at the real site or at another.
    ///
    /// # Errors
    /// It is too often; `option` names what to change.
    pub fn new(every: Duration, real: bool, option: &str) -> Result<Pace> {
        let floor = if real { FLOOR_REAL } else { FLOOR };
        if every < floor {
            let (whom, seconds) = (if real { "the real site" } else { "a server" }, floor.as_secs());
            bail!(Usage(format!(
                "{option}: {whom} is asked every {seconds} s at most, so write {seconds}s or more"
            )));
        }
        Ok(Pace { every, floor, failures: 0 })
    }

    /// The pause after a round. One that failed is repeated early, and less early each time; a site that asked for a
    /// longer pause gets it, up to a day.
    pub fn next(&mut self, failed: bool, asked: Duration) -> Duration {
        let pause = if failed {
            let doubled = self.floor.saturating_mul(1 << self.failures.min(16));
            self.failures += 1;
            doubled.min(self.every)
        } else {
            self.failures = 0;
            self.every
        };
        pause.max(asked.min(LONGEST))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_real_site_is_not_asked_often() {
        assert!(Pace::new(Duration::from_secs(299), true, "--every").is_err());
        assert!(Pace::new(Duration::from_secs(300), true, "--every").is_ok());
        assert!(Pace::new(Duration::from_secs(1), false, "--every").is_ok());
    }

    #[test]
    fn a_failed_round_is_repeated_early_and_less_early_each_time() {
        let mut pace = Pace::new(Duration::from_secs(3600), true, "--every").unwrap();
        let mut after = |failed, asked| pace.next(failed, Duration::from_secs(asked)).as_secs();
        let failing: Vec<u64> = (0..6).map(|_| after(true, 0)).collect();
        assert_eq!(failing, [300, 600, 1200, 2400, 3600, 3600]);
        assert_eq!((after(false, 0), after(true, 0)), (3600, 300));
        assert_eq!((after(true, 700), after(false, 700), after(false, 7200)), (700, 3600, 7200));
        assert_eq!(after(false, u64::MAX), 86400, "nobody is kept away for ever");
    }
}
