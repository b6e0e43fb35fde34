//! What becomes of one record: as it was, as it will be, and what was sent for it.

use zuno_catalogue::Verb;
use zuno_model::{Id, Record};

/// A change that is about to be kept, or has just been.
#[derive(Debug)]
pub struct Change {
    /// Create or update.
    pub verb: Verb,
    /// The record's id; a behaviour may choose it where the catalogue says `chosen`.
    pub id: Id,
    /// The scope it belongs to.
    pub scope: String,
    /// The record as it was; nothing on create.
    pub old: Option<Record>,
    /// The record as it will be.
    pub new: Record,
    /// The members that the caller sent, decoded.
    pub sent: Record,
}
