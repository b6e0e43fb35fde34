//! Lines of logs as questions: what was asked of the cloud then, to be asked of a configuration now.
//!
//! A log's lines are written by a *feed*: a text with the fields of each line in their places, as `%s{login}`. A [`Feed`]
//! is such a text read backwards. The cloud's own feeds for web logs are data (`nssFeeds/feedOutputDefaults`, seen); what the
//! fields of either log say is documented with the vendor's feed output formats. A [`Tally`] holds what came of many lines in
//! a bounded room.

mod entry;
mod feed;
mod field;
mod json;
mod tally;
mod text;

pub use entry::{Entry, Log, Reader};
pub use feed::{Feed, Feeds, Recognised};
pub use tally::Tally;
