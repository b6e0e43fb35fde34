//! How many different URLs a tenant has put into its lists, and how many more it may.

use std::collections::HashSet;

use crate::UrlEntry;

/// Use of the quota that URL categories share with the deny lists, FTP control and bandwidth classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Quota {
    /// Different URLs in all lists together.
    pub provisioned: usize,
    /// How many more fit; none if the lists overflow.
    pub remaining: usize,
}

impl Quota {
    /// URLs that a tenant may have (seen).
    pub const TOTAL: usize = 25_000;

    /// The quota after counting every list that shares it.
    pub fn of<'a>(urls: impl IntoIterator<Item = &'a str>, total: usize) -> Quota {
        let provisioned = unique_urls(urls);
        Quota { provisioned, remaining: total.saturating_sub(provisioned) }
    }
}

/// Counts URLs, those with the same canonical text once; what is no URL counts by its text in lower case.
pub fn unique_urls<'a>(urls: impl IntoIterator<Item = &'a str>) -> usize {
    let canonical =
        |url: &str| UrlEntry::parse(url).map_or_else(|_| url.trim().to_ascii_lowercase(), |e| e.to_string());
    urls.into_iter().map(canonical).collect::<HashSet<_>>().len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_in_several_lists_counts_once() {
        let urls = ["example.com", ".example.com", "Example.com/", "example.com/x", "^x+$", ".example.com"];
        assert_eq!(unique_urls(urls), 4);
        assert_eq!(Quota::of(urls, Quota::TOTAL), Quota { provisioned: 4, remaining: 24_996 });
        assert_eq!(Quota::of(urls, 3), Quota { provisioned: 4, remaining: 0 });
    }
}
