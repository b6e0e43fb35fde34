//! Recorded conversations with a cloud: how they are written, what of them means the same at another cloud, and how that
//! one's answers are held against the recorded ones. No I/O: bytes and values come in, and verdicts go out.
//!
//! - [`Exchange`] is one call with its answer, and [`read`] takes a file of them apart;
//! - [`Bindings`] puts the ids that one cloud gave in the place of those that another gave to the same objects;
//! - [`judge`] holds an answer against a recorded one, as far as two clouds can agree; [`compare`] holds two answers of
//!   servers that began alike against each other, member by member.

mod alike;
mod bindings;
mod body;
mod compare;
mod exchange;
mod judge;
mod known;
mod pairs;
mod words;

pub use alike::{Difference, Differs};
pub use bindings::Bindings;
pub use body::{Body, REDACTED};
pub use compare::compare;
pub use exchange::{AFTER, BEFORE, BETWEEN, Conversation, Exchange, Unreadable, read};
pub use judge::{Heard, circumstance, judge};
