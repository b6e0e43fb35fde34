//! The catalogue's grammar: the types a resource file is read into, the reader, and the checks.
//!
//! A resource is data: path, fields, references, limits, page style. What cannot be said here in a line is a
//! behaviour, named for what it guarantees. `docs/catalogue.md` explains every key with an example.

#[cfg(feature = "read")]
mod check;
#[cfg(feature = "read")]
mod classes;
mod field;
mod json;
mod operation;
mod product;
#[cfg(feature = "read")]
mod read;
mod resource;
mod shape;

#[cfg(feature = "read")]
use check::bare;
#[cfg(feature = "read")]
pub use check::check;
pub use field::{Access, Field, Fields, Format, OnUpdate, Stamp, Unique};
pub use json::Json;
pub use operation::{Failure, Method, Operation, Verb};
pub use product::{Classes, Empty, Ids, Numbers, Page, PageStyle, Product, Spacing, Unknown, Wire};
#[cfg(feature = "read")]
pub use read::{ReadError, read_folder};
pub use resource::{Condition, Filter, Match, Resource};
pub use shape::Shape;

use serde::{Deserialize, Serialize};

/// Everything the catalogue says, products and resources in the order of their names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// The six API families.
    pub products: Vec<Product>,
    /// Every resource that is described.
    pub resources: Vec<Resource>,
    /// Every known operation, described or not, with its grade and the evidence for it.
    pub ledger: Vec<LedgerLine>,
    /// Objects that every fresh tenant has, as JSON text by kind.
    pub fresh: Vec<(String, String)>,
    /// Objects of the sample fleet, as JSON text by kind.
    pub fleet: Vec<(String, String)>,
}

/// How faithfully an operation behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Statuses, bodies, errors and side effects as known, and a scenario proves it.
    Faithful,
    /// The shape is right and state is kept and checked; a named part is missing.
    Stored,
    /// Known to the router, refused in words that say so.
    Absent,
}

/// One line of `operations.tsv`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LedgerLine {
    /// `zia`, `zpa`, …
    pub product: String,
    /// The HTTP method.
    pub method: Method,
    /// The full path on the gateway.
    pub path: String,
    /// The operation's id within the product, `segment_group.create`.
    pub operation: String,
    /// How far it is built.
    pub grade: Grade,
    /// What proves it, or what is missing.
    pub evidence: String,
}
