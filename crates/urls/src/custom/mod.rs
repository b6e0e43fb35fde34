//! A tenant's own entries, in custom and predefined categories, and which single one of them decides a URL.
//!
//! The most specific entry wins, whatever the order of the rules that use its category; from most to least specific:
//!
//! 1. the exact host: a longer path before a shorter one, then one with a port before one without;
//! 2. a block of IP addresses: the smallest first (guessed place);
//! 3. a regular expression (guessed place);
//! 4. a domain with its subdomains: the longer domain first, then path and port as above;
//! 5. a top-level domain;
//! 6. a keyword anywhere in host, path and query.
//!
//! Equals are not told apart by any document: the site is in all of their categories, which administrators report; the one with
//! the lowest number counts as the decider, and the answer says that there are others.

mod amend;
mod index;
mod paths;

use std::collections::HashMap;
use std::net::IpAddr;

use aho_corasick::AhoCorasick;
use ipnet::IpNet;
use regex::Regex;

use crate::{Address, Base, EntryFault, IpEntryFault, Lookup};
pub use paths::EntryIndex;
use paths::Paths;

/// Levels of subdomains that a leading dot covers (documented; whether the fifth still counts is disputed).
pub(crate) const COVERED_LEVELS: usize = 5;

/// How the `urls` lists of a category are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Holds {
    /// URLs and domains: type `URL_CATEGORY`, URL type `EXACT`.
    #[default]
    Urls,
    /// Regular expressions: URL type `REGEX`.
    Patterns,
    /// Top-level domains: type `TLD_CATEGORY`.
    TopLevelDomains,
}

/// The entries of one category, custom or predefined, as they are stored.
#[derive(Debug, Clone, Default)]
pub struct CustomCategory<'a> {
    /// Such as `CUSTOM_01` or, for entries added to a predefined category, `GAMBLING`.
    pub id: &'a str,
    /// The category's number; among equals the lowest comes first.
    pub val: u32,
    /// How both `urls` lists are read.
    pub holds: Holds,
    /// Entries that leave their predefined category.
    pub urls: Vec<&'a str>,
    /// Entries that keep their predefined category as well (`dbCategorizedUrls`).
    pub urls_retaining_parent: Vec<&'a str>,
    /// Text that may stand anywhere in host, path and query.
    pub keywords: Vec<&'a str>,
    /// Keywords whose URLs keep their predefined category as well.
    pub keywords_retaining_parent: Vec<&'a str>,
    /// Addresses and blocks of addresses.
    pub ip_ranges: Vec<&'a str>,
    /// Addresses whose URLs keep their predefined category as well.
    pub ip_ranges_retaining_parent: Vec<&'a str>,
}

/// The list in which an entry stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Listing {
    /// URLs and domains.
    Url,
    /// Regular expressions over URLs.
    Pattern,
    /// Top-level domains.
    TopLevelDomain,
    /// Keywords.
    Keyword,
    /// IP addresses and blocks.
    IpRange,
}

/// The entry that decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decider<'a> {
    /// The category that holds it.
    pub category: &'a str,
    /// The entry as it was written.
    pub entry: &'a str,
    /// The kind of list it stands in.
    pub listing: Listing,
    /// Whether the predefined categories stay beside the entry's own.
    pub retains_parent: bool,
}

/// The categories of one URL, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolution<'a> {
    /// Ids without repeats, the decider's first; never empty.
    pub categories: Vec<&'a str>,
    /// The tenant's entry that decided; none if the built-in base did.
    pub decider: Option<Decider<'a>>,
    /// Other entries are equally specific; whether the site keeps its predefined category follows from the decider.
    pub ambiguous: bool,
    /// The host is exactly five levels beneath the deciding domain; documents disagree whether that matches.
    pub boundary: bool,
}

/// A stored entry that no URL can match because it cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unreadable {
    /// The category that holds it.
    pub category: String,
    /// The entry as it was written.
    pub entry: String,
    /// What is wrong with it.
    pub why: WhyUnreadable,
}

/// What is wrong with an unreadable entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WhyUnreadable {
    /// It breaks a rule of URL or TLD entries.
    #[error(transparent)]
    Url(#[from] EntryFault),
    /// It is no address or block of addresses.
    #[error(transparent)]
    Ip(#[from] IpEntryFault),
    /// It is no regular expression, or one too large to compile.
    #[error("{0}")]
    Pattern(String),
    /// A keyword without text.
    #[error("the keyword is empty")]
    EmptyKeyword,
}

struct Entry {
    owner: u32,
    text: Box<str>,
    listing: Listing,
    retains_parent: bool,
}

struct Owner {
    id: Box<str>,
    val: u32,
}

/// The entries of all categories of a tenant, indexed; see the module for which of them decides.
#[derive(Default)]
pub struct CustomCategories {
    owners: Vec<Owner>,
    /// Under which number a category that sites are added to stands among the owners.
    owner_of: HashMap<Box<str>, u32>,
    entries: Vec<Entry>,
    /// Where entries were taken out, for others to stand.
    free: Vec<EntryIndex>,
    hosts: HashMap<Box<str>, Paths>,
    blocks: HashMap<IpNet, Vec<EntryIndex>>,
    /// Prefix lengths in use, longest first: IPv4, then IPv6.
    block_lengths: [Vec<u8>; 2],
    patterns: Vec<(Regex, EntryIndex)>,
    domains: HashMap<Box<str>, Paths>,
    top_level: HashMap<Box<str>, Vec<EntryIndex>>,
    keywords: Option<AhoCorasick>,
    keyword_places: Vec<Vec<EntryIndex>>,
    unreadable: Vec<Unreadable>,
}

impl CustomCategories {
    /// Entries that were left out because they cannot be read.
    pub fn unreadable(&self) -> &[Unreadable] {
        &self.unreadable
    }

    /// The categories of a URL: those of the tenant's most specific entry, else those of the built-in base.
    ///
    /// `destination` is the address that the host resolves to, if it is known: IP entries match it as they match a
    /// host that is written as an address.
    pub fn resolve<'a>(&'a self, address: &Address, destination: Option<IpAddr>) -> Resolution<'a> {
        self.resolve_over(Base::built_in().lookup_address(address), address, destination)
    }

    /// [`CustomCategories::resolve`] of a URL that the built-in base was asked for already.
    pub fn resolve_over<'a>(
        &'a self,
        base: Lookup,
        address: &Address,
        destination: Option<IpAddr>,
    ) -> Resolution<'a> {
        let Some((places, boundary)) = self.most_specific(address, destination) else {
            return Resolution {
                categories: base.categories.to_vec(),
                decider: None,
                ambiguous: false,
                boundary: false,
            };
        };
        let entry = |place: EntryIndex| &self.entries[place as usize];
        // Between the two lists of one category the one that does not retain wins (guessed).
        let rank = |place: EntryIndex| {
            (self.owners[entry(place).owner as usize].val, entry(place).retains_parent, place)
        };
        let first = places.iter().copied().min_by_key(|place| rank(*place)).expect("a match has an entry");
        let chosen = entry(first);
        let answer = |entry: &Entry| (entry.owner, entry.retains_parent);
        let owner = &*self.owners[chosen.owner as usize].id;
        // The site is in all categories that hold an equally specific entry (reported by administrators).
        let mut tied = places.clone();
        tied.sort_unstable_by_key(|place| rank(*place));
        let mut categories: Vec<&str> = Vec::with_capacity(1);
        let owners = tied.iter().map(|place| &*self.owners[entry(*place).owner as usize].id);
        let parents = base.categories.iter().copied().filter(|_| chosen.retains_parent);
        for id in owners.chain(parents) {
            if !categories.contains(&id) {
                categories.push(id);
            }
        }
        Resolution {
            categories,
            decider: Some(Decider {
                category: owner,
                entry: &chosen.text,
                listing: chosen.listing,
                retains_parent: chosen.retains_parent,
            }),
            ambiguous: places.iter().any(|place| answer(entry(*place)) != answer(chosen)),
            boundary,
        }
    }

    /// The equally specific entries that no other beats, and whether they match at the disputed fifth level.
    fn most_specific(
        &self,
        address: &Address,
        destination: Option<IpAddr>,
    ) -> Option<(Vec<EntryIndex>, bool)> {
        if let Some(places) = self.hosts.get(address.host()).and_then(|paths| paths.of_host(address)) {
            return Some((places, false));
        }
        let ips = address.ip().into_iter().chain(destination.map(|ip| ip.to_canonical()));
        if let Some(places) = ips.filter_map(|ip| self.smallest_block(ip)).next() {
            return Some((places.to_vec(), false));
        }
        let reads = !self.patterns.is_empty() || self.keywords.is_some();
        let whole = if reads { [address.host(), address.target()].concat() } else { String::new() };
        let matching: Vec<EntryIndex> = self
            .patterns
            .iter()
            .filter(|(regex, _)| regex.is_match(&whole))
            .map(|(_, place)| *place)
            .collect();
        if !matching.is_empty() {
            return Some((matching, false));
        }
        for (level, domain) in address.domains().enumerate().take(COVERED_LEVELS + 1) {
            if let Some(places) = self.domains.get(domain).and_then(|paths| paths.of_domain(address)) {
                return Some((places, level == COVERED_LEVELS));
            }
        }
        if let Some(places) = address.domains().find_map(|domain| self.top_level.get(domain)) {
            return Some((places.clone(), false));
        }
        let found: Vec<EntryIndex> = self
            .keywords
            .iter()
            .flat_map(|keywords| keywords.find_overlapping_iter(&whole))
            .flat_map(|hit| self.keyword_places[hit.pattern().as_usize()].iter().copied())
            .collect();
        (!found.is_empty()).then_some((found, false))
    }

    fn smallest_block(&self, ip: IpAddr) -> Option<&[EntryIndex]> {
        self.block_lengths[usize::from(ip.is_ipv6())].iter().find_map(|length| {
            let block = IpNet::new(ip, *length).ok()?.trunc();
            self.blocks.get(&block).map(Vec::as_slice)
        })
    }
}
