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

/// A behaviour's parameters, with errors that say which one is wrong.
#[derive(Clone, Copy, Debug)]
pub struct Params<'a> {
    /// The behaviour's name, for errors.
    pub behaviour: &'a str,
    /// The parameters as the catalogue gives them.
    pub given: &'a Value,
}

impl Params<'_> {
    /// A text that must be given.
    ///
    /// # Errors
    /// It is not there, or no text.
    pub fn text(&self, name: &str) -> Result<String, String> {
        self.maybe_text(name).ok_or_else(|| format!("`{}` needs `{name}` = \"…\"", self.behaviour))
    }

    /// A text that may be given.
    pub fn maybe_text(&self, name: &str) -> Option<String> {
        self.given.get(name).and_then(Value::as_str).map(str::to_owned)
    }

    /// A list of texts that may be given.
    pub fn texts(&self, name: &str) -> Vec<String> {
        let items = self.given.get(name).and_then(Value::as_array);
        items.into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// A list of pairs of texts that may be given.
    pub fn pairs(&self, name: &str) -> Vec<(String, String)> {
        let pair =
            |pair: &Value| Some((pair.get(0)?.as_str()?.to_owned(), pair.get(1)?.as_str()?.to_owned()));
        self.given.get(name).and_then(Value::as_array).into_iter().flatten().filter_map(pair).collect()
    }

    /// A whole number that may be given.
    pub fn number(&self, name: &str) -> Option<i64> {
        self.given.get(name).and_then(Value::as_i64)
    }

    /// A flag; off when not given.
    pub fn flag(&self, name: &str) -> bool {
        self.given.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}
