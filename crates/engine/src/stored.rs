//! A record as it stands in the store.

use zuno_model::{Id, Record};

/// A record with what the store keeps beside its members.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its id.
    pub id: Id,
    /// The scope it belongs to.
    pub scope: String,
    /// Its place in its kind's order.
    pub sort: String,
    /// Its members in engine form: references as texts, numbers as numbers.
    pub record: Record,
}
