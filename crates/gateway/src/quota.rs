//! The gateway's quota: counted always and told in headers, enforced only when the operator asks for real limits.

use std::collections::HashMap;

use parking_lot::Mutex;

/// One window of a quota.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Window {
    calls: u64,
    seconds: i64,
}

/// What the quota's headers say after one more call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Standing {
    /// Calls left in the tightest window.
    pub remaining: u64,
    /// Seconds until that window ends.
    pub reset: i64,
    /// Whether this call was one too many.
    pub over: bool,
    /// How many calls that window allows.
    pub calls: u64,
    /// That window's length in seconds.
    pub seconds: i64,
}

/// When a window began, and how many calls it has seen.
type Count = (i64, u64);

/// Counts by caller and product.
#[derive(Debug, Default)]
pub struct Quota {
    counts: Mutex<HashMap<(String, String), Vec<Count>>>,
}

/// Reads a header such as `5000, 5000;w=60`: the windows behind the first word.
fn windows(quota: &str) -> impl Iterator<Item = Window> {
    quota.split(',').filter_map(|part| {
        let (calls, rest) = part.trim().split_once(";w=")?;
        Some(Window { calls: calls.parse().ok()?, seconds: rest.parse().ok()? })
    })
}

impl Quota {
    /// Counts one call of a caller and tells how the quota stands. Windows begin at multiples of their length.
    pub fn count(&self, caller: &str, product: &str, quota: &str, now: i64) -> Standing {
        let mut counts = self.counts.lock();
        let held = counts.entry((caller.to_owned(), product.to_owned())).or_default();
        let mut tightest: Option<Standing> = None;
        for (place, window) in windows(quota).enumerate() {
            if held.len() <= place {
                held.push((0, 0));
            }
            let (start, count) = &mut held[place];
            let current = now - now.rem_euclid(window.seconds);
            if *start != current {
                (*start, *count) = (current, 0);
            }
            *count += 1;
            let standing = Standing {
                remaining: window.calls.saturating_sub(*count),
                reset: current + window.seconds - now,
                over: *count > window.calls,
                calls: window.calls,
                seconds: window.seconds,
            };
            if tightest
                .is_none_or(|known| (standing.over, known.remaining) > (known.over, standing.remaining))
            {
                tightest = Some(standing);
            }
        }
        tightest.unwrap_or(Standing { remaining: 0, reset: 0, over: false, calls: 0, seconds: 1 })
    }
}

#[cfg(test)]
mod tests {
    use super::Quota;

    #[test]
    fn the_tightest_window_is_told_and_each_begins_anew() {
        let quota = Quota::default();
        let header = "3, 3;w=60, 5;w=3600";
        let left: Vec<u64> = (0..3).map(|_| quota.count("c", "p", header, 0).remaining).collect();
        assert_eq!(left, [2, 1, 0]);
        assert!(quota.count("c", "p", header, 59).over);
        let next = quota.count("c", "p", header, 60);
        assert!(!next.over);
        assert_eq!((next.remaining, next.calls), (0, 5));
        assert!(!quota.count("other", "p", header, 60).over);
    }
}
