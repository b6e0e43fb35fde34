//! Builds the index of a tenant's entries in one pass.

use std::collections::HashMap;

use aho_corasick::AhoCorasick;
use regex::RegexBuilder;

use super::paths::Place;
use super::{CustomCategories, CustomCategory, Entry, Holds, Listing, Owner, Unreadable, WhyUnreadable};
use crate::{IpEntry, TldEntry, UrlEntry};

/// Bytes that one compiled regular expression may take, tried in turn: what it took is known to the next step only.
const PATTERN_SIZES: [usize; 4] = [16 << 10, 64 << 10, 256 << 10, 1 << 20];
/// Bytes that all of a tenant's may take, so that stored lines cannot exhaust the memory.
const ALL_PATTERNS: usize = 64 << 20;

impl CustomCategories {
    /// Indexes the entries of categories, given in any order. Those that cannot be read are kept apart.
    pub fn new<'a>(categories: impl IntoIterator<Item = CustomCategory<'a>>) -> CustomCategories {
        let mut building = Building {
            index: CustomCategories {
                owners: Vec::new(),
                entries: Vec::new(),
                hosts: HashMap::new(),
                blocks: HashMap::new(),
                block_lengths: [Vec::new(), Vec::new()],
                patterns: Vec::new(),
                domains: HashMap::new(),
                top_level: HashMap::new(),
                keywords: None,
                keyword_places: Vec::new(),
                unreadable: Vec::new(),
            },
            keyword_numbers: HashMap::new(),
            keyword_texts: Vec::new(),
            patterns_left: ALL_PATTERNS,
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
    patterns_left: usize,
}

impl Building {
    fn add(&mut self, category: &CustomCategory<'_>) {
        self.index.owners.push(Owner { id: category.id.into(), val: category.val });
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
                let entry = Entry { owner: self.owner(), text: (*text).into(), listing, retains_parent };
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
    fn place(&self) -> Place {
        Place::try_from(self.index.entries.len()).expect("a tenant has fewer than 2^32 entries")
    }

    fn url(&mut self, text: &str) -> Result<(), WhyUnreadable> {
        let (entry, place) = (UrlEntry::parse(text)?, self.place());
        let of = if entry.is_wildcard() { &mut self.index.domains } else { &mut self.index.hosts };
        of.entry(entry.host().into()).or_default().add(entry.path(), entry.port(), place);
        // A bare address also covers the hosts that resolve to it (documented); as a host it is found before that.
        if let (Some(ip), None, "") = (entry.ip(), entry.port(), entry.path()) {
            self.index.blocks.entry(ip.into()).or_default().push(place);
        }
        Ok(())
    }

    fn pattern(&mut self, text: &str) -> Result<(), WhyUnreadable> {
        let mut builder = RegexBuilder::new(text);
        builder.case_insensitive(true);
        let mut why = regex::Error::CompiledTooBig(self.patterns_left);
        for size in PATTERN_SIZES.into_iter().filter(|size| *size <= self.patterns_left) {
            match builder.size_limit(size).dfa_size_limit(size).build() {
                Ok(regex) => {
                    self.patterns_left -= size;
                    self.index.patterns.push((regex, self.place()));
                    return Ok(());
                }
                Err(error) => why = error,
            }
            if !matches!(why, regex::Error::CompiledTooBig(_)) {
                break;
            }
        }
        Err(WhyUnreadable::Pattern(why.to_string()))
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
            index.keywords = AhoCorasick::new(&self.keyword_texts).ok();
        }
        index
    }
}
