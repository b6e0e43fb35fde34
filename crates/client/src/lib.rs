//! A small blocking client of the OneAPI: the same calls reach the real cloud and a Zuno at a plain address.
//!
//! [`Client`] fetches a token when one is needed, waits when the cloud asks to wait, and answers with what came
//! back or with an [`Error`] that carries the product's own code and message. [`Operator`] reaches what only Zuno has.

mod assertion;
mod client;
mod error;
mod operator;
mod remote;
mod wait;
mod wire;

pub use assertion::signed as signed_assertion;
pub use client::{Client, Credentials, Retries, Settings};
pub use error::{ABSENT, ApiError, Error};
pub use operator::Operator;
pub use remote::Remote;
pub use ureq::http::Method;
pub use wait::wanted as wait_wanted;
pub use wire::{Response, Wire};
