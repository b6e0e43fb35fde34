//! The calls that are kept: the newest, as many as fit.

use std::collections::VecDeque;
use std::sync::Arc;

use parking_lot::Mutex;
use tokio::sync::watch;
use tracing::Level;
use zuno_catalogue::Catalogue;

use super::exchange::Exchange;
use super::told::Telling;

/// Under which name the server's log tells calls.
const CALLS: &str = "calls";

/// How many calls are looked at while nobody else gets at the journal.
const AT_ONCE: usize = 1_000;

/// The calls that are kept.
#[derive(Debug)]
pub struct Journal {
    /// How many bytes of them; none are kept where it is nothing.
    most: usize,
    kept: Mutex<Kept>,
    last: watch::Sender<u64>,
}

#[derive(Debug, Default)]
struct Kept {
    exchanges: VecDeque<Arc<Exchange>>,
    bytes: usize,
    last: u64,
}

/// Calls of the journal, as they were at one moment.
#[derive(Debug)]
pub struct Extract {
    /// Those that were asked for, the oldest first.
    pub exchanges: Vec<Arc<Exchange>>,
    /// The number of the last call of all; 0 before there is one.
    pub last: u64,
    /// How many that came after the one that was named are kept no more, or were made to be forgotten.
    pub lost: u64,
}

impl Journal {
    /// How many bytes are kept where nobody says otherwise.
    pub const USUAL: usize = 8 << 20;

    /// A journal of so many bytes.
    pub fn new(most: usize) -> Journal {
        Journal { most, kept: Mutex::default(), last: watch::Sender::new(0) }
    }

    /// Whether anybody will be told of calls.
    pub fn tells(&self) -> bool {
        self.most > 0 || tracing::enabled!(target: CALLS, Level::INFO)
    }

    /// Keeps a call that was answered, and tells it in the server's log where calls are told there.
    pub fn add(&self, catalogue: &Catalogue, exchange: Exchange) {
        if tracing::enabled!(target: CALLS, Level::INFO) {
            tracing::info!(target: CALLS, "{}", Telling { catalogue, bodies: false }.line(&exchange));
        }
        self.keep(exchange);
    }

    fn keep(&self, mut exchange: Exchange) {
        let weight = exchange.weight();
        let mut gone = Vec::new();
        let last = {
            let mut kept = self.kept.lock();
            kept.last += 1;
            exchange.number = kept.last;
            while kept.bytes + weight > self.most
                && let Some(oldest) = kept.exchanges.pop_front()
            {
                kept.bytes -= oldest.weight();
                gone.push(oldest);
            }
            if weight <= self.most {
                kept.bytes += weight;
                kept.exchanges.push_back(Arc::new(exchange));
            }
            kept.last
        };
        self.last.send_if_modified(|told| {
            let is_news = *told < last;
            *told = last.max(*told);
            is_news
        });
    }

    /// The calls after a number that `wanted` wants: the first so many, or the last where no number is named. One that no call
    /// has had yet is of an earlier run of the server, and means all that there are.
    pub fn extract(
        &self,
        after: Option<u64>,
        most: usize,
        mut wanted: impl FnMut(&Exchange) -> bool,
    ) -> Extract {
        let (first, last) = {
            let kept = self.kept.lock();
            (kept.exchanges.front().map_or(kept.last + 1, |exchange| exchange.number), kept.last)
        };
        let after = after.map(|after| if after > last { 0 } else { after });
        let (mut from, mut until) = (after.unwrap_or(0) + 1, last + 1);
        let mut exchanges = Vec::new();
        // Others are let in between: a journal may be long.
        while exchanges.len() < most {
            let (some, is_last) = self.some(from, until, after.is_none());
            for exchange in some {
                match after {
                    Some(_) => from = exchange.number + 1,
                    None => until = exchange.number,
                }
                if exchanges.len() < most && wanted(&exchange) {
                    exchanges.push(exchange);
                }
            }
            if is_last {
                break;
            }
        }
        if after.is_none() {
            exchanges.reverse();
        }
        Extract { exchanges, last, lost: first.saturating_sub(after.unwrap_or(0) + 1) }
    }

    /// A few calls from one number until before another, from the front or from the back, and whether there are no more.
    fn some(&self, from: u64, until: u64, from_the_back: bool) -> (Vec<Arc<Exchange>>, bool) {
        let kept = self.kept.lock();
        let start = kept.exchanges.partition_point(|exchange| exchange.number < from);
        let end = kept.exchanges.partition_point(|exchange| exchange.number < until).max(start);
        let those = kept.exchanges.range(start..end);
        let some = match from_the_back {
            true => those.rev().take(AT_ONCE).cloned().collect(),
            false => those.take(AT_ONCE).cloned().collect(),
        };
        (some, end - start <= AT_ONCE)
    }

    /// Forgets all that is kept. Numbers go on.
    pub fn clear(&self) {
        let forgotten = {
            let mut kept = self.kept.lock();
            kept.bytes = 0;
            std::mem::take(&mut kept.exchanges)
        };
        drop(forgotten);
    }

    /// Hears of each call from now on, by the number of the last one.
    pub fn follow(&self) -> watch::Receiver<u64> {
        self.last.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use proptest::prelude::*;

    use super::super::exchange::{Began, Exchange};
    use super::Journal;
    use crate::request::Request;
    use crate::respond::respond;

    fn exchange(length: usize) -> Exchange {
        let (head, ()) = http::Request::get("/x").body(()).expect("well formed").into_parts();
        let request = Request::new(head, Bytes::from(vec![b'x'; length]));
        Exchange::of(Began::now("api", true), &request, &respond(200, None, ""))
    }

    fn numbers(journal: &Journal, after: Option<u64>, most: usize, odd: bool) -> (Vec<u64>, u64, u64) {
        let found = journal.extract(after, most, |exchange| !odd || exchange.number % 2 == 1);
        (found.exchanges.iter().map(|exchange| exchange.number).collect(), found.last, found.lost)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
        #[test]
        fn what_is_found_is_what_a_list_would_have(
            lengths in prop::collection::vec(0_usize..3_000, 0..2_500),
            after in prop::option::of(0_u64..3_000), most in 0_usize..40, odd: bool,
        ) {
            let journal = Journal::new(400_000);
            let (mut list, mut last) = (Vec::new(), 0);
            for length in lengths {
                let exchange = exchange(length);
                last += 1;
                list.push((last, exchange.weight()));
                journal.keep(exchange);
            }
            while list.iter().map(|(_, weight)| weight).sum::<usize>() > 400_000 {
                list.remove(0);
            }
            let first = list.first().map_or(last + 1, |(number, _)| *number);
            let from = after.map(|after| if after > last { 0 } else { after });
            let meant = list.iter().map(|(number, _)| *number);
            let mut meant: Vec<u64> =
                meant.filter(|number| Some(*number) > from && (!odd || number % 2 == 1)).collect();
            match from {
                Some(_) => meant.truncate(most),
                None => drop(meant.drain(..meant.len().saturating_sub(most))),
            }
            let lost = first - 1 - from.unwrap_or(0).min(first - 1);
            prop_assert_eq!(numbers(&journal, after, most, odd), (meant, last, lost));
        }
    }
}
