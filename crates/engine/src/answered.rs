//! Records as answers tell them, read and written without a store: for whoever speaks to a cloud as its client.

use serde_json::{Map, Value};
use zuno_catalogue::{Access, Catalogue, Field, Fields, Numbers, Resource, Shape, Unknown, Wire};
use zuno_model::{Fault, Record};

use crate::decode::Decoder;
use crate::show::unescape;

/// Whether a caller sets a member: it is neither the server's nor found elsewhere when it is told.
pub fn is_set_by_callers(field: &Field) -> bool {
    let found_elsewhere =
        field.inverse.is_some() || field.from.is_some() || field.counts.is_some() || field.made.is_some();
    !matches!(field.access, Access::Server | Access::Hidden) && !found_elsewhere
}

/// What callers set of a record that an answer tells. A value that the catalogue would refuse stays as it was told: the cloud
/// that tells it may know more words than the catalogue.
pub fn read_answer(catalogue: &Catalogue, resource: &Resource, told: &Map<String, Value>) -> Record {
    let decoder = Decoder::of_callers(catalogue, resource, Unknown::Ignore);
    let escapes = wire(catalogue, resource).escapes;
    let mut record = Record::new();
    for (name, field) in resource.fields.iter().filter(|(_, field)| is_set_by_callers(field)) {
        let Some(value) = told.get(name).filter(|value| !value.is_null()) else { continue };
        let plain = match value {
            Value::String(text) if escapes && matches!(name.as_str(), "name" | "description") => {
                Some(Value::String(unescape(text)))
            }
            _ => None,
        };
        let value = plain.as_ref().unwrap_or(value);
        match decoder.value(name, field, &field.shape, value) {
            Ok(Some(read)) => record.insert(name.clone(), read),
            Ok(None) => None,
            Err(_) => record.insert(name.clone(), value.clone()),
        };
    }
    record
}

/// Reads what somebody wishes a record to be, as a body would be read; a member that there is not is refused.
///
/// # Errors
/// The first member that is wrong, with its dotted name.
pub fn read_wish(
    catalogue: &Catalogue,
    resource: &Resource,
    members: &Map<String, Value>,
) -> Result<Record, Fault> {
    let decoder = Decoder::of_callers(catalogue, resource, Unknown::Reject);
    decoder.object("", &resource.fields, members, false)
}

/// A record as the product's bodies spell it: numbers, ids, links. Nothing is looked up.
pub fn spell(catalogue: &Catalogue, resource: &Resource, record: Record) -> Map<String, Value> {
    Speller { catalogue, resource, wire: wire(catalogue, resource) }.members(&resource.fields, record)
}

fn wire<'c>(catalogue: &'c Catalogue, resource: &'c Resource) -> &'c Wire {
    resource.wire.as_ref().unwrap_or(&catalogue.owner(resource).wire)
}

struct Speller<'a> {
    catalogue: &'a Catalogue,
    resource: &'a Resource,
    wire: &'a Wire,
}

impl Speller<'_> {
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
                match self.catalogue.value_type(self.resource, name) {
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
