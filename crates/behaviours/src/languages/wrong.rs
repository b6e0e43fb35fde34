//! What is wrong with a text that is none of its language.

/// Where a text stops being one, counted in bytes from 0, and why, in words for people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wrong {
    /// The place.
    pub at: usize,
    /// The words.
    pub why: String,
}
