//! Calls counted in windows: the gateway's quota, which headers always tell, and the products' own limits; a caller is
//! turned away only when the operator asks for real limits.

use std::convert::Infallible;
use std::sync::Arc;

use parking_lot::Mutex;
use quick_cache::sync::Cache;
use zuno_catalogue::Window;
use zuno_model::Time;

/// How a limit stands after one more call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuotaStatus {
    /// Calls left in the tightest window.
    pub remaining: u64,
    /// Seconds until that window ends.
    pub reset: i64,
    /// Whether this call was one too many.
    pub over: bool,
    /// That window.
    pub window: Window,
}

/// How many limits are counted at once; of more, those that are asked least begin anew.
const COUNTED: usize = 1 << 16;

/// Where each window of a limit stands: when it began, and how many calls came since.
type Counts = Arc<Mutex<Vec<(Time, u64)>>>;

/// Counts by whatever a limit is kept for: a caller of a tenant, or an operation of one.
#[derive(Debug)]
pub struct Quota {
    counts: Cache<String, Counts>,
}

impl Default for Quota {
    fn default() -> Quota {
        Quota { counts: Cache::new(COUNTED) }
    }
}

impl Quota {
    /// Counts one call and tells how the limit stands; nothing without windows. A window begins at its first call.
    pub fn count(&self, what: &str, windows: &[Window], now: Time) -> Option<QuotaStatus> {
        let Ok(held) = self.counts.get_or_insert_with(what, || Ok::<_, Infallible>(Counts::default()));
        let mut held = held.lock();
        held.resize(windows.len(), (Time::MIN, 0));
        let mut tightest: Option<QuotaStatus> = None;
        for (window, (began, count)) in windows.iter().zip(held.iter_mut()) {
            if now >= began.saturating_add(window.seconds) || now < *began {
                (*began, *count) = (now, 0);
            }
            *count += 1;
            let status = QuotaStatus {
                remaining: window.calls.saturating_sub(*count),
                reset: *began + window.seconds - now,
                over: *count > window.calls,
                window: *window,
            };
            if tightest.is_none_or(|known| (status.over, known.remaining) > (known.over, status.remaining)) {
                tightest = Some(status);
            }
        }
        tightest
    }
}

#[cfg(test)]
mod tests {
    use super::{COUNTED, Quota, Window};

    #[test]
    fn the_tightest_window_is_told_and_each_begins_at_its_first_call() {
        let quota = Quota::default();
        let windows = [Window { calls: 3, seconds: 60 }, Window { calls: 5, seconds: 3600 }];
        let at = |now| quota.count("c", &windows, now).expect("there are windows");
        let left: Vec<u64> = [7, 7, 9].map(|now| at(now).remaining).into();
        assert_eq!(left, [2, 1, 0]);
        assert!(at(66).over, "the minute began at 7");
        let next = at(67);
        assert!(!next.over);
        assert_eq!((next.remaining, next.window.calls, next.reset), (0, 5, 3540));
        assert!(!quota.count("other", &windows, 67).expect("there are windows").over);
        assert_eq!(quota.count("c", &[], 67), None);
    }

    #[test]
    fn however_many_callers_come_a_bounded_number_is_remembered() {
        let quota = Quota::default();
        let windows = [Window { calls: 3, seconds: 60 }];
        for caller in 0..3 * COUNTED {
            quota.count(&caller.to_string(), &windows, 7);
        }
        assert!(quota.counts.len() <= COUNTED, "{}", quota.counts.len());
    }

    #[test]
    fn callers_at_once_are_all_counted() {
        let quota = Quota::default();
        let windows = [Window { calls: 1000, seconds: 60 }];
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| (0..100).for_each(|_| assert!(quota.count("c", &windows, 7).is_some())));
            }
        });
        assert_eq!(quota.count("c", &windows, 7).expect("there is a window").remaining, 599);
    }
}
