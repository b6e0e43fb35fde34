//! The catalogue, checked at build time and compiled in, and the look-ups everything else is drawn from.

mod compiled;
mod member;
mod number;
mod openapi;
mod router;

/// A constant for every kind and every field, with its type, so that behaviour code names them without spelling them.
pub mod handles {
    include!(concat!(env!("OUT_DIR"), "/handles.rs"));
}

use std::borrow::Cow;
use std::collections::HashMap;
use std::path::Path;
use std::sync::OnceLock;

pub use member::{EachText, Kept, Member, Members, Texts};
pub use number::OperationNumber;
pub use openapi::openapi;
pub use router::{Route, Router, Target};
use zuno_notation as notation;
pub use zuno_notation::{
    Absent, Access, Address, Condition, Empty, Failure, Family, Field, Fields, Filter, Format, Grade, Ids,
    Json, Latencies, Latency, LedgerLine, Limit, Limits, Match, Method, Numbers, OnUpdate, Operation,
    Outline, PageStyle, Paging, Product, Quota, ReadError, Refused, Resource, Shape, Spacing, Stamp, Takes,
    Unique, Unknown, Verb, Window, Wire, Word,
};

/// The catalogue with its indexes. A resource of the compiled one is read when it is asked for.
#[derive(Debug)]
pub struct Catalogue {
    products: Vec<Product>,
    outlines: Vec<Outline<'static>>,
    addresses: Vec<Address<'static>>,
    resources: Vec<OnceLock<Box<Resource>>>,
    ledger: OnceLock<Vec<LedgerLine>>,
    fresh: Had,
    fleet: Had,
    kinds: HashMap<String, usize>,
    owner: Vec<usize>,
    inward: HashMap<String, Vec<(usize, String)>>,
    compiled: bool,
}

/// Records that a tenant has from the start, as JSON text by kind.
type Had = HashMap<Cow<'static, str>, Cow<'static, str>>;

impl Catalogue {
    /// The catalogue this program was built with.
    pub fn compiled() -> Catalogue {
        let (outlines, addresses) = compiled::outlines();
        let had = |list: &'static [(&str, &str)]| {
            list.iter().map(|&(kind, text)| (Cow::Borrowed(kind), Cow::Borrowed(text))).collect()
        };
        let resources = outlines.iter().map(|_| OnceLock::new()).collect();
        Catalogue {
            addresses,
            resources,
            ledger: OnceLock::new(),
            fresh: had(compiled::fresh()),
            fleet: had(compiled::fleet()),
            compiled: true,
            ..Catalogue::index(compiled::products(), outlines)
        }
    }

    /// A catalogue from a folder, for trying a change without building.
    ///
    /// # Errors
    /// What the reader and the checks say, with file and line.
    pub fn from_folder(root: &Path) -> Result<Catalogue, ReadError> {
        let read = notation::read_folder(root)?;
        let outline = |resource: &Resource| {
            Outline::of(&read.products[place_of(&read.products, &resource.kind)], resource)
        };
        let outlines = read.resources.iter().map(outline).collect();
        let numbered = read.resources.into_iter().enumerate();
        let resources = numbered
            .map(|(number, resource)| OnceLock::from(Box::new(Resource { number, ..resource })))
            .collect();
        let had = |list: Vec<(String, String)>| {
            list.into_iter().map(|(kind, text)| (Cow::Owned(kind), Cow::Owned(text))).collect()
        };
        let (fresh, fleet, ledger) = (had(read.fresh), had(read.fleet), OnceLock::from(read.ledger));
        Ok(Catalogue { resources, ledger, fresh, fleet, ..Catalogue::index(read.products, outlines) })
    }

    /// The catalogue of these, with nothing described yet.
    fn index(products: Vec<Product>, outlines: Vec<Outline<'static>>) -> Catalogue {
        let mut kinds = HashMap::new();
        let mut owner = Vec::new();
        let mut inward: HashMap<String, Vec<(usize, String)>> = HashMap::new();
        for (number, outline) in outlines.iter().enumerate() {
            let kind = outline.kind.as_str();
            kinds.insert(kind.to_owned(), number);
            owner.push(place_of(&products, kind));
            for (name, target) in &outline.points {
                let pointing = inward.entry(target.as_str().to_owned()).or_default();
                pointing.push((number, name.as_str().to_owned()));
            }
        }
        Catalogue {
            products,
            outlines,
            addresses: Vec::new(),
            resources: Vec::new(),
            ledger: OnceLock::new(),
            fresh: Had::new(),
            fleet: Had::new(),
            kinds,
            owner,
            inward,
            compiled: false,
        }
    }

    /// Whether it is the one that this program was built with, which tests have looked through.
    pub fn is_compiled(&self) -> bool {
        self.compiled
    }

    /// The six API families.
    pub fn products(&self) -> &[Product] {
        &self.products
    }

    /// The family of this name.
    pub fn product(&self, name: &str) -> Option<&Product> {
        self.products.iter().find(|product| product.name == name)
    }

    /// The outline of every described resource, in their order.
    pub fn outlines(&self) -> &[Outline<'static>] {
        &self.outlines
    }

    /// Every described resource. Those that nobody has asked for are read now: where an outline tells enough, take
    /// [`Catalogue::outlines`].
    pub fn resources(&self) -> impl ExactSizeIterator<Item = &Resource> {
        (0..self.resources.len()).map(|number| self.at(number))
    }

    /// The resource at a place.
    ///
    /// # Panics
    /// There is no such place.
    pub fn at(&self, number: usize) -> &Resource {
        self.resources[number].get_or_init(|| Box::new(Resource { number, ..compiled::resource(number) }))
    }

    /// Every described operation, with its resource.
    pub fn operations(&self) -> impl Iterator<Item = (OperationNumber, &Resource, &Operation)> {
        self.resources().enumerate().flat_map(|(resource, described)| {
            let numbered = described.operations.values().enumerate();
            numbered
                .map(move |(within, operation)| (OperationNumber { resource, within }, described, operation))
        })
    }

    /// An operation, and the resource that it is of.
    pub fn operation(&self, number: OperationNumber) -> (&Resource, &Operation) {
        let resource = self.at(number.resource);
        (resource, &resource.operations[number.within])
    }

    /// The resource of this kind.
    pub fn resource(&self, kind: &str) -> Option<&Resource> {
        self.kinds.get(kind).map(|&number| self.at(number))
    }

    /// The resource under whose kind the records of a resource are kept: another one, where it shows another's.
    pub fn home<'a>(&'a self, resource: &'a Resource) -> &'a Resource {
        resource.records.as_deref().and_then(|kind| self.resource(kind)).unwrap_or(resource)
    }

    /// The kind under which records of a kind are kept.
    pub fn kept_as<'a>(&'a self, kind: &'a str) -> &'a str {
        let outline = self.kinds.get(kind).map(|&number| &self.outlines[number]);
        outline.and_then(|outline| outline.records.as_ref()).map_or(kind, Word::as_str)
    }

    /// The family a resource belongs to.
    pub fn owner(&self, resource: &Resource) -> &Product {
        &self.products[self.owner[resource.number]]
    }

    /// The family that the resource at a place belongs to.
    pub(crate) fn owner_of(&self, number: usize) -> &Product {
        &self.products[self.owner[number]]
    }

    /// Every known operation with its grade.
    pub fn ledger(&self) -> &[LedgerLine] {
        self.ledger.get_or_init(compiled::ledger)
    }

    /// Method and path of every known operation, in the ledger's order.
    pub(crate) fn addresses(&self) -> impl Iterator<Item = (Method, &str)> {
        let read = self.ledger.get().filter(|_| !self.compiled).into_iter().flatten();
        let compiled = self.addresses.iter().map(|(method, path)| (*method, path.as_str()));
        compiled.chain(read.map(|line| (line.method, line.path.as_str())))
    }

    /// The kinds and members that may point at records of this kind.
    pub fn pointing_at(&self, kind: &str) -> impl Iterator<Item = (&Resource, &str)> {
        let found = self.inward.get(kind).map(Vec::as_slice).unwrap_or_default();
        found.iter().map(|(number, field)| (self.at(*number), field.as_str()))
    }

    /// The kinds whose records may point at records of this kind, one as often as it has members for that.
    pub fn kinds_pointing_at(&self, kind: &str) -> impl Iterator<Item = &str> {
        let found = self.inward.get(kind).map(Vec::as_slice).unwrap_or_default();
        found.iter().map(|(number, _)| self.outlines[*number].kind.as_str())
    }

    /// What a fresh tenant has of this kind, as the JSON text of an array with placeholders.
    pub fn fresh(&self, kind: &str) -> Option<&str> {
        self.fresh.get(kind).map(Cow::as_ref)
    }

    /// What the sample fleet adds of this kind, as the JSON text of an array with placeholders.
    pub fn fleet(&self, kind: &str) -> Option<&str> {
        self.fleet.get(kind).map(Cow::as_ref)
    }

    /// The status of an operation's success.
    pub fn success(&self, resource: &Resource, operation: &Operation) -> u16 {
        let rule = || self.owner(resource).status.get(&operation.verb).copied();
        operation.status.or_else(rule).unwrap_or(200)
    }

    /// How a list of an operation pages.
    pub fn page<'a>(&'a self, resource: &'a Resource, operation: &'a Operation) -> &'a Paging {
        operation.page.as_ref().or(resource.page.as_ref()).unwrap_or(&self.owner(resource).page)
    }

    /// The value type of this name, from the resource's file or else its product's.
    pub fn value_type<'a>(&'a self, resource: &'a Resource, name: &str) -> Option<&'a Fields> {
        self.owner(resource).value_type(resource, name)
    }
}

/// The place of a kind's product.
fn place_of(products: &[Product], kind: &str) -> usize {
    let name = kind.split('.').next().unwrap_or_default();
    let place = products.iter().position(|product| product.name == name);
    place.expect("the reader takes resources from a product's folder")
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
