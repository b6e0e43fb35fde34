//! The journal: the last calls that this server answered, each with what the wire does not show: why it was refused, what it
//! changed, what of it nothing reads, and which failure was asked for.
//!
//! Bodies are kept as they came and went, and what is secret in them is taken out when they are told. What the server is asked
//! about itself is not part of it; and of sign-ins, whose bodies are secrets, no body is.

mod answer;
mod exchange;
mod question;
mod ring;
mod seen;
mod told;
mod unread;

pub use self::answer::answer;
pub use self::exchange::{Began, Exchange, Service};
pub use self::ring::Journal;
pub use self::seen::{Client, Seen};
pub use self::told::operation;
