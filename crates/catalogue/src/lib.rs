//! The catalogue, checked at build time and compiled in, and the look-ups everything else is drawn from.

mod openapi;
mod router;

/// A constant for every kind and every field, so that behaviour code names them without spelling them.
pub mod handles {
    include!(concat!(env!("OUT_DIR"), "/handles.rs"));
}

use std::collections::HashMap;
use std::path::Path;

pub use openapi::openapi;
pub use router::{Route, Router, Target};
use zuno_notation as notation;
pub use zuno_notation::{
    Access, Condition, Empty, Failure, Family, Field, Fields, Filter, Format, Grade, Ids, Json, LedgerLine,
    Limit, Limits, Match, Method, Numbers, OnUpdate, Operation, Page, PageStyle, Product, Quota, ReadError,
    Resource, Shape, Spacing, Stamp, Unique, Unknown, Verb, Window, Wire,
};

static COMPILED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/catalogue.bin"));

/// The catalogue with its indexes.
#[derive(Debug)]
pub struct Catalogue {
    source: notation::Catalogue,
    kinds: HashMap<String, usize>,
    owner: Vec<usize>,
    inward: HashMap<String, Vec<(usize, String)>>,
}

impl Catalogue {
    /// The catalogue this program was built with.
    pub fn compiled() -> Catalogue {
        let source = postcard::from_bytes(COMPILED).expect("build.rs wrote what this reads");
        Catalogue::index(source)
    }

    /// A catalogue from a folder, for trying a change without building.
    ///
    /// # Errors
    /// What the reader and the checks say, with file and line.
    pub fn from_folder(root: &Path) -> Result<Catalogue, ReadError> {
        notation::read_folder(root).map(Catalogue::index)
    }

    fn index(mut source: notation::Catalogue) -> Catalogue {
        let mut kinds = HashMap::new();
        let mut owner = Vec::new();
        let mut inward: HashMap<String, Vec<(usize, String)>> = HashMap::new();
        for (number, resource) in source.resources.iter_mut().enumerate() {
            resource.number = number;
            kinds.insert(resource.kind.clone(), number);
            let product = resource.kind.split('.').next().unwrap_or_default();
            let place = source.products.iter().position(|p| p.name == product);
            owner.push(place.expect("the reader takes resources from a product's folder"));
            for (name, field) in &resource.fields {
                if field.inverse.is_none()
                    && let Some(target) = field.shape.target()
                {
                    inward.entry(target.to_owned()).or_default().push((number, name.clone()));
                }
            }
        }
        Catalogue { source, kinds, owner, inward }
    }

    /// The six API families.
    pub fn products(&self) -> &[Product] {
        &self.source.products
    }

    /// The family of this name.
    pub fn product(&self, name: &str) -> Option<&Product> {
        self.source.products.iter().find(|product| product.name == name)
    }

    /// Every described resource.
    pub fn resources(&self) -> &[Resource] {
        &self.source.resources
    }

    /// The resource of this kind.
    pub fn resource(&self, kind: &str) -> Option<&Resource> {
        self.kinds.get(kind).map(|&number| &self.source.resources[number])
    }

    /// The family a resource belongs to.
    pub fn owner(&self, resource: &Resource) -> &Product {
        &self.source.products[self.owner[resource.number]]
    }

    /// Every known operation with its grade.
    pub fn ledger(&self) -> &[LedgerLine] {
        &self.source.ledger
    }

    /// The kinds and members that may point at records of this kind.
    pub fn pointing_at(&self, kind: &str) -> impl Iterator<Item = (&Resource, &str)> {
        let found = self.inward.get(kind).map(Vec::as_slice).unwrap_or_default();
        found.iter().map(|(number, field)| (&self.source.resources[*number], field.as_str()))
    }

    /// What a fresh tenant has of this kind, as the JSON text of an array with placeholders.
    pub fn fresh(&self, kind: &str) -> Option<&str> {
        self.source.fresh.iter().find(|(of, _)| of == kind).map(|(_, text)| text.as_str())
    }

    /// What the sample fleet adds of this kind, as the JSON text of an array with placeholders.
    pub fn fleet(&self, kind: &str) -> Option<&str> {
        self.source.fleet.iter().find(|(of, _)| of == kind).map(|(_, text)| text.as_str())
    }

    /// The status of an operation's success.
    pub fn success(&self, resource: &Resource, operation: &Operation) -> u16 {
        let rule = || self.owner(resource).status.get(&operation.verb).copied();
        operation.status.or_else(rule).unwrap_or(200)
    }

    /// How a list of an operation pages.
    pub fn page<'a>(&'a self, resource: &'a Resource, operation: &'a Operation) -> &'a Page {
        operation.page.as_ref().or(resource.page.as_ref()).unwrap_or(&self.owner(resource).page)
    }

    /// The value type of this name, from the resource's file or else its product's.
    pub fn value_type<'a>(&'a self, resource: &'a Resource, name: &str) -> Option<&'a Fields> {
        resource.types.get(name).or_else(|| self.owner(resource).types.get(name))
    }
}

#[cfg(test)]
mod tests {
    use super::{Access, Catalogue, Router, Shape};

    #[test]
    fn every_text_and_list_that_a_caller_writes_has_a_greatest_length() {
        let catalogue = Catalogue::compiled();
        let mut texts = 0;
        for resource in catalogue.resources() {
            let types = resource.types.values().chain(catalogue.owner(resource).types.values());
            for (name, field) in types.chain([&resource.fields]).flatten() {
                let bounded = matches!(field.shape, Shape::String | Shape::List(_));
                if bounded && field.access != Access::Server {
                    assert!(field.max.is_some_and(|max| max <= 1 << 20), "{} {name}", resource.kind);
                    texts += 1;
                }
            }
        }
        assert!(texts > 500);
        let certificate = catalogue.resource("zpa.certificate").expect("it is described");
        assert!(
            certificate.field("certBlob").and_then(|field| field.max) >= Some(65_536),
            "room for a chain"
        );
    }

    #[test]
    fn the_compiled_catalogue_reads_back_and_routes_every_known_operation() {
        let catalogue = Catalogue::compiled();
        assert!(catalogue.resource("zpa.segment_group").is_some());
        let router = Router::new(&catalogue);
        for line in catalogue.ledger() {
            let path = line.path.replace(['{', '}'], "");
            assert!(router.find(line.method, &path).is_some(), "{} {}", line.method, line.path);
        }
    }
}
