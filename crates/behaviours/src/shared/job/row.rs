//! An entry of the log, as reports tell it and requests ask for it.

/// An entry as a report tells it.
#[derive(Debug, Default)]
pub struct Row {
    pub time: String,
    pub action: String,
    pub category: String,
    pub part: String,
    pub object: String,
    pub admin: String,
    pub address: String,
    pub trace: String,
    pub message: String,
    pub code: String,
    pub status: String,
    /// The kind of the object.
    pub kind: String,
    /// The object, as the log keeps it.
    pub before: String,
    pub after: String,
    pub refused: bool,
    pub pushed: bool,
}

impl Row {
    /// What came of it.
    pub fn result(&self) -> &str {
        if self.refused { "Failure" } else { "Success" }
    }

    /// By which interface somebody came.
    pub fn interface(&self) -> &str {
        if self.pushed { "SCIM" } else { "API" }
    }
}
