//! What a comparison may come to.

/// What a comparison comes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Truth {
    Holds,
    Fails,
    /// The question does not tell.
    Unknown,
    /// It is of no kind that such a client can meet, negated or not.
    Unsupported,
    /// A switch of the identity provider takes it out.
    Skipped,
}
