//! What an operation is called by within a program.

/// An operation of a catalogue: `Catalogue::operation` has what is described of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct OperationNumber {
    /// The place of its resource in `Catalogue::resources`.
    pub(crate) resource: usize,
    /// Its place among the resource's operations.
    pub(crate) within: usize,
}

impl OperationNumber {
    /// Its place among its resource's operations.
    pub fn within(self) -> usize {
        self.within
    }
}
