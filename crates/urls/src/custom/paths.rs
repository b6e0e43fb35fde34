//! The paths and ports of the entries of one host or domain.

use std::collections::HashMap;

use crate::Address;

/// Number of an entry among all of the tenant's.
pub type EntryIndex = u32;

/// Entries that differ only in path and port.
#[derive(Default)]
pub(super) struct Paths {
    /// Entries without a path, which cover all.
    any: Ports,
    /// Entries with one, by their path; few hosts have any.
    some: Option<Box<Written>>,
}

#[derive(Default)]
struct Written {
    by_path: HashMap<Box<str>, Ports>,
    /// Lengths of paths that match as a beginning, longest first.
    lengths: Vec<usize>,
}

/// Entries of one host and path, each with the port it is bound to.
type Ports = Vec<(Option<u16>, EntryIndex)>;

impl Paths {
    /// Adds an entry; an empty path covers all.
    pub(super) fn add(&mut self, path: &str, port: Option<u16>, place: EntryIndex) {
        if path.is_empty() {
            return self.any.push((port, place));
        }
        let written = self.some.get_or_insert_default();
        if let Some(ports) = written.by_path.get_mut(path) {
            return ports.push((port, place));
        }
        written.by_path.insert(path.into(), vec![(port, place)]);
        if let Err(at) = written.lengths.binary_search_by(|length| path.len().cmp(length)) {
            written.lengths.insert(at, path.len());
        }
    }

    /// Takes an entry out that was added so; tells whether none is left.
    pub(super) fn take(&mut self, path: &str, port: Option<u16>, place: EntryIndex) -> bool {
        let leave = |ports: &mut Ports| ports.retain(|held| *held != (port, place));
        match &mut self.some {
            _ if path.is_empty() => leave(&mut self.any),
            None => {}
            Some(written) => {
                if let Some(ports) = written.by_path.get_mut(path) {
                    leave(ports);
                    if ports.is_empty() {
                        // A length that no path has any more is looked for in vain, and nothing else.
                        written.by_path.remove(path);
                    }
                }
                if written.by_path.is_empty() {
                    self.some = None;
                }
            }
        }
        self.any.is_empty() && self.some.is_none()
    }

    /// The best entries of an exact host: a path matches as a whole, or as a beginning if it ends in a slash.
    pub(super) fn of_host(&self, address: &Address) -> Option<Vec<EntryIndex>> {
        self.best(address, |path, target| path.len() == target.len() || path.ends_with('/'))
    }

    /// The best entries of a domain with its subdomains: any path matches as a beginning (documented for paths in
    /// general; recorded tenants cut the paths of such entries anywhere).
    pub(super) fn of_domain(&self, address: &Address) -> Option<Vec<EntryIndex>> {
        self.best(address, |_, _| true)
    }

    fn best(&self, address: &Address, fits: impl Fn(&str, &str) -> bool) -> Option<Vec<EntryIndex>> {
        let target = address.target();
        let with_path = self.some.iter().flat_map(|written| {
            let beginnings = written.lengths.iter().filter_map(|length| target.get(..*length));
            beginnings.filter(|path| fits(path, target)).filter_map(|path| written.by_path.get(path))
        });
        with_path.chain([&self.any]).find_map(|ports| open(ports, address.port()))
    }
}

/// The entries bound to this very port, or else those bound to none.
fn open(ports: &Ports, port: Option<u16>) -> Option<Vec<EntryIndex>> {
    let bound_to = |wanted: Option<u16>| -> Option<Vec<EntryIndex>> {
        let places: Vec<EntryIndex> =
            ports.iter().filter(|(own, _)| *own == wanted).map(|(_, place)| *place).collect();
        (!places.is_empty()).then_some(places)
    };
    port.and_then(|port| bound_to(Some(port))).or_else(|| bound_to(None))
}
