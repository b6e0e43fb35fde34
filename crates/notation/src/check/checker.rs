//! What holds one file against the others, and says where it is wrong.

use std::collections::BTreeMap;

use crate::{Catalogue, Product, Resource};

/// Whether a resource is one of a product's.
pub(super) fn owns(product: &Product, resource: &Resource) -> bool {
    resource.kind.split('.').next() == Some(product.name.as_str())
}

/// A kind's file below the catalogue's folder: `zpa/segment_group.toml`.
pub(crate) fn file_of(kind: &str, ending: &str) -> String {
    format!("{}.{ending}", kind.replacen('.', "/", 1))
}

/// What a word may name.
#[derive(Clone, Copy)]
pub(super) struct Index<'a> {
    pub(super) catalogue: &'a Catalogue,
    pub(super) kinds: &'a BTreeMap<&'a str, &'a Resource>,
}

/// Holds one file against the others.
pub(super) struct Checker<'a> {
    pub(super) index: Index<'a>,
    pub(super) product: &'a Product,
    pub(super) file: String,
    pub(super) problems: &'a mut Vec<String>,
}

impl Checker<'_> {
    pub(super) fn tell(&mut self, place: &str, what: &str) {
        self.problems.push(format!("{}: {place}: {what}", self.file));
    }

    /// Evidence begins with how it is known.
    pub(super) fn evidence(&mut self, place: &str, evidence: Option<&str>) {
        const WORDS: [&str; 6] = ["seen", "documented", "client", "reported", "seed", "guessed"];
        let first = |text: &str| text.split(|c: char| !c.is_ascii_lowercase()).next().map(str::to_owned);
        if let Some(word) = evidence.and_then(first)
            && !WORDS.contains(&word.as_str())
        {
            self.tell(place, &format!("evidence begins with {}, not `{word}`", listed(WORDS)));
        }
    }
}

/// Words in a row, as a message names what is allowed.
pub(crate) fn listed<T: AsRef<str>>(words: impl IntoIterator<Item = T>) -> String {
    words.into_iter().map(|word| format!("`{}`", word.as_ref())).collect::<Vec<_>>().join(", ")
}
