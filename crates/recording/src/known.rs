//! Everything that is somewhere in a recorded answer, by its place: lists are one place.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::alike::{Differs, Found};

/// What is known of one place.
#[derive(Debug, Default)]
pub struct Known {
    /// The members of the objects that stood there; nothing where none did.
    members: Option<BTreeMap<String, Known>>,
    /// What stood in the lists there.
    items: Option<Box<Known>>,
}

impl Known {
    /// Of a recorded answer.
    pub fn of(value: &Value) -> Known {
        let mut known = Known::default();
        known.take(value);
        known
    }

    fn take(&mut self, value: &Value) {
        match value {
            Value::Object(members) => {
                let known = self.members.get_or_insert_default();
                for (name, value) in members {
                    known.entry(name.clone()).or_default().take(value);
                }
            }
            Value::Array(items) => {
                let known = self.items.get_or_insert_default();
                items.iter().for_each(|item| known.take(item));
            }
            _ => {}
        }
    }

    /// Tells the members of an answer that are not known; where no object was recorded, nothing can be told.
    pub fn extra(&self, answered: &Value, at: &str, found: &mut Found) {
        match (answered, &self.members, &self.items) {
            (Value::Object(members), Some(known), _) => {
                for (name, value) in members.iter().filter(|(_, value)| !value.is_null()) {
                    let at = format!("{at}.{name}");
                    match known.get(name) {
                        Some(known) => known.extra(value, &at, found),
                        None => found.add(Differs::Extra, &at, "is too much"),
                    }
                }
            }
            (Value::Array(items), _, Some(known)) => {
                let at = format!("{at}[]");
                items.iter().for_each(|item| known.extra(item, &at, found));
            }
            _ => {}
        }
    }
}
