//! Query parameters that no operation knows: each is told of in the log once, since the cloud passes them over without a
//! word and a misspelt one looks as if it worked.

use std::collections::HashSet;

use parking_lot::Mutex;
use zuno_catalogue::Catalogue;

/// What every list may be asked, and what callers put beside any call: the Go SDK the customer's id wherever a path has the
/// word zpa in it, the Terraform provider a new number at each reading that must not come from a cache.
const EVERYWHERE: [&str; 14] = [
    "page",
    "pageSize",
    "limit",
    "offset",
    "search",
    "sortBy",
    "sortOrder",
    "sortDir",
    "microtenantId",
    "scopeId",
    "customerId",
    "_ts",
    "perPage",
    "skip",
];

/// How many names are remembered, and how much of one is: they come from whoever calls.
const MOST: usize = 500;
const LONGEST: usize = 64;

/// The names that are known, and those that were told of.
#[derive(Debug)]
pub struct Strangers {
    known: HashSet<String>,
    told: Mutex<HashSet<String>>,
}

/// A name as it is compared: clients differ in the case of its letters and in underscores.
fn plain(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').take(LONGEST).flat_map(char::to_lowercase).collect()
}

impl Strangers {
    /// Knows every parameter that some operation of the catalogue has.
    pub fn of(catalogue: &Catalogue) -> Strangers {
        let mut known: HashSet<String> = EVERYWHERE.iter().map(|name| plain(name)).collect();
        known.extend(
            catalogue.outlines().iter().flat_map(|outline| &outline.asks).map(|name| plain(name.as_str())),
        );
        Strangers { known, told: Mutex::default() }
    }

    /// Tells of those names of a query that nothing knows and nobody was told of.
    pub fn tell(&self, path: &str, query: &[(String, String)]) {
        for (name, _) in query {
            if self.is_news(name) {
                let name: String = name.chars().take(LONGEST).collect();
                tracing::warn!(%path, "no operation knows the query parameter {name:?}; it is passed over");
            }
        }
    }

    /// Whether a name is unknown, and is met for the first time.
    fn is_news(&self, name: &str) -> bool {
        let name = plain(name);
        if name.is_empty() || self.known.contains(&name) {
            return false;
        }
        let mut told = self.told.lock();
        told.len() < MOST && told.insert(name)
    }
}

#[cfg(test)]
mod tests {
    use zuno_catalogue::Catalogue;

    use super::{MOST, Strangers};

    #[test]
    fn a_name_that_nothing_knows_is_told_of_once_in_any_spelling() {
        let strangers = Strangers::of(&Catalogue::compiled());
        let news: Vec<bool> = [
            "colour",
            "Colour",
            "co_lour",
            "metric_name",
            "metricName",
            "pagesize",
            "forceDelete",
            "loginname[like]",
            "customerId",
            "_ts",
            "",
        ]
        .map(|name| strangers.is_news(name))
        .into();
        assert_eq!(news, [true, false, false, false, false, false, false, false, false, false, false]);
    }

    #[test]
    fn what_is_remembered_is_bounded() {
        let strangers = Strangers::of(&Catalogue::compiled());
        let told = (0..10 * MOST).filter(|nth| strangers.is_news(&format!("x{nth}"))).count();
        assert_eq!(told, MOST);
        assert!(!strangers.is_news(&"y".repeat(1 << 20)));
    }
}
