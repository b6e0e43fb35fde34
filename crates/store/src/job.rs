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
    /// again is dropped. Whatever happens to the transaction meanwhile, this run follows the one that asked for it.
    Again,
}

/// A write job. A store may have to run it afresh, from its beginning, if its transaction cannot be kept: what it found in an
/// earlier run is void then, and errors of the store that it meets are to be handed on.
pub type Job = Box<dyn FnMut(&mut dyn Write) -> Verdict + Send>;

/// What is told when a write job is over.
pub type Done = Box<dyn FnOnce(Result<()>) + Send>;
