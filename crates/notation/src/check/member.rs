//! Members by their dotted names: through value types and, where they may be followed, into records pointed at.

use super::{Known, listed};
use crate::{Field, Fields, Resource, Shape};

/// A shape without the lists around it.
pub(super) fn innermost(shape: &Shape) -> &Shape {
    match shape {
        Shape::List(inner) => innermost(inner),
        other => other,
    }
}

/// The field of a name, or a word on which there are.
pub(super) fn named<'a>(fields: &'a Fields, name: &str) -> Result<&'a Field, String> {
    fields.get(name).ok_or_else(|| format!("there is no field `{name}`; there are {}", listed(fields.keys())))
}

impl<'a> Known<'a> {
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

    /// The value type of this name as a resource's file knows it.
    pub(super) fn value_type(self, resource: &'a Resource, name: &str) -> Option<&'a Fields> {
        let product = || self.catalogue.products.iter().find(|product| super::owns(product, resource));
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
