//! Requests that are not carried out, in SCIM's words.

use serde_json::{Value, json};
use zuno_model::{Fault, Id};

use super::filter::Unread;

/// The longest name of a user or group, and id of the provider's own, in characters (guessed).
const LONGEST_NAME: usize = 255;

/// A request that is not carried out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScimError {
    /// The HTTP status.
    pub status: u16,
    /// SCIM's word for it, where it has one.
    pub kind: Option<&'static str>,
    /// For people.
    pub detail: String,
}

impl ScimError {
    pub(super) fn bad(kind: &'static str, detail: impl Into<String>) -> ScimError {
        ScimError { status: 400, kind: Some(kind), detail: detail.into() }
    }

    /// A filter or path that is not read; as much of it is told as helps to find it.
    pub(super) fn unread(kind: &'static str, text: &str, why: Unread) -> ScimError {
        let cut = text.char_indices().nth(100);
        let shown = cut.map_or(text.to_owned(), |(end, _)| format!("{}…", &text[..end]));
        ScimError::bad(kind, format!("`{shown}` {why}"))
    }

    pub(super) fn unknown(id: &Id) -> ScimError {
        ScimError { status: 404, kind: None, detail: format!("there is no resource {id}") }
    }

    /// The answer's body.
    pub fn body(&self) -> Value {
        let mut body = json!({
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:Error"],
            "status": self.status.to_string(),
            "detail": self.detail,
        });
        if let Some(kind) = self.kind {
            body["scimType"] = json!(kind);
        }
        body
    }
}

impl From<Fault> for ScimError {
    fn from(fault: Fault) -> ScimError {
        match fault {
            Fault::Duplicate { value, .. } => {
                let detail = format!("another resource already has `{value}`");
                ScimError { status: 409, kind: Some("uniqueness"), detail }
            }
            Fault::NotFound { id, .. } => ScimError::unknown(&id),
            // What is ours is told to nobody.
            _ => ScimError { status: 500, kind: None, detail: "internal failure".into() },
        }
    }
}

/// That a name is not too long.
pub(super) fn short(member: &str, text: &str) -> Result<(), ScimError> {
    match text.chars().nth(LONGEST_NAME) {
        None => Ok(()),
        Some(_) => {
            let detail = format!("`{member}` is longer than {LONGEST_NAME} characters");
            Err(ScimError::bad("invalidValue", detail))
        }
    }
}
