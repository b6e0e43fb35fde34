//! Jobs: what a store runs.

use crate::moment::{Result, Write};

/// Whether a write job's changes are kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// They are.
    Keep,
    /// They leave no trace.
    Drop,
    /// They leave no trace, and the job is run once more in the same transaction: to tell of it, say. A job that says so
    /// again is dropped.
    Again,
}

/// A write job.
pub type Job = Box<dyn FnMut(&mut dyn Write) -> Verdict + Send>;

/// What is told when a write job is over.
pub type Done = Box<dyn FnOnce(Result<()>) + Send>;
