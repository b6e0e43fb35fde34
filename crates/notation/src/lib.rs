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
mod format;
#[cfg(feature = "read")]
mod groups;
mod json;
mod latency;
mod log;
mod operation;
mod outline;
mod product;
mod rate;
#[cfg(feature = "read")]
mod read;
mod resource;
mod shape;
#[cfg(feature = "read")]
mod through;
mod verb;

pub use catalogue::{Catalogue, Grade, LedgerLine};
#[cfg(feature = "read")]
pub use check::check;
pub use field::{Absent, Access, Field, Fields, OnUpdate, Stamp, Unique};
pub use format::Format;
pub use json::Json;
pub use latency::{Latencies, Latency};
pub use log::{LogVocabulary, LogWords};
pub use operation::{Failure, Method, Operation, Refused, Takes, Unless};
pub use outline::{Address, Outline, Word};
pub use product::{Empty, Family, Ids, Limits, Numbers, PageStyle, Paging, Product, Spacing, Unknown, Wire};
pub use rate::{Limit, Quota, Window};
#[cfg(feature = "read")]
pub use read::{ReadError, read_folder};
pub use resource::{Condition, Filter, Match, Resource};
pub use shape::Shape;
pub use verb::Verb;
