//! What a log tells of a record, spelled as the product's answers spell it: numbers, ids, links. Nothing is looked up, so
//! that what is told is what was so then.

use serde_json::Value;

use crate::{Context, spell};

impl Context<'_> {
    /// A record's text, or a list of them, as the log keeps it; nothing where it is none of this kind.
    pub fn spelled(&self, kind: &str, text: &str) -> Option<Value> {
        let resource = self.catalogue().resource(kind)?;
        let spelled = |record| match record {
            Value::Object(members) => Value::Object(spell(self.catalogue(), resource, members)),
            other => other,
        };
        Some(match serde_json::from_str(text).ok()? {
            Value::Array(records) => records.into_iter().map(spelled).collect(),
            record => spelled(record),
        })
    }
}
