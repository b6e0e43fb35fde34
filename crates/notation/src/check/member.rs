//! Members by their dotted names: through value types and, where they may be followed, into records pointed at.

use serde_json::Value;

use super::checker::{Index, listed};
use crate::{Field, Fields, Resource, Shape};

/// A shape without the lists around it.
pub(crate) fn innermost(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(inner) => innermost(inner),
        other => other,
    }
}

/// The field of a name, or a word on which there are.
pub(super) fn named<'a>(fields: &'a Fields, name: &str) -> Result<&'a Field, String> {
    fields.get(name).ok_or_else(|| format!("there is no field `{name}`; there are {}", listed(fields.keys())))
}

impl<'a> Index<'a> {
    /// The resource of a kind, or a word on which there are.
    pub(super) fn kind(self, kind: &str) -> Result<&'a Resource, String> {
        let product = kind.split('.').next().unwrap_or_default();
        self.kinds.get(kind).copied().ok_or_else(|| {
            let mut alike: Vec<&&str> =
                self.kinds.keys().filter(|known| known.split('.').next() == Some(product)).collect();
            if alike.is_empty() {
                alike = self.kinds.keys().collect();
            }
            format!("there is no resource `{kind}`; there are {}", listed(alike))
        })
    }

    /// Whether a word may stand in place of the id of a kind's record.
    pub(super) fn reserves(self, kind: &str, word: &str) -> bool {
        self.kinds.get(kind).is_some_and(|kind| kind.reserved.iter().any(|reserved| reserved == word))
    }

    /// Whether any `ref` of any file may hold a record of this kind.
    pub(super) fn is_referred_to(self, kind: &str) -> bool {
        let of_kind = |field: &Field| {
            field.inverse.is_none() && matches!(innermost(&field.shape), Shape::Ref(target) if target == kind)
        };
        let by = |fields: &Fields| fields.values().any(of_kind);
        self.kinds.values().any(|resource| by(&resource.fields) || resource.types.values().any(by))
            || self.catalogue.products.iter().any(|product| product.types.values().any(by))
    }

    /// The value type of this name as a resource's file knows it.
    pub(super) fn value_type(self, resource: &'a Resource, name: &str) -> Option<&'a Fields> {
        let product =
            || self.catalogue.products.iter().find(|product| super::checker::owns(product, resource));
        resource.types.get(name).or_else(|| product()?.types.get(name))
    }

    /// The field at a dotted path; `links` may be followed into the records that they point at.
    pub(super) fn reach(self, resource: &'a Resource, path: &str, links: bool) -> Result<&'a Field, String> {
        let (mut owner, mut fields) = (resource, &resource.fields);
        let mut parts = path.split('.').peekable();
        while let Some(part) = parts.next() {
            let field = named(fields, part)?;
            if parts.peek().is_none() {
                return Ok(field);
            }
            match innermost(&field.shape) {
                Shape::Any => return Ok(field),
                Shape::Named(name) => {
                    let found = self.value_type(owner, name);
                    fields = found.ok_or_else(|| format!("there is no value type `{name}`"))?;
                }
                Shape::Ref(kind) | Shape::Link(kind) if links => {
                    owner = self.kind(kind)?;
                    fields = &owner.fields;
                }
                _ => return Err(format!("`{part}` has no members that could be named here")),
            }
        }
        Err("a member is wanted".into())
    }
}

/// Whether a constant could be a value of the field, as it is kept.
pub(super) fn fits(value: &Value, field: &Field) -> bool {
    match &field.shape {
        Shape::Int | Shape::Time => value.is_i64() || value.is_u64(),
        Shape::Float => value.is_number(),
        Shape::Bool => value.is_boolean(),
        Shape::String | Shape::Id | Shape::Ref(_) => value.is_string(),
        Shape::Enum => value.as_str().is_some_and(|word| field.values.iter().any(|known| known == word)),
        Shape::List(_) => value.is_array(),
        Shape::Named(_) => value.is_object(),
        Shape::Link(_) => value.is_string() || value.is_object(),
        Shape::Any => true,
    }
}

/// Whether a member may come to have this very value.
pub(super) fn could_be(value: &Value, field: &Field) -> bool {
    // Links are kept as the id alone.
    fits(value, field) && (!matches!(field.shape, Shape::Link(_)) || value.is_string())
}

/// That a member cannot have a value, with what it can have.
pub(super) fn is_none(member: &str, value: &Value, field: &Field) -> String {
    let words = if field.values.is_empty() {
        String::new()
    } else {
        format!("; there are {}", listed(&field.values))
    };
    format!("`{member}` is never {value}: it is a {}{words}", field.shape)
}

/// Every text in a value.
pub(super) fn texts(value: &Value, found: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => found(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}
