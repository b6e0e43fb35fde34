//! One comparison of a private access rule's condition.

/// One comparison.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Operand {
    pub of: Box<str>,
    pub lhs: Box<str>,
    pub rhs: Box<str>,
    /// The identity provider that it is about, where it is about one.
    pub idp: Option<Box<str>>,
}
