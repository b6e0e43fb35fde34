//! Plain lists of URLs outside of any category: what is denied outright, and what security passes over.

use foldhash::HashMap;

/// Sites as such lists name them: `example.com` the host, `.example.com` with all beneath it, either with a path.
#[derive(Debug, Default)]
pub(super) struct UrlList {
    hosts: HashMap<Box<str>, Vec<Box<str>>>,
    domains: HashMap<Box<str>, Vec<Box<str>>>,
}

impl UrlList {
    pub fn new(entries: impl IntoIterator<Item = String>) -> UrlList {
        let mut list = UrlList::default();
        for entry in entries {
            let entry = entry.trim().to_ascii_lowercase();
            let entry = entry.split_once("://").map_or(&*entry, |(_, rest)| rest);
            let (host, path) = entry.split_at(entry.find('/').unwrap_or(entry.len()));
            let host = host.split(':').next().unwrap_or_default();
            match host.strip_prefix('.') {
                Some(domain) => list.domains.entry(domain.into()).or_default().push(path.into()),
                None => list.hosts.entry(host.into()).or_default().push(path.into()),
            }
        }
        list
    }

    /// Whether it has a site; `target` is path and query, or nothing where only the host is known.
    pub fn has(&self, host: &str, target: Option<&str>) -> bool {
        let fits = |paths: &Vec<Box<str>>| {
            paths
                .iter()
                .any(|path| path.is_empty() || target.is_some_and(|target| target.starts_with(&**path)))
        };
        if self.hosts.get(host).is_some_and(fits) {
            return true;
        }
        let mut domain = Some(host);
        while let Some(name) = domain {
            if self.domains.get(name).is_some_and(fits) {
                return true;
            }
            domain = name.split_once('.').map(|(_, parent)| parent);
        }
        false
    }
}
