//! The built-in category base: what the cloud's own database says of well-known domains. How its rows are written and
//! kept stands in the crate's README.

use crate::hash::Hash;
use crate::{Address, MISCELLANEOUS_OR_UNKNOWN};

/// The listed domains one behind another, by name.
static TEXT: &str = include_str!(concat!(env!("OUT_DIR"), "/base.txt"));

/// Of each domain where it begins in the text, and the number of its class; the next one begins where it ends.
static ROWS: &[(u32, u16)] = include!(concat!(env!("OUT_DIR"), "/rows.rs"));

/// The number of each row, counted from 1, at the place that follows from its domain's hash or the next free one behind it;
/// 0 where there is none.
static SLOTS: &[u16] = include!(concat!(env!("OUT_DIR"), "/slots.rs"));

struct Class {
    categories: &'static [&'static str],
    alerts: &'static [&'static str],
}

static CLASSES: &[Class] = include!(concat!(env!("OUT_DIR"), "/classes.rs"));

static UNKNOWN: Class = Class { categories: &[MISCELLANEOUS_OR_UNKNOWN], alerts: &[] };

/// Domains and their categories, compiled into the binary.
pub struct Base(());

/// What the base says of one URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Lookup {
    /// Ids of predefined categories; never empty.
    pub categories: &'static [&'static str],
    /// Ids of security alerts, of [`crate::SECURITY_ALERTS`]; mostly empty.
    pub alerts: &'static [&'static str],
}

impl Base {
    /// The base that is compiled into the binary.
    pub fn built_in() -> &'static Base {
        &Base(())
    }

    /// The categories of a URL in any spelling that [`Address::read`] takes: those of its host or else of the nearest
    /// parent domain that the base lists. A row counts for all hosts and paths beneath it, rows for suffixes that
    /// one kind of owner alone may register, such as `gov`, included (both guessed).
    pub fn lookup(&self, url: &str) -> Lookup {
        self.lookup_address(&Address::read(url))
    }

    /// [`Base::lookup`] of a URL that has been read already.
    pub fn lookup_address(&self, address: &Address) -> Lookup {
        let host = address.host();
        let mut hash = Hash::default();
        let mut nearest = None;
        // From the top-level domain down, so that each letter is read once: the last one that is listed is the nearest.
        for (place, byte) in host.bytes().enumerate().rev() {
            hash.add(byte);
            let begins = place == 0 || (address.ip().is_none() && host.as_bytes()[place - 1] == b'.');
            if begins {
                nearest = find(hash, &host[place..]).or(nearest);
            }
        }
        let class = nearest.unwrap_or(&UNKNOWN);
        Lookup { categories: class.categories, alerts: class.alerts }
    }

    /// Every domain that the base lists.
    pub fn listed(&self) -> impl Iterator<Item = &'static str> + use<> {
        (0..ROWS.len()).map(row)
    }

    /// How many domains the base lists.
    pub fn domains(&self) -> usize {
        ROWS.len()
    }
}

/// The class of a listed domain, of which this is the hash.
fn find(hash: Hash, domain: &str) -> Option<&'static Class> {
    let mut slot = hash.slot(SLOTS.len());
    while SLOTS[slot] != 0 {
        let number = usize::from(SLOTS[slot]) - 1;
        if row(number) == domain {
            return CLASSES.get(usize::from(ROWS[number].1));
        }
        slot = (slot + 1) % SLOTS.len();
    }
    None
}

/// A listed domain.
fn row(number: usize) -> &'static str {
    let end = ROWS.get(number + 1).map_or(TEXT.len(), |(next, _)| *next as usize);
    &TEXT[ROWS[number].0 as usize..end]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::{PREDEFINED, table};

    fn categories(url: &str) -> &'static [&'static str] {
        Base::built_in().lookup(url).categories
    }

    #[test]
    fn the_published_answers_are_given() {
        for (url, category) in [
            ("viruses.org", "MISCELLANEOUS_OR_UNKNOWN"),
            ("facebook.com", "SOCIAL_NETWORKING"),
            ("bbc.com", "NEWS_AND_MEDIA"),
            ("google.com", "WEB_SEARCH"),
        ] {
            let lookup = Base::built_in().lookup(url);
            assert_eq!((lookup.categories, lookup.alerts), (&[category][..], &[][..]), "{url}");
        }
    }

    #[test]
    fn the_nearest_listed_domain_decides() {
        assert_eq!(categories("https://www.google.com:443/search?q=mail.google.com"), ["WEB_SEARCH"]);
        assert_eq!(categories("inbox.MAIL.google.com."), ["EMAIL_HOST"]);
        assert_eq!(categories("notfacebook.com"), [MISCELLANEOUS_OR_UNKNOWN]);
        assert_eq!(categories("com"), [MISCELLANEOUS_OR_UNKNOWN]);
        assert_eq!(categories("192.0.2.1"), [MISCELLANEOUS_OR_UNKNOWN]);
        assert_eq!(categories(""), [MISCELLANEOUS_OR_UNKNOWN]);
    }

    #[test]
    fn a_restricted_suffix_answers_for_its_registrants() {
        assert_eq!(categories("agency.gov"), ["GOVERNMENT"]);
        assert_eq!(categories("www.nasa.gov"), ["SCIENCE_AND_TECHNOLOGY"]);
        assert_eq!(categories("www.somewhere.ac.uk"), ["CONTINUING_EDUCATION_COLLEGES"]);
        assert_eq!(categories("notgov.example"), [MISCELLANEOUS_OR_UNKNOWN]);
    }

    #[test]
    fn test_names_of_vendors_raise_alerts() {
        let lookup = Base::built_in().lookup("https://internetbadguys.com/");
        assert_eq!((lookup.categories, lookup.alerts), (&["OTHER_SECURITY"][..], &["PHISHING"][..]));
    }

    /// Categories that tell how a URL came about, or that nobody has looked at it, rather than what it shows.
    const NEVER_LISTED: [&str; 7] = [
        "ENCR_WEB_CONTENT",
        "MISCELLANEOUS_OR_UNKNOWN",
        "NEWLY_REG_DOMAINS",
        "NEWLY_REVIVED_DOMAINS",
        "NON_CATEGORIZABLE",
        "USER_DEFINED",
        "ZSPROXY_IPS",
    ];

    #[test]
    fn every_category_that_describes_content_has_domains() {
        let used: BTreeSet<&str> = CLASSES.iter().flat_map(|class| class.categories).copied().collect();
        let (listed, unlisted): (Vec<&str>, Vec<&str>) =
            PREDEFINED.iter().map(|category| category.id).partition(|id| used.contains(id));
        assert_eq!(BTreeSet::from_iter(unlisted), BTreeSet::from(NEVER_LISTED));
        assert_eq!(listed.len(), used.len());
    }

    #[test]
    fn no_row_repeats_what_its_parent_domain_says() {
        for domain in (0..ROWS.len()).map(row) {
            let Some((_, parent)) = domain.split_once('.') else { continue };
            let (own, above) = (Base::built_in().lookup(domain), Base::built_in().lookup(parent));
            assert_ne!(own, above, "{domain}");
        }
    }

    #[test]
    fn the_data_file_and_the_compiled_base_agree() {
        let (own, alerts) = (include_str!("../data/categories.tsv"), include_str!("../data/alerts.tsv"));
        let own = table::categories(own).unwrap();
        let rows =
            table::base(include_str!("../data/base.tsv"), &own, &table::alerts(alerts).unwrap()).unwrap();
        assert_eq!(rows.len(), Base::built_in().domains());
        for (domain, class) in rows {
            let lookup = Base::built_in().lookup(domain);
            assert_eq!(
                (lookup.categories, lookup.alerts),
                (&class.categories[..], &class.alerts[..]),
                "{domain}"
            );
        }
    }
}
