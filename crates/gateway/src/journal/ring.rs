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

    /// The calls after a number that `wanted` wants: the first so many, or the last where no number is named.
    pub fn extract(
        &self,
        after: Option<u64>,
        most: usize,
        mut wanted: impl FnMut(&Exchange) -> bool,
    ) -> Extract {
        let (all, last) = {
            let kept = self.kept.lock();
            let from = kept.exchanges.partition_point(|exchange| Some(exchange.number) <= after);
            (kept.exchanges.range(from..).cloned().collect::<Vec<_>>(), kept.last)
        };
        // Numbers have no gaps but those of what was too long to be kept.
        let came = last.saturating_sub(after.unwrap_or(0));
        let lost = came.saturating_sub(all.len() as u64);
        let exchanges = match after {
            Some(_) => all.into_iter().filter(|exchange| wanted(exchange)).take(most).collect(),
            None => {
                let newest = all.into_iter().rev().filter(|exchange| wanted(exchange)).take(most);
                let mut found: Vec<_> = newest.collect();
                found.reverse();
                found
            }
        };
        Extract { exchanges, last, lost }
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
