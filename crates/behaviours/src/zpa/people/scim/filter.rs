//! Paths and filters of SCIM (RFC 7644, 3.4.2.2 and 3.5.2): which values of a resource are meant, and whether they
//! compare as asked. Names of attributes and texts compare whatever the case of their letters.

mod reader;

use serde_json::{Map, Value};

pub use reader::Unread;

/// A place in a resource: `userName`, `name.familyName`, `emails[type eq "work"].value`, with its schema or without.
#[derive(Clone, Debug, PartialEq)]
pub struct Path {
    /// The extension it belongs to; none for what stands at the top.
    pub schema: Option<String>,
    /// The attribute.
    pub attribute: String,
    /// Which of several values.
    pub filter: Option<Box<Filter>>,
    /// The part of each value.
    pub part: Option<String>,
}

/// A condition on a resource or on one of several values.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All of these hold.
    All(Vec<Filter>),
    /// One of these holds.
    Any(Vec<Filter>),
    /// A value at the place compares so; `pr` compares with nothing.
    Clause(Path, Comparison, Value),
}

/// How a clause compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// `eq`
    Equal,
    /// `ne`
    Other,
    /// `co`
    Contains,
    /// `sw`
    Starts,
    /// `ew`
    Ends,
    /// `pr`
    Present,
}

impl Filter {
    /// How many comparisons it takes to judge one value.
    pub fn clauses(&self) -> usize {
        match self {
            Filter::All(parts) | Filter::Any(parts) => parts.iter().map(Filter::clauses).sum(),
            Filter::Clause(path, ..) => 1 + path.filter.as_ref().map_or(0, |filter| filter.clauses()),
        }
    }

    /// Whether a resource, or one of several values, is as the filter asks.
    pub fn accepts(&self, value: &Value) -> bool {
        match self {
            Filter::All(parts) => parts.iter().all(|part| part.accepts(value)),
            Filter::Any(parts) => parts.iter().any(|part| part.accepts(value)),
            Filter::Clause(path, comparison, wanted) => {
                let found = path.values(value);
                let text = plain(wanted);
                match comparison {
                    Comparison::Present => found.iter().any(|held| !held.is_null()),
                    Comparison::Other => found.iter().all(|held| plain(held) != text),
                    Comparison::Equal => found.iter().any(|held| plain(held) == text),
                    Comparison::Contains => found.iter().any(|held| plain(held).contains(&text)),
                    Comparison::Starts => found.iter().any(|held| plain(held).starts_with(&text)),
                    Comparison::Ends => found.iter().any(|held| plain(held).ends_with(&text)),
                }
            }
        }
    }
}

/// A value as it is compared; of an object its `value` counts.
fn plain(value: &Value) -> String {
    match value {
        Value::String(text) => text.to_lowercase(),
        Value::Object(members) => members.get("value").map(plain).unwrap_or_default(),
        other => other.to_string(),
    }
}

impl Path {
    /// Every value at this place.
    pub fn values<'v>(&self, resource: &'v Value) -> Vec<&'v Value> {
        let top = match &self.schema {
            Some(schema) => resource.as_object().and_then(|members| member(members, schema)),
            None => Some(resource),
        };
        let Some(held) = top.and_then(Value::as_object).and_then(|members| member(members, &self.attribute))
        else {
            return Vec::new();
        };
        let several: Vec<&Value> = match held {
            Value::Array(items) => items.iter().collect(),
            single => vec![single],
        };
        several
            .into_iter()
            .filter(|value| self.filter.as_ref().is_none_or(|filter| filter.accepts(value)))
            .filter_map(|value| match &self.part {
                Some(part) => value.as_object().and_then(|members| member(members, part)),
                None => Some(value),
            })
            .collect()
    }
}

/// The name under which an object has a member, whatever the case of the letters.
pub fn key<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m str> {
    members.keys().find(|key| key.eq_ignore_ascii_case(name)).map(String::as_str)
}

/// A member, whatever the case of the letters.
pub fn member<'m>(members: &'m Map<String, Value>, name: &str) -> Option<&'m Value> {
    members.get(name).or_else(|| members.get(key(members, name)?))
}

#[cfg(test)]
mod tests;
