//! What a log tells of a record, spelled as the product's answers spell it: numbers, ids, links. Nothing is looked up, so
//! that what is told is what was so then.

use serde_json::{Map, Value};
use zuno_catalogue::{Fields, Numbers, Resource, Shape, Wire};

use crate::Context;

impl Context<'_> {
    /// A record's text, or a list of them, as the log keeps it; nothing where it is none of this kind.
    pub fn spelled(&self, kind: &str, text: &str) -> Option<Value> {
        let resource = self.catalogue().resource(kind)?;
        let wire = resource.wire.as_ref().unwrap_or(&self.catalogue().owner(resource).wire);
        let speller = Speller { cx: self, resource, wire };
        Some(match serde_json::from_str(text).ok()? {
            Value::Array(records) => records.into_iter().map(|record| speller.record(record)).collect(),
            record => speller.record(record),
        })
    }
}

struct Speller<'a, 'b> {
    cx: &'a Context<'b>,
    resource: &'a Resource,
    wire: &'a Wire,
}

impl Speller<'_, '_> {
    fn record(&self, record: Value) -> Value {
        match record {
            Value::Object(members) => Value::Object(self.members(&self.resource.fields, members)),
            other => other,
        }
    }

    fn members(&self, fields: &Fields, members: Map<String, Value>) -> Map<String, Value> {
        let spelled = |(name, value): (String, Value)| match fields.get(&name) {
            Some(field) => (name, self.value(&field.shape, value)),
            None => (name, value),
        };
        members.into_iter().map(spelled).collect()
    }

    fn value(&self, shape: &Shape, value: Value) -> Value {
        match (shape, value) {
            (Shape::Int | Shape::Time | Shape::Float, Value::Number(number))
                if self.wire.numbers == Numbers::Strings =>
            {
                Value::String(number.to_string())
            }
            (Shape::Id | Shape::Ref(_), Value::String(id)) => self.id(id),
            (Shape::Link(_), Value::String(id)) => {
                Value::Object([("id".to_owned(), self.id(id))].into_iter().collect())
            }
            (Shape::Named(name), Value::Object(members)) => {
                match self.cx.catalogue().value_type(self.resource, name) {
                    Some(fields) => Value::Object(self.members(fields, members)),
                    None => Value::Object(members),
                }
            }
            (Shape::List(inner), Value::Array(items)) => {
                items.into_iter().map(|item| self.value(inner, item)).collect()
            }
            (_, other) => other,
        }
    }

    fn id(&self, id: String) -> Value {
        match (self.wire.ids.unwrap_or(self.wire.numbers), id.parse::<i64>()) {
            (Numbers::Numbers, Ok(number)) => number.into(),
            _ => Value::String(id),
        }
    }
}
