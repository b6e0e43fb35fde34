//! Sites come and go, one by one, in an index that stays what it is of all others.

use std::collections::hash_map::Entry as Held;

use ipnet::IpNet;

use super::{CustomCategories, Entry, EntryIndex, Listing};
use crate::{EntryFault, UrlEntry};

impl CustomCategories {
    /// Adds a site to a category that the index was made with, as if it had stood in its `urls`, or in those that retain
    /// their parent. Answers where it stands, by which it can be taken out again; nothing where there is no such category.
    ///
    /// # Errors
    /// It breaks a rule of URLs.
    pub fn add_site(
        &mut self,
        category: &str,
        text: &str,
        retains_parent: bool,
    ) -> Result<Option<EntryIndex>, EntryFault> {
        let read = UrlEntry::parse(text)?;
        let Some(&owner) = self.owner_of.get(category) else { return Ok(None) };
        let entry = Entry { owner, text: text.into(), listing: Listing::Url, retains_parent };
        let place = match self.free.pop() {
            Some(place) => {
                self.entries[place as usize] = entry;
                place
            }
            None => {
                self.entries.push(entry);
                EntryIndex::try_from(self.entries.len() - 1).expect("a tenant has fewer than 2^32 entries")
            }
        };
        self.place_url(&read, place);
        if let Some(block) = block_of(&read) {
            let lengths = &mut self.block_lengths[usize::from(block.addr().is_ipv6())];
            if let Err(at) = lengths.binary_search_by(|length| block.prefix_len().cmp(length)) {
                lengths.insert(at, block.prefix_len());
            }
        }
        Ok(Some(place))
    }

    /// Takes a site out that stands here.
    pub fn take_site(&mut self, place: EntryIndex) {
        let text = std::mem::take(&mut self.entries[place as usize].text);
        let Ok(read) = UrlEntry::parse(&text) else { return };
        let of = if read.is_wildcard() { &mut self.domains } else { &mut self.hosts };
        if let Held::Occupied(mut paths) = of.entry(read.host().into())
            && paths.get_mut().take(read.path(), read.port(), place)
        {
            paths.remove();
        }
        if let Some(block) = block_of(&read)
            && let Held::Occupied(mut places) = self.blocks.entry(block)
        {
            places.get_mut().retain(|held| *held != place);
            if places.get().is_empty() {
                places.remove();
            }
        }
        self.free.push(place);
    }

    /// What stands here.
    pub fn at(&self, place: EntryIndex) -> &str {
        &self.entries[place as usize].text
    }

    /// Puts a site where URLs will find it.
    pub(super) fn place_url(&mut self, entry: &UrlEntry, place: EntryIndex) {
        let of = if entry.is_wildcard() { &mut self.domains } else { &mut self.hosts };
        of.entry(entry.host().into()).or_default().add(entry.path(), entry.port(), place);
        if let Some(block) = block_of(entry) {
            self.blocks.entry(block).or_default().push(place);
        }
    }
}

/// A bare address also covers the hosts that resolve to it (documented); as a host it is found before that.
fn block_of(entry: &UrlEntry) -> Option<IpNet> {
    match (entry.ip(), entry.port(), entry.path()) {
        (Some(ip), None, "") => Some(ip.into()),
        _ => None,
    }
}
