//! Which records a record points at, found through the types of its fields.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Field, Fields, Resource, Shape};
use zuno_model::{Id, Record};
use zuno_store::Pointer;

/// A pointer with whether its target must exist.
pub struct Found<'a> {
    /// The pointer.
    pub pointer: Pointer,
    /// The catalogue says that a target which is not known is kept as it is.
    pub loose: bool,
    /// Words that may stand in place of an id.
    pub reserved: &'a [String],
}

/// Every pointer that the fields of a record hold.
pub fn of<'a>(catalogue: &'a Catalogue, resource: &'a Resource, record: &Record) -> Vec<Found<'a>> {
    let mut found = Vec::new();
    walk(catalogue, resource, &resource.fields, record, None, &mut found);
    found
}

fn walk<'a>(
    catalogue: &'a Catalogue,
    resource: &'a Resource,
    fields: &'a Fields,
    record: &Record,
    top: Option<&str>,
    found: &mut Vec<Found<'a>>,
) {
    for (name, field) in fields {
        if field.inverse.is_some() || field.from.is_some() {
            continue;
        }
        if let Some(value) = record.get(name) {
            value_of(catalogue, resource, field, &field.shape, value, top.unwrap_or(name), found);
        }
    }
}

fn value_of<'a>(
    catalogue: &'a Catalogue,
    resource: &'a Resource,
    field: &'a Field,
    shape: &Shape,
    value: &Value,
    top: &str,
    found: &mut Vec<Found<'a>>,
) {
    match (shape, value) {
        (Shape::Ref(kind) | Shape::Link(kind), Value::String(id)) if id != "0" => {
            let pointer = Pointer { field: top.to_owned(), kind: kind.clone(), id: Id(id.clone()) };
            let words = catalogue.resource(kind).map(|target| target.reserved.as_slice());
            let reserved = words.filter(|_| matches!(shape, Shape::Ref(_))).unwrap_or_default();
            found.push(Found { pointer, loose: field.loose, reserved });
        }
        (Shape::List(inner), Value::Array(items)) => {
            for item in items {
                value_of(catalogue, resource, field, inner, item, top, found);
            }
        }
        // Of a member that took one and takes several now.
        (Shape::List(inner), Value::String(_)) => {
            value_of(catalogue, resource, field, inner, value, top, found);
        }
        (Shape::Named(name), Value::Object(members)) => {
            if let Some(fields) = catalogue.value_type(resource, name) {
                walk(catalogue, resource, fields, members, Some(top), found);
            }
        }
        _ => {}
    }
}

/// Takes every pointer at one record out of another's top-level fields.
pub fn detach(resource: &Resource, record: &mut Record, kind: &str, id: &Id) {
    for (name, field) in &resource.fields {
        if field.shape.target() != Some(kind) {
            continue;
        }
        match record.get_mut(name) {
            Some(Value::Array(items)) => items.retain(|item| item.as_str() != Some(id.as_str())),
            Some(Value::String(held)) if held == id.as_str() => {
                record.shift_remove(name);
            }
            _ => {}
        }
    }
}
