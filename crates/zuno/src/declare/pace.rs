//! No faster than a product allows: calls to the real cloud wait for their turn before the cloud has to refuse them.

use std::cell::RefCell;
use std::collections::{HashMap, VecDeque};
use std::time::{Duration, Instant};

use zuno_catalogue::{Operation, Product, Window};

/// When calls were sent, by whose limit they count towards; kept as long as the limit looks back.
#[derive(Debug, Default)]
pub struct Pace(RefCell<HashMap<String, VecDeque<Instant>>>);

impl Pace {
    /// How long the next call of an operation waits at this moment for its documented limit; it counts as sent then.
    pub fn wait(&self, product: &Product, operation: &Operation, now: Instant) -> Duration {
        let of_product = if operation.writes() { &product.limits.write } else { &product.limits.read };
        let (whose, limit) = match &operation.limits {
            Some(own) => (format!("{} {}", operation.method, operation.path), own),
            None => match of_product {
                Some(limit) => (format!("{} {}", product.name, operation.writes()), limit),
                None => return Duration::ZERO,
            },
        };
        let mut sent = self.0.borrow_mut();
        let sent = sent.entry(whose).or_default();
        let at =
            limit.windows.iter().filter_map(|window| free(sent, *window)).max().map_or(now, |at| at.max(now));
        let longest = limit.windows.iter().map(|window| window.seconds.unsigned_abs()).max().unwrap_or(0);
        sent.push_back(at);
        while sent.front().is_some_and(|first| at.duration_since(*first) > Duration::from_secs(longest)) {
            sent.pop_front();
        }
        at - now
    }
}

/// When a window has room for one more.
fn free(sent: &VecDeque<Instant>, window: Window) -> Option<Instant> {
    let calls = usize::try_from(window.calls).unwrap_or(usize::MAX);
    let oldest = sent.len().checked_sub(calls)?;
    Some(sent[oldest] + Duration::from_secs(window.seconds.unsigned_abs()))
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use zuno_catalogue::Catalogue;

    use super::Pace;

    #[test]
    fn no_window_ever_holds_more_than_its_limit() {
        let catalogue = Catalogue::compiled();
        let product = catalogue.product("zpa").expect("there is one");
        let group = catalogue.resource("zpa.segment_group").expect("there is one");
        let (list, create) = (&group.operations["list"], &group.operations["create"]);
        let (pace, start) = (Pace::default(), Instant::now());
        let mut now = start;
        let mut sent = Vec::new();
        for _ in 0..90 {
            now += pace.wait(product, list, now);
            sent.push(now);
        }
        // 20 reads in 10 s (documented).
        for first in 0..sent.len() - 20 {
            assert!(sent[first + 20] - sent[first] >= Duration::from_secs(10));
        }
        assert_eq!(sent[19], start, "as long as there is room nobody waits");
        assert_eq!(sent[89] - start, Duration::from_secs(40));
        assert_eq!(pace.wait(product, create, now), Duration::ZERO, "writes have a limit of their own");
    }
}
