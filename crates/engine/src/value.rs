//! Small questions about JSON values that the engine and the behaviours share.

use serde_json::Value;

/// The value at a dotted path of members; through a list, the first match counts.
pub fn at_path<'a>(record: &'a serde_json::Map<String, Value>, path: &str) -> Option<&'a Value> {
    let mut parts = path.split('.');
    let mut here = record.get(parts.next()?)?;
    for part in parts {
        here = match here {
            Value::Object(members) => members.get(part)?,
            Value::Array(items) => items.iter().find_map(|item| item.get(part))?,
            _ => return None,
        };
    }
    Some(here)
}

/// The text of a scalar: what a person would type to name it.
pub fn text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(flag) => Some(flag.to_string()),
        _ => None,
    }
}

/// Whether a value is what a text says, whatever the case of letters; a list is when one of its items is.
pub fn same(value: &Value, wanted: &str) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| same(item, wanted)),
        Value::Object(members) => members.get("id").is_some_and(|id| same(id, wanted)),
        other => text(other).is_some_and(|text| text.to_lowercase() == wanted.to_lowercase()),
    }
}
