//! From method and path to operation: one trie over every known operation, described or not.

use std::collections::HashMap;

use crate::number::OperationNumber;
use crate::{Catalogue, Method};

/// What a route leads to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Target {
    /// A described operation.
    Built(OperationNumber),
    /// A known one that is not described, being answered at a host of its own or not built: the number of its line in
    /// [`Catalogue::ledger`].
    Absent {
        /// Index into the ledger.
        line: usize,
    },
}

/// A match: where it leads, and the path's parameters in order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Route {
    /// Where it leads.
    pub target: Target,
    /// The parameters' values as they stand in the path, still percent-encoded.
    pub values: Vec<String>,
}

/// The trie. Parameter names do not matter to it: they are taken from the operation that matched.
#[derive(Debug)]
pub struct Router {
    trie: matchit::Router<usize>,
    places: Vec<HashMap<Method, Target>>,
}

impl Router {
    /// Builds the trie of a catalogue. Described operations win over lines of the ledger.
    pub fn new(catalogue: &Catalogue) -> Router {
        let mut router = Router { trie: matchit::Router::new(), places: Vec::new() };
        let mut known = HashMap::new();
        for (number, outline) in catalogue.outlines().iter().enumerate() {
            let prefix = &catalogue.owner_of(number).prefix;
            for (index, (method, path)) in outline.operations.iter().enumerate() {
                let target = Target::Built(OperationNumber { resource: number, within: index });
                router.add(&mut known, &format!("{prefix}{}", path.as_str()), *method, target);
            }
        }
        for (number, (method, path)) in catalogue.addresses().enumerate() {
            router.add(&mut known, path, method, Target::Absent { line: number });
        }
        router
    }

    fn add(&mut self, known: &mut HashMap<String, usize>, path: &str, method: Method, target: Target) {
        let pattern = positional(path);
        let place = match known.get(&pattern) {
            Some(&place) => place,
            None => {
                let place = self.places.len();
                self.trie
                    .insert(pattern.clone(), place)
                    .unwrap_or_else(|clash| panic!("the catalogue's path {path} clashes: {clash}"));
                self.places.push(HashMap::new());
                known.insert(pattern, place);
                place
            }
        };
        self.places[place].entry(method).or_insert(target);
    }

    /// The operation behind a method and path, when both are known.
    pub fn find(&self, method: Method, path: &str) -> Option<Route> {
        let matched = self.trie.at(path).ok()?;
        let target = *self.places[*matched.value].get(&method)?;
        let values = matched.params.iter().map(|(_, value)| value.to_owned()).collect();
        Some(Route { target, values })
    }

    /// The methods that a path is known with; empty for an unknown path.
    pub fn methods(&self, path: &str) -> Vec<Method> {
        let mut found: Vec<Method> = match self.trie.at(path) {
            Ok(matched) => self.places[*matched.value].keys().copied().collect(),
            Err(_) => Vec::new(),
        };
        found.sort();
        found
    }
}

/// The pattern with its parameters named by position, so that no two names meet at one place of the trie.
pub(crate) fn positional(path: &str) -> String {
    let mut pattern = String::with_capacity(path.len());
    let mut count = 0;
    let mut rest = path;
    while let Some(start) = rest.find('{') {
        let end = rest[start..].find('}').map_or(rest.len(), |end| start + end + 1);
        pattern.push_str(&rest[..start]);
        pattern.push_str(&format!("{{p{count}}}"));
        count += 1;
        rest = &rest[end..];
    }
    pattern.push_str(rest);
    pattern
}
