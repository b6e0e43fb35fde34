//! What a tenant has from the start: every record is one of its kind, and what it points at is there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use super::checker::{Index, file_of, listed};
use super::member::{named, texts};
use crate::{Access, Field, Fields, Resource, Shape};

/// The tenant's own values; `{customer+N}` too.
const PLACEHOLDERS: [&str; 5] = ["customer", "org", "cloud", "vanity", "created"];

/// How far before a brace the `%` of a format stands at most: `%j(,){Name}`.
const FORMAT: usize = 6;

/// The id of the record that a singleton's file leaves without one.
const ONLY: &str = "1";

type Ids<'a> = BTreeMap<&'a str, BTreeSet<String>>;

/// Holds the records of both sorts against their kinds. A tenant without the sample fleet has the fresh ones alone, so
/// they point at nothing in the fleet.
pub(super) fn check(index: Index<'_>, problems: &mut Vec<String>) {
    let mut ids = Ids::new();
    for (ending, files) in [("fresh.json", &index.catalogue.fresh), ("fleet.json", &index.catalogue.fleet)] {
        let mut read = Vec::new();
        for (kind, text) in files {
            let file = file_of(kind, ending);
            let records: Vec<Map<String, Value>> = serde_json::from_str(text).unwrap_or_default();
            match index.kind(kind) {
                Ok(resource) => read.push((file, resource, records)),
                Err(wrong) => problems.push(format!("{file}: {wrong}")),
            }
        }
        for (file, resource, records) in &read {
            let taken = ids.entry(resource.kind.as_str()).or_default();
            for (number, record) in records.iter().enumerate() {
                let id = record.get("id").map_or_else(|| ONLY.to_owned(), told);
                if !taken.insert(id.clone()) {
                    problems.push(format!("{file}: [{number}]: another record has the id `{id}`"));
                }
            }
        }
        for (file, resource, records) in &read {
            for (number, record) in records.iter().enumerate() {
                let mut reader = Reader { index, resource, ids: &ids, wrong: Vec::new() };
                reader.members("", &resource.fields, record);
                problems.extend(reader.wrong.iter().map(|wrong| format!("{file}: [{number}]: {wrong}")));
            }
        }
    }
}

/// An id as text, whether it was written so or as a number.
fn told(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

struct Reader<'a> {
    index: Index<'a>,
    resource: &'a Resource,
    ids: &'a Ids<'a>,
    wrong: Vec<String>,
}

impl<'a> Reader<'a> {
    fn members(&mut self, prefix: &str, fields: &'a Fields, record: &Map<String, Value>) {
        for (name, value) in record {
            let place = format!("{prefix}{name}");
            match named(fields, name) {
                // Records of a kind that tells no id have one all the same.
                Err(_) if place == "id" => {}
                Err(wrong) => self.wrong.push(format!("`{place}`: {wrong}")),
                Ok(field) if field.from.is_some() || field.inverse.is_some() || field.made.is_some() => {
                    self.wrong
                        .push(format!("`{place}`: it is found elsewhere, by `from`, `inverse` or `made`"));
                }
                Ok(field) => self.value(&place, field, &field.shape, value),
            }
        }
        // What a create must give, a record of the product's own may lack; a value that lacks it is none.
        let must = |field: &Field| !prefix.is_empty() && field.access == Access::Required;
        for (name, _) in fields.iter().filter(|(name, field)| must(field) && !record.contains_key(*name)) {
            self.wrong.push(format!("`{prefix}{name}` is missing"));
        }
    }

    fn value(&mut self, place: &str, field: &'a Field, shape: &'a Shape, value: &Value) {
        let mut tell = |what: String| self.wrong.push(format!("`{place}`: {what}"));
        match (shape, value) {
            (Shape::Any, _) | (Shape::Bool, Value::Bool(_)) | (Shape::Float, Value::Number(_)) => {}
            (Shape::Int | Shape::Time, Value::String(text))
                if matches!(text.as_str(), "{created}" | "{org}") => {}
            (Shape::Int | Shape::Time, Value::Number(number)) if number.is_i64() => {
                let number = number.as_i64().unwrap_or_default();
                let scalar = !matches!(field.shape, Shape::List(_));
                if scalar
                    && (field.min.is_some_and(|min| number < min)
                        || field.max.is_some_and(|max| number > max))
                {
                    tell(format!("{number} is out of range"));
                }
            }
            (Shape::String, Value::String(text)) => {
                let longest = field.max.filter(|_| field.shape == Shape::String);
                if longest.is_some_and(|max| i64::try_from(text.chars().count()).is_ok_and(|long| long > max))
                {
                    tell("it is too long".into());
                }
                if let Some(Err(wrong)) =
                    field.format.filter(|_| !text.is_empty()).map(|format| format.check(text))
                {
                    tell(wrong);
                }
            }
            (Shape::Enum, Value::String(word)) if field.values.contains(word) => {}
            (Shape::Enum, _) => tell(format!("{value} is none of {}", listed(&field.values))),
            (Shape::Id, Value::String(_) | Value::Number(_)) => {}
            (Shape::Ref(kind) | Shape::Link(kind), Value::String(_) | Value::Number(_)) => {
                let id = told(value);
                let there = self.ids.get(kind.as_str()).is_some_and(|ids| ids.contains(&id));
                let reserved = || matches!(shape, Shape::Ref(_)) && self.index.reserves(kind, &id);
                if !there && !field.loose && id != "0" && !reserved() {
                    tell(format!("a tenant has no `{id}` of {kind} by then"));
                }
            }
            (Shape::List(inner), Value::Array(items)) => {
                if field.max.is_some_and(|max| i64::try_from(items.len()).is_ok_and(|long| long > max)) {
                    tell("it has too many items".into());
                }
                for (number, item) in items.iter().enumerate() {
                    self.value(&format!("{place}[{number}]"), field, inner, item);
                }
                return;
            }
            (Shape::Named(name), Value::Object(members)) => {
                if let Some(fields) = self.index.value_type(self.resource, name) {
                    self.members(&format!("{place}."), fields, members);
                }
                return;
            }
            _ => tell(format!("{value} is no {shape}")),
        }
        for stranger in strangers(value) {
            let all = listed(PLACEHOLDERS);
            self.wrong.push(format!(
                "`{place}`: `{{{stranger}}}` stands for nothing; there are {all} and `customer+N`"
            ));
        }
    }
}

/// What stands between braces like a placeholder and is none. Behind `%s` or `%j(,)` it is a format's own.
fn strangers(value: &Value) -> Vec<String> {
    let is_word = |name: &str| {
        !name.is_empty() && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'+')
    };
    let is_own = |name: &str| {
        let offset = name.strip_prefix("customer+").is_some_and(|offset| offset.parse::<u32>().is_ok());
        offset || PLACEHOLDERS.contains(&name)
    };
    let is_format =
        |before: &str| before.chars().rev().take(FORMAT).take_while(|c| *c != '}').any(|c| c == '%');
    let mut found = Vec::new();
    texts(value, &mut |text| {
        for (start, _) in text.match_indices('{') {
            if let Some((name, _)) = text[start + 1..].split_once('}')
                && is_word(name)
                && !is_own(name)
                && !is_format(&text[..start])
                // A variable of a script, which whoever serves it fills in.
                && !text[..start].ends_with('$')
            {
                found.push(name.to_owned());
            }
        }
    });
    found
}
