//! JSON that a caller sends: read whole, and no deeper than what is made of it can be kept and read again.

use serde_json::Value;

/// How deep lists and objects may stand within each other. What clients send has ten levels or so; what is kept lies
/// deeper than what was sent, and the reader of what is kept ends at 127.
pub(crate) const DEEPEST: usize = 64;

/// Why a body is not read.
#[derive(Debug, thiserror::Error)]
pub enum Unread {
    /// It is no JSON.
    #[error(transparent)]
    Malformed(#[from] serde_json::Error),
    /// It is too deep.
    #[error("lists and objects stand more than {DEEPEST} deep")]
    Deep,
}

/// Reads a body.
///
/// # Errors
/// It is no JSON, or too deep.
pub fn read(bytes: &[u8]) -> Result<Value, Unread> {
    if depth(bytes) > DEEPEST { Err(Unread::Deep) } else { Ok(serde_json::from_slice(bytes)?) }
}

/// The deepest level of brackets outside of texts.
pub(crate) fn depth(bytes: &[u8]) -> usize {
    let (mut depth, mut deepest, mut quoted, mut escaped) = (0_usize, 0, false, false);
    for byte in bytes {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b'[' | b'{' if !quoted => {
                depth += 1;
                deepest = deepest.max(depth);
            }
            b']' | b'}' if !quoted => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    deepest
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::{Value, json};

    use super::{Unread, depth, read};

    #[test]
    fn a_deep_body_is_refused_however_long_it_is() {
        let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
        assert!(read(deep(64).as_bytes()).is_ok());
        for levels in [65, 127, 3_000_000] {
            assert!(matches!(read(deep(levels).as_bytes()), Err(Unread::Deep)), "{levels}");
        }
        assert!(matches!(read(b"[[[{"), Err(Unread::Malformed(_))));
        let quoted = format!(r#"{{"a":"\\\"{}"}}"#, "[".repeat(100));
        assert!(read(quoted.as_bytes()).is_ok(), "brackets of a text are none");
    }

    fn levels(value: &Value) -> usize {
        match value {
            Value::Array(items) => 1 + items.iter().map(levels).max().unwrap_or(0),
            Value::Object(members) => 1 + members.values().map(levels).max().unwrap_or(0),
            _ => 0,
        }
    }

    proptest! {
        #[test]
        fn the_depth_is_that_of_the_value(value in Just(json!("[\"")).prop_recursive(40, 80, 3, |inner| prop_oneof![
            prop::collection::vec(inner.clone(), 0..3).prop_map(Value::Array),
            ("[\\[\\]{}\"\\\\a]{0,3}", inner).prop_map(|(name, value)| json!({ name: value })),
        ])) {
            prop_assert_eq!(depth(value.to_string().as_bytes()), levels(&value));
        }
    }
}
