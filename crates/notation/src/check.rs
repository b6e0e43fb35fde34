//! What must hold between the files: references, value types, views, paths, defaults.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::{Catalogue, Field, Fields, Product, Resource, Shape, Verb};

/// Every problem found, each a line naming resource and member; empty when the catalogue holds together.
pub fn check(catalogue: &Catalogue) -> Vec<String> {
    let mut problems = Vec::new();
    let kinds: BTreeMap<&str, &Resource> =
        catalogue.resources.iter().map(|resource| (resource.kind.as_str(), resource)).collect();
    for resource in &catalogue.resources {
        let Some(product) =
            catalogue.products.iter().find(|p| resource.kind.starts_with(&format!("{}.", p.name)))
        else {
            continue;
        };
        Checker { product, resource, kinds: &kinds, problems: &mut problems }.run();
    }
    crate::classes::check(catalogue, &mut problems);
    paths(catalogue, &mut problems);
    problems
}

struct Checker<'a> {
    product: &'a Product,
    resource: &'a Resource,
    kinds: &'a BTreeMap<&'a str, &'a Resource>,
    problems: &'a mut Vec<String>,
}

impl Checker<'_> {
    fn run(&mut self) {
        let resource = self.resource;
        self.members("", &resource.fields);
        for (name, members) in &resource.types {
            self.members(&format!("{name}."), members);
        }
        for (view, members) in &resource.views {
            for member in members {
                match resource.fields.get(member) {
                    None => self.tell(&format!("view `{view}`"), &format!("there is no field `{member}`")),
                    Some(field) if field.secret => {
                        self.tell(
                            &format!("view `{view}`"),
                            &format!("`{member}` is a secret, which is never told"),
                        );
                    }
                    Some(_) => {}
                }
            }
        }
        for (name, operation) in &resource.operations {
            if let Some(view) = &operation.view
                && !resource.views.contains_key(view)
            {
                self.tell(&format!("operation `{name}`"), &format!("there is no view `{view}`"));
            }
        }
        for (name, filter) in &resource.filters {
            let first = filter.field.split('.').next().unwrap_or_default();
            if !resource.fields.contains_key(first) {
                self.tell(&format!("filter `{name}`"), &format!("there is no field `{first}`"));
            }
        }
        for condition in &resource.when {
            for member in condition.needs.iter().chain(&condition.forbids).chain([&condition.field]) {
                if !resource.fields.contains_key(member) {
                    self.tell("when", &format!("there is no field `{member}`"));
                }
            }
        }
        if let Some(order) = &resource.order_by {
            let member = order.trim_start_matches('-');
            if !resource.fields.contains_key(member) {
                self.tell("order_by", &format!("there is no field `{member}`"));
            }
            if resource.fields.get(member).is_some_and(Field::is_kept_sealed) {
                self.tell("order_by", &format!("`{member}` is kept sealed"));
            }
        }
    }

    fn members(&mut self, prefix: &str, fields: &Fields) {
        for (name, field) in fields {
            let place = format!("field `{prefix}{name}`");
            self.shape(&place, field, &field.shape);
            if field.shape == Shape::Enum && field.values.is_empty() {
                self.tell(&place, "an enum needs `values`");
            }
            for (old, new) in &field.was {
                if field.values.contains(old) || !field.values.contains(new) {
                    self.tell(
                        &place,
                        &format!("`was` leads from no longer a word to a word; `{old}` to `{new}` does not"),
                    );
                }
            }
            let texts = [Shape::String, Shape::List(Box::new(Shape::String))];
            if field.format.is_some() && !texts.contains(&field.shape) {
                self.tell(&place, "`format` is of texts");
            }
            // The store compares and orders what it keeps, and what is sealed is nowhere the same twice.
            if field.is_kept_sealed() && (field.unique.is_some() || field.shape.target().is_some()) {
                self.tell(&place, "what is secret or sealed can be neither unique nor a reference");
            }
            if let Some(default) = &field.default
                && !fits(&default.0, field)
            {
                self.tell(&place, &format!("the default {} is no {}", default.0, field.shape));
            }
            if let Some(source) = &field.from {
                let first = source.split('.').next().unwrap_or_default();
                if fields.get(first).and_then(|f| f.shape.target()).is_none() {
                    self.tell(&place, &format!("`from` needs a reference; `{first}` is none"));
                }
            }
        }
    }

    fn shape(&mut self, place: &str, field: &Field, shape: &Shape) {
        match shape {
            Shape::List(inner) => self.shape(place, field, inner),
            Shape::Named(name)
                if !self.resource.types.contains_key(name) && !self.product.types.contains_key(name) =>
            {
                self.tell(place, &format!("there is no value type `{name}`"));
            }
            Shape::Ref(kind) | Shape::Link(kind) => match self.kinds.get(kind.as_str()) {
                None => self.tell(place, &format!("there is no resource `{kind}`")),
                Some(target) => {
                    for view in [&field.view, &field.list_view, &field.stub_view].into_iter().flatten() {
                        if !target.views.contains_key(view) {
                            self.tell(place, &format!("`{kind}` has no view `{view}`"));
                        }
                    }
                    if let Some(member) = &field.inverse
                        && !target.fields.contains_key(member)
                    {
                        self.tell(place, &format!("`{kind}` has no field `{member}` to be the inverse of"));
                    }
                }
            },
            _ => {}
        }
    }

    fn tell(&mut self, place: &str, what: &str) {
        self.problems.push(format!("{}: {place}: {what}", self.resource.kind));
    }
}

/// Whether a default could be a value of the field.
fn fits(value: &Value, field: &Field) -> bool {
    match &field.shape {
        Shape::Int | Shape::Time => value.is_i64() || value.is_u64(),
        Shape::Float => value.is_number(),
        Shape::Bool => value.is_boolean(),
        Shape::String => value.is_string(),
        Shape::Enum => value.as_str().is_some_and(|word| field.values.iter().any(|v| v == word)),
        Shape::List(_) => value.is_array(),
        Shape::Named(_) | Shape::Link(_) => value.is_object(),
        Shape::Id | Shape::Ref(_) | Shape::Any => true,
    }
}

/// A path with its parameter names removed, so that two spellings of one route are equal; `{id}:verb` keeps its verb.
pub(crate) fn bare(path: &str) -> String {
    let mut bare = String::with_capacity(path.len());
    for (number, piece) in path.split('{').enumerate() {
        match piece.split_once('}') {
            Some((_, rest)) if number > 0 => {
                bare.push_str("{}");
                bare.push_str(rest);
            }
            _ => bare.push_str(piece),
        }
    }
    bare
}

/// No two operations share a method and path, and each is a line of the ledger with a grade that says so.
fn paths(catalogue: &Catalogue, problems: &mut Vec<String>) {
    let mut known = BTreeMap::new();
    for line in &catalogue.ledger {
        known.insert((line.method, bare(&line.path)), line);
    }
    let mut taken = BTreeSet::new();
    for resource in &catalogue.resources {
        let Some(product) =
            catalogue.products.iter().find(|p| resource.kind.starts_with(&format!("{}.", p.name)))
        else {
            continue;
        };
        for operation in resource.operations.values() {
            let route = (operation.method, bare(&format!("{}{}", product.prefix, operation.path)));
            if !known.contains_key(&route) {
                problems.push(format!(
                    "{}: operation `{}`: {} {} is no line of operations.tsv",
                    resource.kind, operation.name, route.0, route.1
                ));
            }
            if !taken.insert(route) {
                problems.push(format!(
                    "{}: operation `{}`: another operation has {} {}",
                    resource.kind, operation.name, operation.method, operation.path
                ));
            }
            let needs_id = matches!(operation.verb, Verb::Update | Verb::Delete) && !resource.singleton;
            if needs_id && operation.parameters().count() == 0 && operation.does.is_none() {
                let by_body = operation.doc.contains("body");
                if !by_body {
                    problems.push(format!(
                        "{}: operation `{}`: the path names no record",
                        resource.kind, operation.name
                    ));
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::bare;

    #[test]
    fn parameter_names_do_not_tell_routes_apart_but_colon_verbs_do() {
        assert_eq!(bare("/users/{id}/groups"), bare("/users/{userId}/groups"));
        assert_eq!(bare("/users/{id}:resetpassword"), "/users/{}:resetpassword");
        assert_ne!(bare("/users/{id}:setskipmfa"), bare("/users/{id}"));
    }
}
