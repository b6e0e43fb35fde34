//! What must hold between the files: every word of theirs names something that is there.

pub(crate) mod checker;
mod field;
pub(crate) mod member;
mod operation;
mod product;
mod records;
mod resource;
#[cfg(test)]
mod slips;
mod through;

use std::collections::{BTreeMap, BTreeSet};

use checker::{Checker, Index, file_of, owns};

use crate::{Catalogue, Resource, Verb};

/// Every problem found, each a line naming file and key; empty when the catalogue holds together.
pub fn check(catalogue: &Catalogue) -> Vec<String> {
    let mut problems = Vec::new();
    let kinds: BTreeMap<&str, &Resource> =
        catalogue.resources.iter().map(|resource| (resource.kind.as_str(), resource)).collect();
    let index = Index { catalogue, kinds: &kinds };
    for product in &catalogue.products {
        let file = format!("{}/_product.toml", product.name);
        Checker { index, product, file, problems: &mut problems }.product();
        for resource in catalogue.resources.iter().filter(|resource| owns(product, resource)) {
            let file = file_of(&resource.kind, "toml");
            Checker { index, product, file, problems: &mut problems }.resource(resource);
        }
    }
    records::check(index, &mut problems);
    crate::classes::check(catalogue, &mut problems);
    paths(catalogue, &mut problems);
    problems
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
        if !catalogue.products.iter().any(|product| product.name == line.product) {
            problems.push(format!(
                "operations.tsv: {} {}: there is no `{}`",
                line.method, line.path, line.product
            ));
        }
        if let Some((host, path)) = line.answered_at()
            && (!host.contains('.') || path.is_empty() || !line.path.ends_with(path))
        {
            problems.push(format!(
                "operations.tsv: {} {}: `at:{host}{path}` is no host with the end of the path",
                line.method, line.path
            ));
        }
        if known.insert((line.method, bare(&line.path)), line).is_some() {
            problems.push(format!("operations.tsv: {} {}: it is there twice", line.method, line.path));
        }
    }
    let mut taken = BTreeSet::new();
    for resource in &catalogue.resources {
        let Some(product) = catalogue.products.iter().find(|product| owns(product, resource)) else {
            continue;
        };
        let file = file_of(&resource.kind, "toml");
        for operation in resource.operations.values() {
            let name = &operation.name;
            let route = (operation.method, bare(&format!("{}{}", product.prefix, operation.path)));
            if !known.contains_key(&route) {
                problems.push(format!(
                    "{file}: operation `{name}`: {} {} is no line of operations.tsv",
                    route.0, route.1
                ));
            }
            if !taken.insert(route) {
                problems.push(format!(
                    "{file}: operation `{name}`: another operation has {} {}",
                    operation.method, operation.path
                ));
            }
            let needs_id =
                matches!(operation.verb, Verb::Update | Verb::Patch | Verb::Delete) && !resource.singleton;
            if needs_id && operation.parameters().count() == 0 && operation.does.is_none() {
                let by_body = operation.doc.contains("body");
                if !by_body {
                    problems.push(format!("{file}: operation `{name}`: the path names no record"));
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
