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
    /// Which run of the server it is of: numbers begin anew with each.
    run: String,
}

#[derive(Debug, Default)]
struct Kept {
    exchanges: VecDeque<Arc<Exchange>>,
    bytes: usize,
    last: u64,
    /// The last one when all were to be forgotten.
    cleared: u64,
}

/// How far a look through the journal went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Looked {
    /// The number of the last call of all; 0 before there is one.
    pub last: u64,
    /// How many of those that were meant are kept no more, though nobody wanted them forgotten.
    pub lost: u64,
}

impl Journal {
    /// How many bytes are kept where nobody says otherwise.
    pub const USUAL: usize = 8 << 20;

    /// A journal of so many bytes.
    pub fn new(most: usize) -> Journal {
        let run = format!("{:x}", fastrand::u64(..));
        Journal { most, kept: Mutex::default(), last: watch::Sender::new(0), run }
    }

    /// Which run of the server it is of.
    pub fn run(&self) -> &str {
        &self.run
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
        // Whoever listens from now on looks first.
        if self.last.receiver_count() == 0 {
            return;
        }
        self.last.send_if_modified(|told| {
            let is_news = *told < last;
            *told = last.max(*told);
            is_news
        });
    }

    /// Whether calls are kept.
    pub fn keeps(&self) -> bool {
        self.most > 0
    }

    /// Shows the calls after a number, the oldest first, or all of them, the newest first, for as long as `look` wants to see
    /// more. A number that no call has had yet is of an earlier run of the server, and means all that there are.
    pub fn look_through(&self, after: Option<u64>, mut look: impl FnMut(&Arc<Exchange>) -> bool) -> Looked {
        let (last, cleared) = {
            let kept = self.kept.lock();
            (kept.last, kept.cleared)
        };
        let after = after.map(|after| if after > last { 0 } else { after.max(cleared) });
        let (mut from, mut until) = (after.unwrap_or(cleared) + 1, last + 1);
        let mut lost = 0;
        // Others are let in between: a journal may be long.
        loop {
            let (some, is_last) = self.some(from, until, after.is_none());
            for exchange in some {
                if after.is_some() {
                    lost += exchange.number - from;
                    from = exchange.number + 1;
                } else {
                    lost += until - exchange.number - 1;
                    until = exchange.number;
                }
                if !look(&exchange) {
                    return Looked { last, lost };
                }
            }
            if is_last {
                return Looked { last, lost: lost + until - from };
            }
        }
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
            (kept.bytes, kept.cleared) = (0, kept.last);
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

    use super::super::exchange::{Began, Exchange, Service};
    use super::{Journal, Looked};
    use crate::request::Request;
    use crate::respond::respond;

    fn exchange(length: usize) -> Exchange {
        let (head, ()) = http::Request::get("/x").body(()).expect("well formed").into_parts();
        let request = Request::new(head, Bytes::from(vec![b'x'; length]));
        Exchange::of(Began::now(Service::Named("api"), true), &request, &respond(200, None, ""))
    }

    fn looked(journal: &Journal, after: Option<u64>, most: usize) -> (Vec<u64>, Looked) {
        let mut numbers = Vec::new();
        let looked = journal.look_through(after, |exchange| {
            numbers.push(exchange.number);
            numbers.len() < most
        });
        (numbers, looked)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
        #[test]
        fn what_is_found_is_what_a_list_would_have(
            lengths in prop::collection::vec(0_usize..3_000, 0..2_500), clear in prop::option::of(0_usize..2_500),
            after in prop::option::of(0_u64..3_000), most in 1_usize..40,
        ) {
            let journal = Journal::new(400_000);
            let (mut list, mut last, mut cleared) = (Vec::new(), 0, 0);
            for (nth, length) in lengths.into_iter().enumerate() {
                let exchange = exchange(length);
                last += 1;
                list.push((last, exchange.weight()));
                journal.keep(exchange);
                if clear == Some(nth) {
                    journal.clear();
                    list.clear();
                    cleared = last;
                }
            }
            while list.iter().map(|(_, weight)| weight).sum::<usize>() > 400_000 {
                list.remove(0);
            }
            let from = after.map(|after| if after > last { 0 } else { after.max(cleared) });
            let meant = list.iter().map(|(number, _)| *number);
            let mut meant: Vec<u64> = meant.filter(|number| Some(*number) > from).collect();
            if from.is_none() {
                meant.reverse();
            }
            let is_whole = meant.len() < most;
            meant.truncate(most);
            // Where it was looked through to its end, all that came after is found or lost.
            let all = last - from.unwrap_or(cleared);
            let (found, looked) = looked(&journal, after, most);
            prop_assert_eq!(looked.last, last);
            if is_whole {
                prop_assert_eq!(looked.lost, all - found.len() as u64);
            }
            prop_assert_eq!(found, meant);
        }
    }
}
