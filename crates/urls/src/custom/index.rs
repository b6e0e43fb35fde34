//! Builds the index of a tenant's entries in one pass.

use std::collections::HashMap;

use aho_corasick::{AhoCorasick, AhoCorasickKind};

use super::paths::EntryIndex;
use super::{CustomCategories, CustomCategory, Entry, Holds, Listing, Owner, Unreadable, WhyUnreadable};
use crate::{IpEntry, PatternRoom, TldEntry, UrlEntry};

impl CustomCategories {
    /// Indexes the entries of categories, given in any order. Those that cannot be read are kept apart.
    pub fn new<'a>(categories: impl IntoIterator<Item = CustomCategory<'a>>) -> CustomCategories {
        let mut building = Building {
            index: CustomCategories::default(),
            keyword_numbers: HashMap::new(),
            keyword_texts: Vec::new(),
            patterns_left: PatternRoom::TENANT,
        };
        for category in categories {
            building.add(&category);
        }
        building.finish()
    }
}

/// Reads an entry and puts its place where URLs will find it.
type Add = fn(&mut Building, &str) -> Result<(), WhyUnreadable>;

struct Building {
    index: CustomCategories,
    keyword_numbers: HashMap<String, usize>,
    keyword_texts: Vec<String>,
    patterns_left: PatternRoom,
}

impl Building {
    fn add(&mut self, category: &CustomCategory<'_>) {
        self.index.owners.push(Owner { id: category.id.into(), val: category.val });
        let owner = self.owner();
        // A category may come in parts; sites are added to the first.
        self.index.owner_of.entry(category.id.into()).or_insert(owner);
        let (add_url, listing): (Add, _) = match category.holds {
            Holds::Urls => (Building::url, Listing::Url),
            Holds::Patterns => (Building::pattern, Listing::Pattern),
            Holds::TopLevelDomains => (Building::top_level_domain, Listing::TopLevelDomain),
        };
        for (texts, listing, retains_parent, add) in [
            (&category.urls, listing, false, add_url),
            (&category.urls_retaining_parent, listing, true, add_url),
            (&category.keywords, Listing::Keyword, false, Building::keyword),
            (&category.keywords_retaining_parent, Listing::Keyword, true, Building::keyword),
            (&category.ip_ranges, Listing::IpRange, false, Building::block),
            (&category.ip_ranges_retaining_parent, Listing::IpRange, true, Building::block),
        ] {
            for text in texts {
                let entry = Entry { owner, text: (*text).into(), listing, retains_parent };
                match add(self, text) {
                    Ok(()) => self.index.entries.push(entry),
                    Err(why) => self.index.unreadable.push(Unreadable {
                        category: category.id.to_owned(),
                        entry: (*text).to_owned(),
                        why,
                    }),
                }
            }
        }
    }

    fn owner(&self) -> u32 {
        u32::try_from(self.index.owners.len() - 1).expect("a tenant has fewer than 2^32 categories")
    }

    /// The number that the entry being read will have once it has proved readable.
    fn place(&self) -> EntryIndex {
        EntryIndex::try_from(self.index.entries.len()).expect("a tenant has fewer than 2^32 entries")
    }

    fn url(&mut self, text: &str) -> Result<(), WhyUnreadable> {
        let place = self.place();
        self.index.place_url(&UrlEntry::parse(text)?, place);
        Ok(())
    }

    fn pattern(&mut self, text: &str) -> Result<(), WhyUnreadable> {
        let regex =
            self.patterns_left.compile(text, true).map_err(|why| WhyUnreadable::Pattern(why.to_string()))?;
        self.index.patterns.push((regex, self.place()));
        Ok(())
    }

    fn top_level_domain(&mut self, text: &str) -> Result<(), WhyUnreadable> {
        let (entry, place) = (TldEntry::parse(text)?, self.place());
        self.index.top_level.entry(entry.domain().into()).or_default().push(place);
        Ok(())
    }

    fn keyword(&mut self, text: &str) -> Result<(), WhyUnreadable> {
        let (word, place) = (text.trim().to_ascii_lowercase(), self.place());
        if word.is_empty() {
            return Err(WhyUnreadable::EmptyKeyword);
        }
        let number = *self.keyword_numbers.entry(word).or_insert_with_key(|word| {
            self.keyword_texts.push(word.clone());
            self.index.keyword_places.push(Vec::new());
            self.keyword_texts.len() - 1
        });
        self.index.keyword_places[number].push(place);
        Ok(())
    }

    fn block(&mut self, text: &str) -> Result<(), WhyUnreadable> {
        let (entry, place) = (IpEntry::parse(text)?, self.place());
        self.index.blocks.entry(entry.net()).or_default().push(place);
        Ok(())
    }

    fn finish(self) -> CustomCategories {
        let mut index = self.index;
        for block in index.blocks.keys() {
            index.block_lengths[usize::from(block.addr().is_ipv6())].push(block.prefix_len());
        }
        for lengths in &mut index.block_lengths {
            lengths.sort_unstable_by(|a, b| b.cmp(a));
            lengths.dedup();
        }
        if !self.keyword_texts.is_empty() {
            // The automaton only fails beyond 2^31 states, thousands of times what a tenant's quota allows.
            // As a table of all states and letters, what few long keywords make takes seconds and a gigabyte.
            let mut builder = AhoCorasick::builder();
            builder.kind(Some(AhoCorasickKind::ContiguousNFA));
            index.keywords = builder.build(&self.keyword_texts).ok();
        }
        index
    }
}

#[cfg(test)]
mod tests {
    use aho_corasick::AhoCorasick;

    use crate::{CustomCategories, CustomCategory};

    #[test]
    fn long_keywords_take_memory_as_their_length() {
        let word = "a.b-c".repeat(40_000);
        let keywords = vec![word.as_str(), "short"];
        let index = CustomCategories::new([CustomCategory { keywords, ..CustomCategory::default() }]);
        let used = index.keywords.as_ref().map_or(0, AhoCorasick::memory_usage);
        assert!(used > 0 && used < 40 * word.len(), "{used} bytes");
    }
}
