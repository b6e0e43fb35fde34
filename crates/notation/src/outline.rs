//! What must be known of every resource before one of them is asked for, so that the rest of it can be read when it is.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use crate::{Field, Fields, Method, Product, Resource, Shape};

/// A text, borrowed from where the outline was read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Word<'a>(#[serde(borrow)] Cow<'a, str>);

impl Word<'_> {
    /// The text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    fn owned(text: &str) -> Word<'static> {
        Word(Cow::Owned(text.to_owned()))
    }
}

/// A method and a path.
pub type Address<'a> = (Method, Word<'a>);

/// What leads to a resource, and where it leads.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Outline<'a> {
    /// Its kind.
    #[serde(borrow)]
    pub kind: Word<'a>,
    /// Its operations' addresses below the product's prefix, in their order.
    #[serde(borrow)]
    pub operations: Vec<Address<'a>>,
    /// The query parameters that choose among its records or belong to an operation.
    #[serde(borrow)]
    pub asks: Vec<Word<'a>>,
    /// Members whose value points at another record, each with the kind of that.
    #[serde(borrow)]
    pub points: Vec<(Word<'a>, Word<'a>)>,
    /// The kind whose records it shows, where they are not its own.
    #[serde(borrow)]
    pub records: Option<Word<'a>>,
    /// The kind of scope that each record belongs to.
    #[serde(borrow)]
    pub scope: Option<Word<'a>>,
    /// Members that are kept sealed, by their dotted names.
    #[serde(borrow)]
    pub sealed: Vec<Word<'a>>,
}

impl Outline<'static> {
    /// The outline of a resource of a product.
    pub fn of(product: &Product, resource: &Resource) -> Outline<'static> {
        let operations = resource.operations.values();
        let mut asks: Vec<&String> = resource.filters.keys().collect();
        asks.extend(operations.clone().flat_map(|operation| operation.query.keys().chain(&operation.force)));
        asks.sort_unstable();
        asks.dedup();
        // What shows records of another kind has no pointers of its own.
        let own = |field: &Field| resource.records.is_none() && field.inverse.is_none();
        let points = resource.fields.iter().filter(|(_, field)| own(field));
        let points = points.filter_map(|(name, field)| Some((name, field.shape.target()?)));
        let mut sealed = Vec::new();
        seals(product, resource, &resource.fields, "", &mut Vec::new(), &mut sealed);
        Outline {
            kind: Word::owned(&resource.kind),
            operations: operations
                .map(|operation| (operation.method, Word::owned(&operation.path)))
                .collect(),
            asks: asks.into_iter().map(|name| Word::owned(name)).collect(),
            points: points.map(|(name, kind)| (Word::owned(name), Word::owned(kind))).collect(),
            records: resource.records.as_deref().map(Word::owned),
            scope: resource.scope.as_deref().map(Word::owned),
            sealed: sealed.iter().map(|name| Word::owned(name)).collect(),
        }
    }
}

impl Product {
    /// The value type of this name, from a resource's file or else this product's.
    pub fn value_type<'a>(&'a self, resource: &'a Resource, name: &str) -> Option<&'a Fields> {
        resource.types.get(name).or_else(|| self.types.get(name))
    }
}

/// Finds the members that are kept sealed whole, also within value types.
fn seals<'a>(
    product: &'a Product,
    resource: &'a Resource,
    fields: &'a Fields,
    prefix: &str,
    inside: &mut Vec<&'a str>,
    found: &mut Vec<String>,
) {
    for (name, field) in fields {
        if field.is_kept_sealed() {
            found.push(format!("{prefix}{name}"));
            continue;
        }
        let mut shape = &field.shape;
        while let Shape::List(inner) = shape {
            shape = inner;
        }
        // A type that holds itself, as conditions do, ends here.
        if let Shape::Named(named) = shape
            && !inside.contains(&named.as_str())
            && let Some(fields) = product.value_type(resource, named)
        {
            inside.push(named);
            seals(product, resource, fields, &format!("{prefix}{name}."), inside, found);
            inside.pop();
        }
    }
}
