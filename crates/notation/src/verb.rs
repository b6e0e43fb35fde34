//! What operations do to records.

use serde::{Deserialize, Serialize};

/// What an operation does to records, which also decides which members its answer shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verb {
    /// Answers many.
    List,
    /// Answers one, by its id or by the members its path names.
    Read,
    /// Makes one.
    Create,
    /// Changes one.
    Update,
    /// Removes one.
    Delete,
    /// Answers how many a list with the same filters would have.
    Count,
    /// Changes the members of one that were sent, and leaves all others as they are.
    Patch,
    /// Makes all that a body lists, or none.
    BulkCreate,
    /// Removes all that a body lists, or none.
    BulkDelete,
    /// Removes all that belong to what the path names.
    DeleteAll,
    /// Something else: a behaviour does it.
    #[default]
    Act,
}

impl Verb {
    /// Whether it chooses among records by the filters of lists.
    pub fn filters(self) -> bool {
        matches!(self, Verb::List | Verb::Count)
    }

    /// Whether its body lists records.
    pub fn is_bulk(self) -> bool {
        matches!(self, Verb::BulkCreate | Verb::BulkDelete)
    }
}
