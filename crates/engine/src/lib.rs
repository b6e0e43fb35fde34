//! Create, read, list, update and delete for whatever the catalogue describes.
//!
//! Pure: a catalogue, a moment of the store, a clock reading and a call come in, an outcome goes out. The engine
//! opens no socket, reads no clock and knows no product; surprises are [`Behaviour`]s that act through [`Context`].

mod baseline;
mod behaviour;
mod call;
mod compose;
mod context;
mod decode;
mod engine;
mod erase;
mod listing;
mod params;
mod pointers;
mod seal;
mod session;
mod show;
mod sort;
mod value;

pub use baseline::Baselines;
pub use behaviour::{Behaviour, Bound, Change, Maker};
pub use call::{Call, Clause, Comparison, ListQuery, Outcome, Page, Scope, Search};
pub use context::{Access, Context, Stored};
pub use engine::{Engine, Run};
pub use params::Params;
pub use seal::Seal;
pub use session::{Seed, Session};
pub use sort::collate;
pub use value::{at_path, same};
