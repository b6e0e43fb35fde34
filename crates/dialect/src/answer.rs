//! An answer before it becomes HTTP.

use bytes::Bytes;
use serde_json::Value;
use zuno_catalogue::Spacing;
use zuno_model::Refusal;

use crate::spacing;

/// The status that a class of refusal is named after, as most families answer it.
pub(crate) fn status_of(class: Refusal) -> u16 {
    match class {
        Refusal::BadRequest | Refusal::Together => 400,
        Refusal::Forbidden => 403,
        Refusal::NotFound => 404,
        Refusal::Conflict => 409,
        Refusal::Failure => 500,
    }
}

/// A body.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// None, and so no media type either (seen: every empty answer has none).
    Empty,
    /// JSON that is written out.
    Json(Vec<u8>),
    /// JSON that was written out before and is held elsewhere too.
    Shared(Bytes),
    /// Text of another media type.
    Text(&'static str, String),
    /// Anything else.
    Bytes(&'static str, Vec<u8>),
}

/// Status, headers of its own, and body.
#[derive(Clone, Debug, PartialEq)]
pub struct Answer {
    /// The HTTP status.
    pub status: u16,
    /// Headers beside those that every answer of the family has.
    pub headers: Vec<(&'static str, String)>,
    /// The body.
    pub body: Body,
}

impl Answer {
    /// An answer without a body.
    pub fn empty(status: u16) -> Answer {
        Answer { status, headers: Vec::new(), body: Body::Empty }
    }

    /// An answer with JSON in the family's spacing.
    pub fn json(status: u16, value: &Value, spacing: Spacing) -> Answer {
        Answer { status, headers: Vec::new(), body: Body::Json(spacing::write(value, spacing)) }
    }

    /// An answer with JSON that is written without white space, in the family's spacing.
    pub fn written(status: u16, json: Vec<u8>, spacing: Spacing) -> Answer {
        Answer { status, headers: Vec::new(), body: Body::Json(spacing::respace(json, spacing)) }
    }

    /// An answer with text.
    pub fn text(status: u16, media_type: &'static str, text: impl Into<String>) -> Answer {
        Answer { status, headers: Vec::new(), body: Body::Text(media_type, text.into()) }
    }

    /// Bytes of any media type.
    pub fn bytes(status: u16, media_type: &'static str, bytes: Vec<u8>) -> Answer {
        Answer { status, headers: Vec::new(), body: Body::Bytes(media_type, bytes) }
    }

    /// The same with one more header.
    pub fn with(mut self, name: &'static str, value: impl Into<String>) -> Answer {
        self.headers.push((name, value.into()));
        self
    }
}
