//! What callers have done since the start, as whoever runs the server wants to hear of it.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::Mutex;

/// Counts of what callers have done.
#[derive(Debug, Default)]
pub struct Tally {
    writes: AtomicU64,
    absent: Mutex<BTreeMap<String, u64>>,
}

impl Tally {
    /// How many calls changed something.
    pub fn writes(&self) -> u64 {
        self.writes.load(Ordering::Relaxed)
    }

    /// The operations and services that were called though they are not built, each with how often.
    pub fn absent(&self) -> Vec<(String, u64)> {
        self.absent.lock().iter().map(|(operation, calls)| (operation.clone(), *calls)).collect()
    }

    pub(crate) fn wrote(&self) {
        self.writes.fetch_add(1, Ordering::Relaxed);
    }

    /// Counts a call of an operation or a service that is not built, and tells of the first one. Only those that are known
    /// come here, so there are never more of them.
    pub(crate) fn missed(&self, operation: &str, method: &http::Method, path: &str) {
        let mut absent = self.absent.lock();
        let calls = absent.entry(operation.to_owned()).or_insert(0);
        *calls += 1;
        if *calls == 1 {
            tracing::warn!("{method} {path} was refused: {operation} is not built yet");
        }
    }
}
