//! What differs between two documents by meaning: order, repetition and layout are no difference.

mod lines;

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::net::IpAddr;

use ipnet::IpNet;
use serde::{Serialize, Serializer};

pub use lines::Line;

use crate::Kind;
use crate::document::{Cenr, City, Document, Entry};
use crate::listed::Role;
use crate::set::{Family, PrefixSet};

/// What differs. Everything is sorted.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Change {
    /// Prefixes that no city had before.
    pub prefixes_added: Vec<IpNet>,
    /// Prefixes that no city has any more.
    pub prefixes_removed: Vec<IpNet>,
    /// Cities that are new.
    pub cities_added: Vec<Where>,
    /// Cities that are gone.
    pub cities_removed: Vec<Where>,
    /// Cities with a new name and the same ranges.
    pub cities_renamed: Vec<Renamed>,
    /// Prefixes that are in other cities than before.
    pub moved: Vec<Moved>,
    /// Ranges that got their virtual address or hosts: a data centre takes traffic now (seen).
    pub went_live: Vec<WentLive>,
    /// Other values that changed.
    pub fields: Vec<FieldChange>,
    /// Addresses of Client Connector that are new.
    pub svpn_added: Vec<IpAddr>,
    /// Addresses of Client Connector that are gone.
    pub svpn_removed: Vec<IpAddr>,
    /// Addresses gained and lost: a block that was split gains and loses none.
    pub space: Space,
}

/// A city and its continent.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Where {
    /// The continent.
    pub continent: String,
    /// The city.
    pub city: String,
}

/// A city that got another name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Renamed {
    /// Its name before.
    pub from: Where,
    /// Its name now.
    pub to: Where,
}

/// A prefix that moved between cities.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Moved {
    /// The prefix.
    pub prefix: IpNet,
    /// Cities that have it no more.
    pub from: Vec<String>,
    /// Cities that have it now.
    pub to: Vec<String>,
}

/// A range that got what it lacked.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct WentLive {
    /// The city.
    pub city: String,
    /// The range.
    pub prefix: IpNet,
    /// What it got: `gre`, `vpn`, `hostname`, with its value.
    pub got: BTreeMap<&'static str, String>,
}

/// A value that changed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct FieldChange {
    /// The city, or the private-access service.
    pub city: String,
    /// The range; none for what a whole city has.
    pub prefix: Option<IpNet>,
    /// The member's name.
    pub field: &'static str,
    /// Its value before; empty if there was none.
    pub old: String,
    /// Its value now; empty if there is none.
    pub new: String,
}

/// Addresses gained and lost, by family. In JSON those of IPv6 are texts of digits: a /40 has more addresses than a number
/// there holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Space {
    /// IPv4 addresses that are covered now and were not.
    pub gained_v4: u64,
    /// IPv4 addresses that were covered and are no more.
    pub lost_v4: u64,
    /// IPv6 addresses that are covered now and were not.
    #[serde(serialize_with = "digits")]
    pub gained_v6: u128,
    /// IPv6 addresses that were covered and are no more.
    #[serde(serialize_with = "digits")]
    pub lost_v6: u128,
}

fn digits<S: Serializer>(count: &u128, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_str(count)
}

/// Documents of two kinds say nothing of each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a document of the kind `{old}` cannot be compared with one of the kind `{new}`")]
pub struct OtherKind {
    /// The kind of the older.
    pub old: Kind,
    /// The kind of the newer.
    pub new: Kind,
}

impl Change {
    /// Compares two documents of one kind; a plain list compares with every kind, by its addresses.
    ///
    /// # Errors
    /// They are of two kinds.
    pub fn between(old: &Document, new: &Document) -> Result<Change, OtherKind> {
        let (before, now) = (old.kind(), new.kind());
        if before != now && before != Kind::List && now != Kind::List {
            return Err(OtherKind { old: before, new: now });
        }
        let mut change = Change { space: Space::between(&old.set(), &new.set()), ..Change::default() };
        change.compare_prefixes(old, new);
        match (old, new) {
            (Document::Cenr(old), Document::Cenr(new)) => change.compare_cities(old, new),
            (Document::Zpa(_), Document::Zpa(_)) => change.compare_services(old, new),
            (Document::Page(old), Document::Page(new)) => {
                let ready = |page: &crate::WebPage| -> BTreeMap<(String, Option<IpNet>), bool> {
                    page.rows
                        .iter()
                        .map(|row| ((row.location.clone(), row.prefix.get()), row.ready))
                        .collect()
                };
                let before = ready(old);
                for ((city, prefix), ready) in ready(new) {
                    if before.get(&(city.clone(), prefix)).is_some_and(|was| *was != ready) {
                        let (old, new) = ((!ready).to_string(), ready.to_string());
                        change.fields.push(FieldChange { city, prefix, field: "ready", old, new });
                    }
                }
            }
            _ => {}
        }
        change.fields.sort();
        change.went_live.sort();
        Ok(change)
    }

    /// Whether the documents mean the same.
    pub fn is_empty(&self) -> bool {
        *self == Change::default()
    }

    fn compare_prefixes(&mut self, old: &Document, new: &Document) {
        let own = |document: &Document| -> BTreeSet<IpNet> {
            let svpn = document.kind() == Kind::Svpn;
            document.listed().filter(|one| one.role == Role::Range && !svpn).map(|one| one.net).collect()
        };
        let (before, now) = (own(old), own(new));
        self.prefixes_added = now.difference(&before).copied().collect();
        self.prefixes_removed = before.difference(&now).copied().collect();
        let svpn = |document: &Document| -> BTreeSet<IpAddr> {
            let all = document.listed().filter(|one| one.role == Role::ClientConnector);
            all.map(|one| one.net.addr()).collect()
        };
        let (before, now) = (svpn(old), svpn(new));
        self.svpn_added = now.difference(&before).copied().collect();
        self.svpn_removed = before.difference(&now).copied().collect();
    }

    fn compare_cities(&mut self, old: &Cenr, new: &Cenr) {
        let (before, now) = (by_place(old), by_place(new));
        let mut gone: Vec<&Where> = before.keys().filter(|place| !now.contains_key(*place)).collect();
        let mut come: Vec<&Where> = now.keys().filter(|place| !before.contains_key(*place)).collect();
        // A city that went while another came with the same ranges has a new name (seen: Sydney IV, now V).
        let mut by_ranges: HashMap<BTreeSet<IpNet>, VecDeque<&Where>> = HashMap::new();
        for to in &come {
            by_ranges.entry(ranges_of(now[to])).or_default().push_back(to);
        }
        by_ranges.remove(&BTreeSet::new());
        let mut taken = HashSet::new();
        gone.retain(|from| {
            let to = by_ranges.get_mut(&ranges_of(before[from])).and_then(VecDeque::pop_front);
            if let Some(to) = to {
                taken.insert(to);
                self.cities_renamed.push(Renamed { from: (*from).clone(), to: to.clone() });
            }
            to.is_none()
        });
        come.retain(|to| !taken.contains(to));
        self.cities_added = come.into_iter().cloned().collect();
        self.cities_removed = gone.into_iter().cloned().collect();
        let renames = self.cities_renamed.clone();
        let renamed: HashMap<&Where, &Where> = renames.iter().map(|one| (&one.from, &one.to)).collect();
        let name_now = |place: &Where| renamed.get(place).map_or(place.city.clone(), |to| to.city.clone());

        let homes = |cities: &BTreeMap<Where, &City>, name: &dyn Fn(&Where) -> String| {
            let mut homes: BTreeMap<IpNet, BTreeSet<String>> = BTreeMap::new();
            for (place, city) in cities {
                for net in ranges_of(city) {
                    homes.entry(net).or_default().insert(name(place));
                }
            }
            homes
        };
        let (homes_before, homes_now) = (homes(&before, &name_now), homes(&now, &|place| place.city.clone()));
        for (prefix, was) in &homes_before {
            let Some(is) = homes_now.get(prefix).filter(|is| *is != was) else { continue };
            let only =
                |one: &BTreeSet<String>, other: &BTreeSet<String>| one.difference(other).cloned().collect();
            self.moved.push(Moved { prefix: *prefix, from: only(was, is), to: only(is, was) });
        }
        for (place, city) in &before {
            let place_now = renamed.get(place).copied().unwrap_or(place);
            if let Some(city_now) = now.get(place_now) {
                self.compare_entries(&place_now.city, city, city_now);
            }
        }
    }

    fn compare_entries(&mut self, name: &str, old: &City, new: &City) {
        let (before, now) = (by_range(old), by_range(new));
        for (range, mut was) in before {
            let Some(is) = now.get(&range) else { continue };
            let mut is = is.clone();
            // INVARIANT: no two entries of a range say the same.
            let (said, says) = (was.iter().copied(), is.iter().copied());
            let (said, says): (HashSet<_>, HashSet<_>) =
                (said.map(values).collect(), says.map(values).collect());
            was.retain(|entry| !says.contains(&values(entry)));
            is.retain(|entry| !said.contains(&values(entry)));
            // An entry is the one with the same virtual address, or else the one that had none yet.
            let mut by_gre: HashMap<Option<IpAddr>, VecDeque<usize>> = HashMap::new();
            for (at, entry) in is.iter().enumerate() {
                by_gre.entry(entry.gre.get()).or_default().push_back(at);
            }
            let (mut left, mut met) = (Vec::new(), HashSet::new());
            for entry in was {
                match by_gre.get_mut(&entry.gre.get()).and_then(VecDeque::pop_front) {
                    Some(at) => {
                        met.insert(at);
                        self.compare_values(name, range, Some(entry), Some(is[at]));
                    }
                    None => left.push(entry),
                }
            }
            left.sort_by_key(|entry| entry.gre.get());
            let mut is =
                is.into_iter().enumerate().filter(|(at, _)| !met.contains(at)).map(|(_, entry)| entry);
            for entry in left {
                self.compare_values(name, range, Some(entry), is.next());
            }
            for entry in is {
                self.compare_values(name, range, None, Some(entry));
            }
        }
        let coordinates = |city: &City| -> BTreeSet<(String, String)> {
            city.entries.iter().map(|entry| (degrees(&entry.latitude), degrees(&entry.longitude))).collect()
        };
        let (was, is) = (coordinates(old), coordinates(new));
        if was != is {
            let told = |all: BTreeSet<(String, String)>| {
                all.into_iter().map(|(north, east)| format!("{north} {east}")).collect::<Vec<_>>().join(", ")
            };
            let (old, new) = (told(was), told(is));
            self.fields.push(FieldChange { city: name.into(), prefix: None, field: "coordinates", old, new });
        }
    }

    fn compare_values(&mut self, city: &str, range: Option<IpNet>, old: Option<&Entry>, new: Option<&Entry>) {
        let empty = Entry::default();
        let (was, is) = (values(old.unwrap_or(&empty)), values(new.unwrap_or(&empty)));
        let mut got = BTreeMap::new();
        for (field, (old, new)) in VALUES.into_iter().zip(was.into_iter().zip(is)) {
            if old == new {
                continue;
            }
            if old.is_empty() && field != "ext" && range.is_some() {
                got.insert(field, new);
            } else {
                self.fields.push(FieldChange { city: city.into(), prefix: range, field, old, new });
            }
        }
        if let (Some(prefix), false) = (range, got.is_empty()) {
            self.went_live.push(WentLive { city: city.into(), prefix, got });
        }
    }

    fn compare_services(&mut self, old: &Document, new: &Document) {
        type Told = BTreeSet<(String, String, String)>;
        let told = |document: &Document| -> BTreeMap<String, Told> {
            let mut services: BTreeMap<String, Told> = BTreeMap::new();
            if let Document::Zpa(zpa) = document {
                for service in &zpa.services {
                    let told = (service.protocol.clone(), service.port.to_string(), service.domains.clone());
                    services.entry(service.source.clone()).or_default().insert(told);
                }
            }
            services
        };
        let (before, now) = (told(old), told(new));
        let sources: BTreeSet<&String> = before.keys().chain(now.keys()).collect();
        let words = |told: Option<&Told>| {
            let lines = told
                .into_iter()
                .flatten()
                .map(|(protocol, port, domains)| format!("{protocol} {port} {domains}"));
            lines.collect::<Vec<_>>().join("; ")
        };
        for source in sources {
            let (old, new) = (words(before.get(source)), words(now.get(source)));
            if old != new {
                self.fields.push(FieldChange {
                    city: source.clone(),
                    prefix: None,
                    field: "service",
                    old,
                    new,
                });
            }
        }
    }
}

/// The members of an entry that are compared one by one, in the order of [`values`].
const VALUES: [&str; 4] = ["gre", "vpn", "hostname", "ext"];

/// What an entry says beside its range; host names are compared ignoring case (seen: capitals come and go).
fn values(entry: &Entry) -> [String; 4] {
    let address = |address: Option<IpAddr>| address.map(|address| address.to_string()).unwrap_or_default();
    [
        address(entry.gre.get()),
        entry.vpn.to_ascii_lowercase(),
        entry.hostname.to_ascii_lowercase(),
        address(entry.extranet()),
    ]
}

/// Degrees without zeros at the end: `52.000000` means `52`.
fn degrees(text: &str) -> String {
    text.parse::<f64>().map_or_else(|_| text.to_owned(), |degrees| degrees.to_string())
}

fn by_place(cenr: &Cenr) -> BTreeMap<Where, &City> {
    let place = |continent: &str, city: &str| Where { continent: continent.into(), city: city.into() };
    cenr.cities().map(|(continent, city)| (place(continent.name(), city.name()), city)).collect()
}

fn ranges_of(city: &City) -> BTreeSet<IpNet> {
    city.entries.iter().filter_map(|entry| entry.range.get()).collect()
}

/// The entries of each range, without repetitions.
fn by_range(city: &City) -> BTreeMap<Option<IpNet>, Vec<&Entry>> {
    let mut ranges: BTreeMap<Option<IpNet>, Vec<&Entry>> = BTreeMap::new();
    let mut told = HashSet::new();
    for entry in &city.entries {
        if told.insert((entry.range.get(), values(entry))) {
            ranges.entry(entry.range.get()).or_default().push(entry);
        }
    }
    ranges
}

impl Space {
    fn between(old: &PrefixSet, new: &PrefixSet) -> Space {
        let (gained, lost) = (new.minus(old), old.minus(new));
        // There are 2^32 of them at most.
        let four = |set: &PrefixSet| u64::try_from(set.size(Family::V4)).unwrap_or(u64::MAX);
        Space {
            gained_v4: four(&gained),
            lost_v4: four(&lost),
            gained_v6: gained.size(Family::V6),
            lost_v6: lost.size(Family::V6),
        }
    }
}

#[cfg(test)]
#[path = "change_tests.rs"]
mod tests;
