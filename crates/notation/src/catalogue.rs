//! Everything that is read: products, resources, the ledger, and what tenants have.

use serde::{Deserialize, Serialize};

use crate::{Method, Product, Resource};

/// Everything the catalogue says, products and resources in the order of their names.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Catalogue {
    /// The six API families.
    pub products: Vec<Product>,
    /// Every resource that is described.
    pub resources: Vec<Resource>,
    /// Every known operation, described or not, with its grade and the evidence for it.
    pub ledger: Vec<LedgerLine>,
    /// Objects that every fresh tenant has, as JSON text by kind.
    pub fresh: Vec<(String, String)>,
    /// Objects of the sample fleet, as JSON text by kind.
    pub fleet: Vec<(String, String)>,
}

/// How faithfully an operation behaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Statuses, bodies, errors and side effects as known, and a scenario proves it.
    Faithful,
    /// The shape is right and state is kept and checked; a named part is missing.
    Stored,
    /// Known to the router, refused in words that say so.
    Absent,
}

/// One line of `operations.tsv`.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct LedgerLine {
    /// `zia`, `zpa`, …
    pub product: String,
    /// The HTTP method.
    pub method: Method,
    /// The full path on the gateway.
    pub path: String,
    /// The operation's id within the product, `segment_group.create`.
    pub operation: String,
    /// How far it is built.
    pub grade: Grade,
    /// What proves it, or what is missing.
    pub evidence: String,
}

impl LedgerLine {
    /// The host and the path there, where the cloud answers it at a host of its own and not at the gateway: `at:HOST/PATH`
    /// in its evidence.
    pub fn answered_at(&self) -> Option<(&str, &str)> {
        let place = self.evidence.split(' ').find_map(|word| word.strip_prefix("at:"))?;
        let path = place.find('/').unwrap_or(place.len());
        Some(place.split_at(path))
    }
}
