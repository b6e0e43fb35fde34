//! A file that shows another kind's records takes members over as that kind describes them, with their value types.

use std::collections::{BTreeMap, BTreeSet};

use indexmap::IndexMap;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::check::checker::{file_of, listed};
use crate::check::member::innermost;
use crate::{Catalogue, Field, Fields, Resource, Shape};

/// What stands in place of a description: that it is the other kind's.
const WORD: &str = "records";
/// What the reader reads until the other file is there.
const UNTIL_THEN: &str = "it = { type = \"any\", doc = \"As described elsewhere.\" }";

/// Which members of a file are to be taken over; they get a description that holds until then.
pub(crate) fn taken(file: &mut DeTable<'_>) -> Vec<String> {
    if !file.contains_key(WORD) {
        return Vec::new();
    }
    let until_then = DeTable::parse(UNTIL_THEN).ok().and_then(|table| table.into_inner().remove("it"));
    let (Some(Spanned { .. }), Some(fields)) = (&until_then, file.get_mut("fields")) else {
        return Vec::new();
    };
    let DeValue::Table(fields) = fields.get_mut() else { return Vec::new() };
    let mut taken = Vec::new();
    for (name, value) in fields.iter_mut() {
        if let (DeValue::String(word), Some(until_then)) = (value.get_ref(), &until_then)
            && &**word == WORD
        {
            taken.push(name.get_ref().to_string());
            *value = until_then.clone();
        }
    }
    taken
}

/// What one file takes over: members, and the value types that those are made of.
#[derive(Default)]
struct Found {
    members: Vec<(String, Field)>,
    types: IndexMap<String, Fields>,
}

/// Gives every such member the description of its kind. A kind or a member that is not there is told.
pub(crate) fn fill(catalogue: &mut Catalogue) -> Vec<String> {
    let mut problems = Vec::new();
    let mut all: BTreeMap<usize, Found> = BTreeMap::new();
    for (number, resource) in catalogue.resources.iter().enumerate() {
        let Some(kind) = &resource.records else { continue };
        let file = file_of(&resource.kind, "toml");
        let Some(home) = catalogue.resources.iter().find(|home| home.kind == *kind) else {
            problems.push(format!("{file}: records: there is no resource `{kind}`"));
            continue;
        };
        let Found { members, types } = all.entry(number).or_default();
        for name in &resource.taken {
            match home.fields.get(name) {
                Some(field) => {
                    let mut compared = BTreeSet::new();
                    if let Err(wrong) =
                        types_of(catalogue, (home, resource), &field.shape, types, &mut compared)
                    {
                        problems.push(format!("{file}: field `{name}`: {wrong}"));
                    }
                    members.push((name.clone(), field.clone()));
                }
                None => problems.push(format!(
                    "{file}: field `{name}`: {kind} has no such field; there are {}",
                    listed(home.fields.keys())
                )),
            }
        }
    }
    for (number, Found { members, types }) in all {
        let resource = &mut catalogue.resources[number];
        resource.fields.extend(members);
        resource.types.extend(types);
    }
    problems
}

/// The value types that a shape is made of, as far as the file that takes it does not know them. One that it knows under the
/// same name must be the same.
fn types_of<'c>(
    catalogue: &'c Catalogue,
    (home, taker): (&'c Resource, &'c Resource),
    shape: &'c Shape,
    types: &mut IndexMap<String, Fields>,
    compared: &mut BTreeSet<&'c str>,
) -> Result<(), String> {
    let Shape::Named(name) = innermost(shape) else { return Ok(()) };
    let of = |resource: &'c Resource| {
        let product = resource.kind.split('.').next().unwrap_or_default();
        let product = catalogue.products.iter().find(|known| known.name == product);
        resource.types.get(name).or_else(|| product?.types.get(name))
    };
    let Some(theirs) = of(home).filter(|_| compared.insert(name)) else { return Ok(()) };
    match of(taker) {
        Some(own) => {
            let is_same = |(name, field): (&String, &Field)| {
                own.get(name).is_some_and(|own| own.shape == field.shape && own.values == field.values)
            };
            if own.len() != theirs.len() || !theirs.iter().all(is_same) {
                return Err(format!("`{name}` is another value type here than in {}", home.kind));
            }
        }
        None => drop(types.insert(name.clone(), theirs.clone())),
    }
    theirs.values().try_for_each(|field| types_of(catalogue, (home, taker), &field.shape, types, compared))
}
