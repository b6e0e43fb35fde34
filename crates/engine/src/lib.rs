//! Create, read, list, update and delete for whatever the catalogue describes.
//!
//! Pure: a catalogue, a moment of the store, a clock reading and a call come in, an outcome goes out. The engine
//! opens no socket, reads no clock and knows no product; surprises are [`Behaviour`]s that act through [`Context`].

mod baseline;
mod call;
mod change;
mod claim;
mod compose;
mod context;
mod decode;
mod erase;
mod listing;
mod params;
mod pointers;
mod run;
mod seal;
mod session;
mod show;
mod small_kinds;
mod sort;
mod stored;
mod value;

pub use baseline::Baselines;
pub use call::{Call, Clause, Comparison, ListQuery, Outcome, Page, Scope, Search};
pub use change::Change;
pub use context::{Access, Behaviour, Bound, Context, Engine, Maker};
pub use params::Params;
pub use run::Run;
pub use seal::Seal;
pub use session::{Seed, Session};
pub use sort::collate;
pub use stored::Stored;
pub use value::{at_path, same};
