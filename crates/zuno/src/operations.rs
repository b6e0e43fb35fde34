//! Every operation by product, noun and verb, as the command line names them.

use std::collections::HashMap;

use zuno_catalogue::{Catalogue, Grade, Method, Operation, PageStyle, Paging, Product, Resource};

/// One operation.
#[derive(Clone, Copy)]
pub struct KnownOperation<'c> {
    /// Its family.
    pub product: &'c Product,
    /// The resource's name, with underscores.
    pub noun: &'c str,
    /// What is done, with underscores.
    pub verb: &'c str,
    /// The HTTP method.
    pub method: Method,
    /// How far Zuno has it.
    pub grade: Grade,
    /// Its resource and itself, where the catalogue describes them.
    pub described: Option<(&'c Resource, &'c Operation)>,
    path: &'c str,
}

impl KnownOperation<'_> {
    /// The path on the gateway, with its parameters in braces.
    pub fn path(&self) -> String {
        match self.described {
            Some(_) => format!("{}{}", self.product.prefix, self.path),
            None => self.path.to_owned(),
        }
    }

    /// The path's parameters in order.
    pub fn parameters(&self) -> Vec<&str> {
        self.path.split('{').skip(1).filter_map(|rest| rest.split('}').next()).collect()
    }

    /// Whether it changes anything, as far as is known.
    pub fn writes(&self) -> bool {
        match self.described {
            Some((_, operation)) => operation.writes(),
            None => self.method != Method::Get,
        }
    }

    /// How far Zuno has it, in a word.
    pub fn graded(&self) -> &'static str {
        match (self.grade, self.described) {
            (Grade::Faithful, _) => "faithful",
            (Grade::Stored, _) => "stored",
            // The router answers what is described, whatever its line in the ledger says.
            (Grade::Absent, Some(_)) => "ungraded",
            (Grade::Absent, None) => "absent",
        }
    }

    /// What it does, in a sentence, where the catalogue says so.
    pub fn doc(&self) -> &str {
        match self.described {
            Some((_, operation)) if !operation.doc.is_empty() => &operation.doc,
            Some((resource, _)) => &resource.doc,
            None => "",
        }
    }

    /// How its list pages.
    pub fn page(&self) -> &Paging {
        let told = self
            .described
            .and_then(|(resource, operation)| operation.page.as_ref().or(resource.page.as_ref()));
        told.unwrap_or(&self.product.page)
    }

    /// The query parameters that the catalogue describes, with a word on each.
    pub fn query(&self) -> Vec<(&str, &str)> {
        let Some((resource, operation)) = self.described else { return Vec::new() };
        let mut found: Vec<(&str, &str)> =
            operation.query.iter().map(|(name, doc)| (name.as_str(), doc.as_str())).collect();
        if operation.verb.filters() {
            found.extend(resource.filters.iter().map(|(name, filter)| (name.as_str(), filter.doc.as_str())));
        }
        found
    }
}

/// Whether a path's parameter is the ZPA customer id, which is filled in.
pub fn is_customer(parameter: &str) -> bool {
    matches!(parameter, "customer" | "customerId")
}

/// The parameters of a page, by which a list is walked: the number or offset, and the size.
pub fn page_parameters(style: PageStyle) -> Option<(&'static str, &'static str)> {
    match style {
        PageStyle::Whole => None,
        PageStyle::Array | PageStyle::Counted => Some(("page", "pageSize")),
        PageStyle::Totals => Some(("page", "pagesize")),
        PageStyle::Offset | PageStyle::Cursor => Some(("offset", "limit")),
        PageStyle::Skip => Some(("skip", "perPage")),
    }
}

/// Every operation, in the order of product, noun and the ledger.
pub fn all(catalogue: &Catalogue) -> Vec<KnownOperation<'_>> {
    let mut described = HashMap::new();
    for resource in catalogue.resources() {
        let product = catalogue.owner(resource);
        for operation in resource.operations.values() {
            let pattern = without_names(&format!("{}{}", product.prefix, operation.path));
            described.insert((operation.method, pattern), (resource, operation));
        }
    }
    let mut found = Vec::with_capacity(catalogue.ledger().len());
    for line in catalogue.ledger() {
        let Some(product) = catalogue.product(&line.product) else { continue };
        let (noun, verb) = line.operation.split_once('.').unwrap_or((&line.operation, "call"));
        let told = described.remove(&(line.method, without_names(&line.path)));
        let path = told.map_or(line.path.as_str(), |(_, operation)| operation.path.as_str());
        found.push(KnownOperation {
            product,
            noun,
            verb,
            method: line.method,
            grade: line.grade,
            described: told,
            path,
        });
    }
    for (resource, operation) in described.into_values() {
        let noun = resource.kind.split_once('.').map_or(resource.kind.as_str(), |(_, noun)| noun);
        let named = |known: &KnownOperation<'_>| {
            known.product.name == catalogue.owner(resource).name
                && known.noun == noun
                && known.verb == operation.name
        };
        if !found.iter().any(named) {
            found.push(KnownOperation {
                product: catalogue.owner(resource),
                noun,
                verb: &operation.name,
                method: operation.method,
                grade: Grade::Absent,
                described: Some((resource, operation)),
                path: &operation.path,
            });
        }
    }
    found.sort_by_key(|known| (known.product.name.as_str(), known.noun));
    found
}

/// A path with its parameters' names blotted out: two descriptions may name them differently.
fn without_names(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    let mut rest = path;
    while let Some(start) = rest.find('{') {
        pattern.push_str(&rest[..=start]);
        rest = rest[start..].find('}').map_or("", |end| &rest[start + end..]);
    }
    pattern + rest
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use zuno_catalogue::Catalogue;

    use super::{all, without_names};

    #[test]
    fn every_operation_has_a_name_of_its_own_and_every_described_one_is_there() {
        let catalogue = Catalogue::compiled();
        let found = all(&catalogue);
        let names: HashSet<_> =
            found.iter().map(|known| (&known.product.name, known.noun, known.verb)).collect();
        assert_eq!(names.len(), found.len());
        assert!(found.len() >= catalogue.ledger().len());
        let described: usize = catalogue.resources().map(|resource| resource.operations.len()).sum();
        assert_eq!(found.iter().filter(|known| known.described.is_some()).count(), described);
        for known in found.iter().filter(|known| known.described.is_some()) {
            assert!(known.path().starts_with(&known.product.prefix), "{}", known.path());
        }
    }

    #[test]
    fn names_of_parameters_do_not_matter() {
        assert_eq!(without_names("/a/{id}/b/{x}"), without_names("/a/{other}/b/{y}"));
        assert_eq!(without_names("/a/{id}/b"), "/a/{}/b");
    }
}
