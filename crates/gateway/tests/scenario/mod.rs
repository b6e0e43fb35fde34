//! Conversations: Markdown with `api` blocks, each a request and the answer it must get.

mod authority;
mod pattern;
mod play;
mod read;

pub use play::Player;
pub use read::read;
