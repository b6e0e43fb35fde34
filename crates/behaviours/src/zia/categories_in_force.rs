//! The categories that activation has put in force, indexed for look-ups and kept until the next activation.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;

use parking_lot::{Mutex, RwLock, RwLockWriteGuard};
use serde_json::Value;
use zuno_catalogue::Resource;
use zuno_catalogue::handles::zia::url_category as member;
use zuno_engine::{Apart, Context, Entries, Images, Stored};
use zuno_model::{Fault, Kind, Record, TenantId};
use zuno_urls::{Address, Base, CustomCategories, CustomCategory, EntryIndex, Holds, Resolution, predefined};

use super::activation::stamp_key;
use super::category_lists::FORMED;

/// How many tenants' indexes are kept; one that was dropped costs the time to build it again.
const KEPT: usize = 256;

/// The members that look-ups read beside the lists.
const READ: [&str; 3] = [member::TYPE.name, member::URL_TYPE.name, member::VAL.name];

/// The lists of sites, and whether their sites stay in the vendor's category as well.
const SITES: [(&str, bool); 2] = [(member::URLS.name, false), (member::DB_CATEGORIZED_URLS.name, true)];

/// Indexes by tenant. INVARIANT: records in force change by activation alone, which changes the stamp.
#[derive(Default)]
pub struct InForce {
    known: Mutex<HashMap<TenantId, Arc<RwLock<Known>>>>,
}

/// A tenant's index.
#[derive(Default)]
struct Known {
    /// That of the activation that it is in force since; nothing before it was made.
    stamp: Option<Option<Vec<u8>>>,
    index: CustomCategories,
    /// What each category was when it was entered, but for the sites of long lists.
    entered: Vec<(String, Record)>,
    lists: HashMap<(String, &'static str), Listed>,
}

/// A long list of sites: by which change each part was written, and where its sites stand.
struct Listed {
    written: Vec<u64>,
    places: Vec<Vec<EntryIndex>>,
}

impl InForce {
    /// Looks into the index of the call's tenant. After an activation it is made anew, or where nothing but sites of long
    /// lists came or went, those parts of the lists are read that have changed.
    ///
    /// # Errors
    /// The store failed.
    pub fn look<T>(&self, cx: &Context<'_>, look: impl FnOnce(&CustomCategories) -> T) -> Result<T, Fault> {
        let tenant = cx.tenant().id;
        let stamp = Some(cx.store().note(tenant, &stamp_key(member::KIND)).map_err(Fault::broken)?);
        let known = {
            let mut all = self.known.lock();
            if all.len() >= KEPT && !all.contains_key(&tenant) {
                all.clear();
            }
            Arc::clone(all.entry(tenant).or_default())
        };
        let held = known.read();
        if held.stamp == stamp {
            return Ok(look(&held.index));
        }
        drop(held);
        let mut held = known.write();
        if held.stamp != stamp {
            let renewed = Moment::of(cx).and_then(|now| held.renew(cx, &now));
            if let Err(fault) = renewed {
                *held = Known::default();
                return Err(fault);
            }
            held.stamp = stamp;
        }
        Ok(look(&RwLockWriteGuard::downgrade(held).index))
    }
}

/// What is in force of a tenant's categories is another than it was, though nothing was activated.
///
/// # Errors
/// The store failed.
pub fn outdate(cx: &mut Context<'_>) -> Result<(), Fault> {
    let (tenant, stamp) = (cx.tenant().id, cx.random::<16>()?);
    cx.change()?.set_note(tenant, &stamp_key(member::KIND), Some(&stamp)).map_err(Fault::broken)
}

/// A tenant's categories, as look-ups and policies resolve sites to them.
pub struct Categories {
    index: CustomCategories,
    families: HashMap<String, String>,
}

impl Categories {
    /// Indexes categories, each by its id.
    pub fn new(records: &[(String, Record)]) -> Categories {
        let family = |(id, record): &(String, Record)| {
            Some((id.clone(), member::SUPER_CATEGORY.of(record)?.to_owned()))
        };
        Categories {
            index: CustomCategories::new(records.iter().flat_map(entries)),
            families: records.iter().filter_map(family).collect(),
        }
    }

    /// The categories of a site.
    pub fn resolve(&self, site: &str) -> Resolution<'_> {
        self.index.resolve(&Address::read(site), None)
    }

    /// A site that the vendor's base has in a category or in one of its family's, and no category of the tenant's takes away.
    pub fn example(&self, category: &str) -> Option<&'static str> {
        let is_in = |site: &&'static str| {
            let found = self.resolve(site);
            found.categories.iter().any(|own| *own == category || self.family(own) == Some(category))
        };
        Base::built_in().listed().find(is_in)
    }

    /// The family that a category belongs to.
    pub fn family(&self, category: &str) -> Option<&str> {
        let own = self.families.get(category).map(String::as_str);
        own.or_else(|| predefined(category).map(|category| category.super_category))
    }
}

/// What is in force at a moment.
struct Moment {
    /// Every category: as it was before the first change that waits.
    records: Vec<(String, Record)>,
    /// Parts of lists as they were then.
    images: Images,
}

impl Moment {
    fn of(cx: &Context<'_>) -> Result<Moment, Fault> {
        let images = cx.images(&[Kind::from(member::KIND).product()])?;
        let named = |stored: Stored| (stored.id.0, stored.record);
        let records = cx.all_in_force(member::KIND, &images)?;
        let mut records: Vec<(String, Record)> = records.into_iter().map(named).collect();
        records.sort_by(|one, other| one.0.cmp(&other.0));
        Ok(Moment { records, images })
    }

    /// A part of a list.
    fn part(&self, cx: &Context<'_>, id: &str, member: &str, part: usize) -> Result<Vec<String>, Fault> {
        let of = Entries { kind: member::KIND, id: &id.into(), member };
        cx.part_in_force(of, part, &self.images)
    }
}

/// What is to be entered of a category: of a long list of sites, which one it is.
fn outline(resource: &Resource, record: &Record) -> Record {
    let mut outline: Record = READ
        .iter()
        .chain(FORMED)
        .filter_map(|name| Some(((*name).to_owned(), record.get(*name)?.clone())))
        .collect();
    if holds(record) == Holds::Urls {
        for (list, _) in SITES {
            if let Some(apart) = Apart::of(resource, list, record.get(list)) {
                outline.insert(list.to_owned(), Value::from(apart.origin));
            }
        }
    }
    outline
}

impl Known {
    fn renew(&mut self, cx: &Context<'_>, now: &Moment) -> Result<(), Fault> {
        let resource = cx.resource(member::KIND)?;
        let outlines: Vec<(String, Record)> =
            now.records.iter().map(|(id, record)| (id.clone(), outline(resource, record))).collect();
        if outlines != self.entered {
            *self = Known::default();
            let mut whole = Vec::with_capacity(now.records.len());
            for (id, record) in &outlines {
                whole.push((id.clone(), Known::whole(cx, now, id, record)?));
            }
            self.index = CustomCategories::new(whole.iter().flat_map(entries));
            self.entered = outlines;
        }
        for (id, record) in now.records.iter().filter(|(_, record)| holds(record) == Holds::Urls) {
            for (list, retains_parent) in SITES {
                if let Some(apart) = Apart::of(resource, list, record.get(list)) {
                    self.amend(cx, now, (id, list, retains_parent), &apart)?;
                }
            }
        }
        Ok(())
    }

    /// A category with the lists of other things than sites, however long.
    fn whole(cx: &Context<'_>, now: &Moment, id: &str, record: &Record) -> Result<Record, Fault> {
        let (mut whole, resource) = (record.clone(), cx.resource(member::KIND)?);
        for (list, _) in SITES {
            let Some(apart) = Apart::of(resource, list, record.get(list)) else { continue };
            let mut all = Vec::with_capacity(apart.count);
            for part in 0..apart.parts.len() {
                all.extend(now.part(cx, id, list, part)?.into_iter().map(Value::String));
            }
            whole.insert(list.to_owned(), Value::Array(all));
        }
        Ok(whole)
    }

    /// Takes the parts of a list in that were written since they were read.
    fn amend(
        &mut self,
        cx: &Context<'_>,
        now: &Moment,
        (id, list, retains_parent): (&str, &'static str, bool),
        apart: &Apart,
    ) -> Result<(), Fault> {
        let unread = Listed { written: Vec::new(), places: Vec::new() };
        let mut listed = self.lists.remove(&(id.to_owned(), list)).unwrap_or(unread);
        let parts = apart.parts.len().max(listed.written.len());
        listed.written.resize(parts, 0);
        listed.places.resize_with(parts, Vec::new);
        // A site may have moved from a part to another: all that go are gone before any comes.
        let mut come = Vec::new();
        for part in 0..parts {
            let written = apart.parts.get(part).copied().unwrap_or_default();
            if written == listed.written[part] {
                continue;
            }
            listed.written[part] = written;
            let sites = if written == 0 { Vec::new() } else { now.part(cx, id, list, part)? };
            let mut sites: BTreeSet<String> = sites.into_iter().collect();
            listed.places[part].retain(|place| {
                let stays = sites.remove(self.index.at(*place));
                if !stays {
                    self.index.take_site(*place);
                }
                stays
            });
            come.extend(sites.into_iter().map(|site| (part, site)));
        }
        for (part, site) in come {
            // What was kept is a site; an older version may have kept others, which no URL can match.
            let place = self.index.add_site(id, &site, retains_parent).ok().flatten();
            listed.places[part].extend(place);
        }
        self.lists.insert((id.to_owned(), list), listed);
        Ok(())
    }
}

/// What stands in the lists of sites of a category.
fn holds(record: &Record) -> Holds {
    match () {
        () if member::TYPE.of(record) == Some("TLD_CATEGORY") => Holds::TopLevelDomains,
        () if member::URL_TYPE.of(record) == Some("REGEX") => Holds::Patterns,
        () => Holds::Urls,
    }
}

/// What a category holds, as look-ups read it: its sites, and its patterns apart.
fn entries((id, record): &(String, Record)) -> Vec<CustomCategory<'_>> {
    let val = member::VAL.of(record).and_then(|val| u32::try_from(val).ok());
    let val = val.unwrap_or(u32::MAX);
    let sites = CustomCategory {
        id,
        val,
        holds: holds(record),
        urls: member::URLS.of(record).collect(),
        urls_retaining_parent: member::DB_CATEGORIZED_URLS.of(record).collect(),
        keywords: member::KEYWORDS.of(record).collect(),
        keywords_retaining_parent: member::KEYWORDS_RETAINING_PARENT_CATEGORY.of(record).collect(),
        ip_ranges: member::IP_RANGES.of(record).collect(),
        ip_ranges_retaining_parent: member::IP_RANGES_RETAINING_PARENT_CATEGORY.of(record).collect(),
    };
    let patterns = CustomCategory {
        id,
        val,
        holds: Holds::Patterns,
        urls: member::REGEX_PATTERNS.of(record).collect(),
        urls_retaining_parent: member::REGEX_PATTERNS_RETAINING_PARENT_CATEGORY.of(record).collect(),
        ..CustomCategory::default()
    };
    vec![sites, patterns]
}

/// The sites of a category alone, for reviews.
pub fn sites<'r>(id: &'r str, record: &'r Record) -> CustomCategory<'r> {
    CustomCategory {
        id,
        urls: member::URLS.of(record).collect(),
        urls_retaining_parent: member::DB_CATEGORIZED_URLS.of(record).collect(),
        ..CustomCategory::default()
    }
}
