//! The catalogue's grammar: the types a resource file is read into, the reader, and the checks.
//!
//! A resource is data: path, fields, references, limits, page style. What cannot be said here in a line is a
//! behaviour, named for what it guarantees. `docs/catalogue.md` explains every key with an example.

mod catalogue;
#[cfg(feature = "read")]
mod check;
#[cfg(feature = "read")]
mod classes;
mod field;
mod json;
mod operation;
mod product;
mod rate;
#[cfg(feature = "read")]
mod read;
mod resource;
mod shape;
mod verb;

pub use catalogue::{Catalogue, Grade, LedgerLine};
#[cfg(feature = "read")]
pub use check::check;
pub use field::{Access, Field, Fields, Format, OnUpdate, Stamp, Unique};
pub use json::Json;
pub use operation::{Failure, Method, Operation, Unless};
pub use product::{Empty, Family, Ids, Limits, Numbers, Page, PageStyle, Product, Spacing, Unknown, Wire};
pub use rate::{Limit, Quota, Window};
#[cfg(feature = "read")]
pub use read::{ReadError, read_folder};
pub use resource::{Condition, Filter, Match, Resource};
pub use shape::Shape;
pub use verb::Verb;
