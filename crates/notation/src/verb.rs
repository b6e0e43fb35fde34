//! What operations do to records.

use serde::{Deserialize, Serialize};

/// What an operation does to records, which also decides which members its answer shows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
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
    /// Something else: a behaviour does it.
    #[default]
    Act,
}
