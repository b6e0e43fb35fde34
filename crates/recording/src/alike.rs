//! What two answers do not have alike.

use std::collections::BTreeSet;
use std::fmt;

use serde::Serialize;
use serde_json::Value;

/// How an answer differs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Differs {
    /// Its status is another.
    Status,
    /// A member is not there, or is of another type.
    Missing,
    /// A member is there that is not known.
    Extra,
    /// A member has another value.
    Value,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Difference {
    /// How it differs.
    pub differs: Differs,
    /// Where: `list[].name`; nothing for the whole.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub at: String,
    /// In words.
    pub words: String,
}

impl fmt::Display for Difference {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let at = if self.at.is_empty() { String::new() } else { format!("{} ", self.at) };
        write!(f, "{at}{}", self.words)
    }
}

/// How many differences of one call are told.
const MOST: usize = 200;

/// The longest value that is told, in characters.
const LONGEST: usize = 60;

/// The differences of one call, each told once, however many objects of a list have it.
#[derive(Debug, Default)]
pub struct Found(BTreeSet<Difference>);

impl Found {
    /// Another one.
    pub fn add(&mut self, differs: Differs, at: &str, words: impl Into<String>) {
        if self.0.len() < MOST {
            let at = at.trim_start_matches('.').to_owned();
            self.0.insert(Difference { differs, at, words: words.into() });
        }
    }

    /// Whether a place is told to differ so.
    pub fn has(&self, differs: Differs, at: &str) -> bool {
        let at = at.trim_start_matches('.');
        self.0.iter().any(|known| known.differs == differs && known.at == at)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Those of another look.
    pub fn extend(&mut self, others: Found) {
        self.0.extend(others.0);
    }

    /// All of them.
    pub fn told(self) -> Vec<Difference> {
        self.0.into_iter().take(MOST).collect()
    }
}

/// What a value is, in words.
pub fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

/// A value, as far as it is told.
pub fn shown(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
