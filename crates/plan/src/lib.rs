//! A tenant's configuration declared in files, and the steps that bring a tenant to it.
//!
//! Pure: what a tenant has comes in as the answers of its API, what is wished as texts of files; out go texts or steps, each a
//! call of the API. How a kind is read, written, named and ordered follows from the catalogue alone.

mod declared;
mod difference;
mod folder;
mod found;
mod kind;
mod names;
mod order;
mod plan;
mod sequence;
mod step;

pub use declared::{Declared, Secrets, declare, declare_all};
pub use difference::{Difference, members as differing};
pub use folder::{FILES, LONGEST_FILE, Text, VERSION, read, write};
pub use found::{Found, Reader};
pub use kind::{Choice, Kind, Source, is_given, kind, kinds};
pub use names::{Meant, Names};
pub use plan::{PENDING, Tenant, plan};
pub use sequence::moves;
pub use step::{Action, Order, Plan, Step};

/// What is wrong with what is wished, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}")]
pub struct Wrong {
    /// The file, or the kind and the record in it.
    pub place: String,
    /// What is wrong.
    pub why: String,
}
