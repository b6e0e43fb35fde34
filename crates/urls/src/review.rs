//! Which categories already hold entries that overlap domains about to be added.

use std::collections::{BTreeSet, HashMap};

use crate::{CustomCategory, EntryFault, Holds, UrlEntry};

/// What a reviewed text names. The wire's `domainType`; that it speaks of the reviewed domain rather than of what was
/// found is guessed: it stands beside the domain, and the recorded review of `example.com` is empty in a tenant that
/// holds a dozen hosts beneath it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Breadth {
    /// A domain with its subdomains, written with a leading dot: `WILDCARD`.
    Wildcard,
    /// One host: `SUBDOMAIN`.
    Subdomain,
}

/// A reviewed domain that overlaps entries of some category.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Review<'a> {
    /// The domain as it was given.
    pub url: &'a str,
    /// What it names.
    pub breadth: Breadth,
    /// Ids of the categories with overlapping entries, in the order of the categories given.
    pub categories: Vec<&'a str>,
}

/// The given domains that share a host with entries of the categories, in the order given; the others are left out.
/// Paths and ports do not count (guessed). An unreadable domain is an error; unreadable entries are passed over.
pub fn review<'a>(
    domains: &[&'a str],
    categories: &[CustomCategory<'a>],
) -> Result<Vec<Review<'a>>, (&'a str, EntryFault)> {
    let holders = Holders::of(categories);
    let mut found = Vec::new();
    for url in domains {
        let asked = UrlEntry::parse(url).map_err(|fault| (*url, fault))?;
        let numbers = holders.overlapping(&asked);
        if !numbers.is_empty() {
            found.push(Review {
                url,
                breadth: if asked.is_wildcard() { Breadth::Wildcard } else { Breadth::Subdomain },
                categories: numbers.into_iter().map(|number| categories[number].id).collect(),
            });
        }
    }
    Ok(found)
}

/// Numbers of the categories that hold a host, a domain with its subdomains, or anything beneath a domain.
#[derive(Default)]
struct Holders {
    hosts: HashMap<String, BTreeSet<usize>>,
    domains: HashMap<String, BTreeSet<usize>>,
    beneath: HashMap<String, BTreeSet<usize>>,
}

impl Holders {
    fn of(categories: &[CustomCategory<'_>]) -> Holders {
        let mut holders = Holders::default();
        for (number, category) in categories.iter().enumerate().filter(|(_, c)| c.holds == Holds::Urls) {
            for text in category.urls.iter().chain(&category.urls_retaining_parent) {
                let Ok(entry) = UrlEntry::parse(text) else { continue };
                let exact = if entry.is_wildcard() { &mut holders.domains } else { &mut holders.hosts };
                exact.entry(entry.host().to_owned()).or_default().insert(number);
                for domain in with_parents(&entry) {
                    holders.beneath.entry(domain.to_owned()).or_default().insert(number);
                }
            }
        }
        holders
    }

    fn overlapping(&self, asked: &UrlEntry) -> BTreeSet<usize> {
        let over = with_parents(asked).take(crate::custom::COVERED_LEVELS + 1);
        let mut found: BTreeSet<usize> =
            over.filter_map(|domain| self.domains.get(domain)).flatten().copied().collect();
        let own = if asked.is_wildcard() { &self.beneath } else { &self.hosts };
        found.extend(own.get(asked.host()).into_iter().flatten());
        found
    }
}

/// The host and its parent domains; an address has none.
fn with_parents(entry: &UrlEntry) -> impl Iterator<Item = &str> {
    let is_name = entry.ip().is_none();
    std::iter::successors(Some(entry.host()), move |domain| {
        domain.split_once('.').map(|(_, parent)| parent).filter(|_| is_name)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn category<'a>(id: &'a str, urls: &[&'a str]) -> CustomCategory<'a> {
        CustomCategory { id, urls: urls.to_vec(), ..CustomCategory::default() }
    }

    fn categories() -> Vec<CustomCategory<'static>> {
        vec![
            category("CUSTOM_01", &["test-1.example.com", "not a url"]),
            category("CUSTOM_02", &[".shop.example.com/x"]),
            category("CUSTOM_03", &[".org-site.net", "192.0.2.1"]),
            category("GAMBLING", &["bet.org-site.net"]),
        ]
    }

    #[test]
    fn a_host_overlaps_itself_and_the_domains_above_it() {
        let own = categories();
        let ids = |url| review(&[url], &own).unwrap().pop().map(|r| (r.breadth, r.categories));
        assert_eq!(ids("example.com"), None);
        assert_eq!(ids("test-1.example.com"), Some((Breadth::Subdomain, vec!["CUSTOM_01"])));
        assert_eq!(ids("a.shop.example.com"), Some((Breadth::Subdomain, vec!["CUSTOM_02"])));
        assert_eq!(ids("bet.org-site.net"), Some((Breadth::Subdomain, vec!["CUSTOM_03", "GAMBLING"])));
        assert_eq!(ids("192.0.2.1"), Some((Breadth::Subdomain, vec!["CUSTOM_03"])));
        assert_eq!(ids("a.b.c.d.e.f.org-site.net"), None);
    }

    #[test]
    fn a_wildcard_overlaps_everything_beneath_it_too() {
        let own = categories();
        let found = review(&[".example.com", ".net", ".other.com"], &own);
        assert_eq!(found, Err((".net", EntryFault::BareTld("net".into()))));
        let found = review(&[".example.com", ".other.com", ".a.org-site.net"], &own).unwrap();
        let found: Vec<_> = found.into_iter().map(|r| (r.url, r.breadth, r.categories)).collect();
        assert_eq!(
            found,
            [
                (".example.com", Breadth::Wildcard, vec!["CUSTOM_01", "CUSTOM_02"]),
                (".a.org-site.net", Breadth::Wildcard, vec!["CUSTOM_03"]),
            ]
        );
    }
}
