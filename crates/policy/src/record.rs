//! Reads members of records, whichever of the forms they have that store and APIs give them.

use serde_json::{Map, Value};

use crate::matching::RuleRef;

/// A record.
pub(crate) type Record = Map<String, Value>;

/// An id, a number or a word as text.
pub(crate) fn word(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Object(link) => link.get("id").and_then(word).or_else(|| link.get("name").and_then(word)),
        _ => None,
    }
}

/// A member as text.
pub(crate) fn text<'r>(record: &'r Record, name: &str) -> Option<&'r str> {
    record.get(name).and_then(Value::as_str).filter(|text| !text.is_empty())
}

/// The id that a record has, or that a member points at.
pub(crate) fn id(record: &Record, name: &str) -> Option<String> {
    record.get(name).and_then(word).filter(|id| !id.is_empty())
}

/// A member that lists ids or words.
pub(crate) fn words(record: &Record, name: &str) -> Vec<String> {
    match record.get(name) {
        Some(Value::Array(items)) => items.iter().filter_map(word).collect(),
        Some(single @ (Value::Object(_) | Value::String(_) | Value::Number(_))) => {
            word(single).into_iter().collect()
        }
        _ => Vec::new(),
    }
}

/// A member that is on or off, in any spelling.
pub(crate) fn flag(record: &Record, name: &str) -> Option<bool> {
    match record.get(name)? {
        Value::Bool(flag) => Some(*flag),
        Value::String(text) => match text.as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        },
        Value::Number(number) => number.as_i64().map(|number| number != 0),
        _ => None,
    }
}

/// Whether a member is on.
pub(crate) fn on(record: &Record, name: &str) -> bool {
    flag(record, name).unwrap_or(false)
}

/// A member that is a whole number, in either spelling.
pub(crate) fn whole(record: &Record, name: &str) -> Option<i64> {
    match record.get(name)? {
        Value::Number(number) => number.as_i64().or_else(|| number.as_f64().map(|number| number as i64)),
        Value::String(text) => text.trim().parse().ok(),
        _ => None,
    }
}

/// How a rule's record names it.
pub(crate) fn reference(record: &Record, order: &str) -> RuleRef {
    RuleRef {
        id: id(record, "id").unwrap_or_default().into(),
        name: text(record, "name").unwrap_or_default().into(),
        order: whole(record, order).unwrap_or(0),
    }
}
