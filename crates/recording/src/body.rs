//! A body as a recording has it: JSON as it is, and everything else in an object of one member.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

/// What stands in the place of a secret.
pub const REDACTED: &str = "REDACTED";

/// A body.
#[derive(Clone, Debug, PartialEq)]
pub enum Body {
    /// None: `{}` where something could have been sent, null where it was answered.
    None,
    /// JSON.
    Json(Value),
    /// Another text, `{"$text": …}`.
    Text(String),
    /// Bytes that are no text, `{"$bytes": …}` in Base64.
    Bytes(Vec<u8>),
}

impl Body {
    /// From bytes: JSON where they are some, else a text where they are one.
    pub fn of(bytes: &[u8]) -> Body {
        if bytes.is_empty() {
            return Body::None;
        }
        match (serde_json::from_slice(bytes), std::str::from_utf8(bytes)) {
            (Ok(value), _) => Body::Json(value),
            (_, Ok(text)) => Body::Text(text.to_owned()),
            _ => Body::Bytes(bytes.to_vec()),
        }
    }

    /// From a recording.
    pub fn read(value: &Value) -> Body {
        let only = value.as_object().filter(|members| members.len() == 1);
        let text = |name: &str| only.and_then(|members| members.get(name)).and_then(Value::as_str);
        match (value, text("$text"), text("$bytes").map(|text| STANDARD.decode(text))) {
            (Value::Null, ..) => Body::None,
            (_, Some(text), _) => Body::Text(text.to_owned()),
            (_, _, Some(Ok(bytes))) => Body::Bytes(bytes),
            _ => Body::Json(value.clone()),
        }
    }

    /// As a recording has it; `nothing` is what stands for no body.
    pub fn written(&self, nothing: Value) -> Value {
        match self {
            Body::None => nothing,
            Body::Json(value) => value.clone(),
            Body::Text(text) => json!({ "$text": text }),
            Body::Bytes(bytes) => json!({ "$bytes": STANDARD.encode(bytes) }),
        }
    }

    /// As it is sent.
    pub fn bytes(&self) -> Option<Vec<u8>> {
        match self {
            Body::None => None,
            Body::Json(value) => Some(value.to_string().into_bytes()),
            Body::Text(text) => Some(text.clone().into_bytes()),
            Body::Bytes(bytes) => Some(bytes.clone()),
        }
    }

    /// Its JSON, where it is some.
    pub fn json(&self) -> Option<&Value> {
        match self {
            Body::Json(value) => Some(value),
            _ => None,
        }
    }

    /// Whether all of it was a secret, so that it can be sent to nobody.
    pub fn is_redacted(&self) -> bool {
        matches!(self, Body::Text(text) if text == REDACTED)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::Body;

    #[test]
    fn each_sort_of_body_has_its_own_spelling() {
        for (bytes, written) in [
            (&b""[..], Value::Null),
            (br#"{"a":1}"#, json!({ "a": 1 })),
            (b"404 Not Found", json!({ "$text": "404 Not Found" })),
            (&[0xff, 0xfe], json!({ "$bytes": "//4=" })),
        ] {
            assert_eq!(Body::of(bytes).written(Value::Null), written);
            assert_eq!(Body::read(&written), Body::of(bytes));
        }
        assert_eq!(Body::None.written(json!({})), json!({}));
        assert_eq!(
            Body::read(&json!({ "$bytes": "no base64!" })),
            Body::Json(json!({ "$bytes": "no base64!" }))
        );
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_again(bytes: Vec<u8>) {
            let body = Body::of(&bytes);
            prop_assert_eq!(Body::read(&body.written(Value::Null)), body);
        }
    }
}
