//! Create, read, list, count, update, patch and delete, one by one or in bulk, for whatever the catalogue describes.
//!
//! Pure: a catalogue, a moment of the store, a clock reading and a call come in, an outcome goes out. The engine
//! opens no socket, reads no clock and knows no product; surprises are [`Behaviour`]s that act through [`Context`].

mod absent;
mod answered;
mod apart;
mod baseline;
mod bulk;
mod call;
mod change;
mod choice;
mod claim;
mod compose;
mod context;
mod decode;
mod erase;
mod images;
mod listing;
mod matching;
mod noted;
mod numbering;
mod order;
mod params;
mod plan;
mod pointers;
mod run;
mod seal;
mod session;
mod shift;
mod show;
mod small_kinds;
mod sort;
mod spelled;
mod stored;
mod taken;
mod text;
mod texts;
mod told;
mod value;
mod written;

pub use answered::{is_set_by_callers, read_answer, read_wish, spell};
pub use apart::{Apart, list_length};
pub use baseline::Baselines;
pub use call::{
    Ahead, Call, Clause, Comparison, ListQuery, Origin, Outcome, Page, Scope, Search, Upload, Written,
};
pub use change::Change;
pub use compose::ObjectLimits;
pub use context::{Behaviour, Bound, Context, Engine, Entries, Maker, Transaction, Waits};
pub use images::Images;
pub use noted::LOG_SECS;
pub use numbering::{List, Numbering};
pub use params::{Asked, Params};
pub use run::Run;
pub use seal::Seal;
pub use session::{Seed, Session};
pub use sort::collate;
pub use stored::Stored;
pub use taken::{FormerOrder, Taken, Waiting};
pub use value::{at_path, same};
pub use written::write_rows;
