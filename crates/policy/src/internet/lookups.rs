//! What requests have that rules name by way of other records: groups of addresses, classes, engines, devices.

use std::net::IpAddr;

use foldhash::HashMap;

use super::spans::Cover;
use super::urls::UrlList;
use crate::matching::{Atom, Atoms, Of};
use crate::record::{Record, id, text, words};
use crate::snapshot::Snapshot;
use crate::spelling::{bare, platform};

/// The records that stand between rules and requests.
#[derive(Debug, Default)]
pub(super) struct Lookups {
    pub source: Cover,
    pub destination: Cover,
    /// Groups of destinations that hold a country or category.
    group_countries: HashMap<Box<str>, Vec<Atom>>,
    group_categories: HashMap<Box<str>, Vec<Atom>>,
    /// Groups by what they hold: network applications, DNS applications.
    members: HashMap<(Of, Box<str>), Vec<Atom>>,
    /// Applications by their name and word, spelt without anything but letters and digits.
    applications: HashMap<Box<str>, Box<str>>,
    /// The type of rules that each application is of.
    types: HashMap<Box<str>, Box<str>>,
    /// Profiles of risk, by the indexes that they hold.
    profiles: Vec<(Atom, Vec<i64>)>,
    /// Devices by name or id: id and platform.
    devices: HashMap<Box<str>, (Box<str>, Box<str>)>,
    /// Groups of devices by platform.
    platforms: HashMap<Box<str>, Vec<Box<str>>>,
    /// The ids of file types by their words.
    file_types: HashMap<Box<str>, Box<str>>,
    /// Classes of bandwidth: their sites and applications.
    classes: Vec<(Atom, UrlList, Vec<String>)>,
}

impl Lookups {
    pub fn new(snapshot: &Snapshot, atoms: &Atoms) -> Lookups {
        let mut found = Lookups::default();
        atoms.all(Of::SourceAddress).for_each(|(atom, text)| found.source.add(text, atom));
        atoms.all(Of::DestinationAddress).for_each(|(atom, text)| found.destination.add(text, atom));
        for group in
            ["zia.ip_source_group", "zia.ipv6_source_group"].iter().flat_map(|kind| snapshot.records(kind))
        {
            let Some(atom) = id(group, "id").and_then(|id| atoms.find(Of::SourceGroup, &id)) else {
                continue;
            };
            words(group, "ipAddresses").iter().for_each(|text| found.source.add(text, atom));
        }
        for group in snapshot.records("zia.ip_destination_group") {
            let Some(atom) = id(group, "id").and_then(|id| atoms.find(Of::DestinationGroup, &id)) else {
                continue;
            };
            words(group, "addresses").iter().for_each(|text| found.destination.add(text, atom));
            for country in words(group, "countries") {
                let country = country.strip_prefix("COUNTRY_").unwrap_or(&country);
                found.group_countries.entry(country.into()).or_default().push(atom);
            }
            for category in ["ipCategories", "urlCategories"].iter().flat_map(|member| words(group, member)) {
                found.group_categories.entry(category.into()).or_default().push(atom);
            }
        }
        found.add_members(
            snapshot,
            atoms,
            "zia.network_application_group",
            Of::NetworkApplicationGroup,
            "networkApplications",
        );
        found.add_members(
            snapshot,
            atoms,
            "zia.dns_application_group",
            Of::DnsApplicationGroup,
            "applications",
        );
        snapshot.records("zia.cloud_application").iter().for_each(|record| found.add_application(record));
        for profile in snapshot.records("zia.risk_profile") {
            if let Some(atom) = id(profile, "id").and_then(|id| atoms.find(Of::RiskProfile, &id)) {
                let indexes =
                    words(profile, "riskIndex").iter().filter_map(|index| index.parse().ok()).collect();
                found.profiles.push((atom, indexes));
            }
        }
        for device in snapshot.records("zia.device") {
            let Some(id) = id(device, "id") else { continue };
            let entry = (id.as_str().into(), platform(text(device, "osType").unwrap_or_default()));
            for key in ["hostName", "name"].iter().filter_map(|member| text(device, member)) {
                found.devices.entry(key.to_lowercase().into()).or_insert_with(|| entry.clone());
            }
            found.devices.insert(id.into(), entry);
        }
        for group in snapshot.records("zia.device_group") {
            let (Some(id), Some(of)) = (id(group, "id"), text(group, "osType")) else { continue };
            found.platforms.entry(platform(of)).or_default().push(id.into());
        }
        for of in snapshot.records("zia.file_type_category") {
            if let (Some(id), Some(name)) = (id(of, "id"), text(of, "name")) {
                found.file_types.insert(name.strip_prefix("FTCATEGORY_").unwrap_or(name).into(), id.into());
            }
        }
        for class in snapshot.records("zia.bandwidth_class") {
            if let Some(atom) = id(class, "id").and_then(|id| atoms.find(Of::BandwidthClass, &id)) {
                let sites = UrlList::new(words(class, "urls"));
                found.classes.push((atom, sites, words(class, "webApplications")));
            }
        }
        found
    }

    /// The classes of bandwidth that a site or application is in.
    pub fn bandwidth_classes(&self, host: &str, applications: &[&str]) -> Vec<Atom> {
        let holds = |(_, sites, named): &&(Atom, UrlList, Vec<String>)| {
            sites.has(host, None)
                || named.iter().any(|application| applications.contains(&application.as_str()))
        };
        self.classes.iter().filter(holds).map(|(atom, _, _)| *atom).collect()
    }

    fn add_members(&mut self, snapshot: &Snapshot, atoms: &Atoms, kind: &str, of: Of, member: &str) {
        for group in snapshot.records(kind) {
            let Some(atom) = id(group, "id").and_then(|id| atoms.find(of, &id)) else { continue };
            for word in words(group, member) {
                self.members.entry((of, word.into())).or_default().push(atom);
            }
        }
    }

    fn add_application(&mut self, record: &Record) {
        let Some(word) = text(record, "app") else { return };
        for name in [text(record, "name"), Some(word)].into_iter().flatten() {
            self.applications.entry(bare(name).into()).or_insert_with(|| word.into());
        }
        // The classes of applications are called otherwise than the types of rules (seen).
        let of = match text(record, "parent") {
            Some("WEB_MAIL") => "WEBMAIL",
            Some("STREAMING") => "STREAMING_MEDIA",
            Some(parent) => parent,
            None => return,
        };
        self.types.insert(word.into(), of.into());
    }

    /// The groups that hold a word.
    pub fn groups(&self, of: Of, word: &str) -> &[Atom] {
        self.members.get(&(of, Box::from(word))).map_or(&[], Vec::as_slice)
    }

    /// Adds what covers a destination's address and name.
    pub fn destination(&self, name: Option<&str>, address: Option<IpAddr>, found: &mut Vec<Atom>) {
        if let Some(name) = name {
            self.destination.name(name, found);
        }
        if let Some(address) = address {
            self.destination.address(address, found);
        }
    }

    /// Adds the groups that hold a country.
    pub fn in_country(&self, country: &str, found: &mut Vec<Atom>) {
        found.extend(self.group_countries.get(country).into_iter().flatten());
    }

    /// Adds the groups that hold a category.
    pub fn in_category(&self, category: &str, found: &mut Vec<Atom>) {
        found.extend(self.group_categories.get(category).into_iter().flatten());
    }

    /// Whether groups hold countries.
    pub fn has_group_countries(&self) -> bool {
        !self.group_countries.is_empty()
    }

    /// The application that a host's name suggests: the label before the public suffix is its name or word (guessed).
    pub fn application_of(&self, host: &str) -> Option<&str> {
        if self.applications.is_empty() {
            return None;
        }
        let mut labels = host.rsplit('.').skip(1);
        let first = labels.next()?;
        let label = match (first.len(), labels.next()) {
            (..=3, Some(second)) if host.rsplit('.').next().is_some_and(|last| last.len() == 2) => second,
            _ => first,
        };
        self.applications.get(bare(label).as_str()).map(|word| &**word)
    }

    /// The word of an application that is told by its word or name; what nothing knows is a word.
    pub fn application<'a>(&'a self, told: &'a str) -> &'a str {
        if self.types.contains_key(told) {
            return told;
        }
        self.applications.get(bare(told).as_str()).map_or(told, |word| word)
    }

    /// The type of rules that an application is of.
    pub fn type_of(&self, application: &str) -> Option<&str> {
        self.types.get(application).map(|of| &**of)
    }

    /// The profiles that hold a risk index.
    pub fn profiles(&self, index: u8) -> impl Iterator<Item = Atom> {
        let holds = move |indexes: &[i64]| indexes.contains(&i64::from(index));
        self.profiles.iter().filter(move |(_, indexes)| holds(indexes)).map(|(atom, _)| *atom)
    }

    /// A device's id and platform.
    pub fn device(&self, name: &str) -> Option<(&str, &str)> {
        let known = self.devices.get(name).or_else(|| self.devices.get(name.to_lowercase().as_str()));
        known.map(|(id, platform)| (&**id, &**platform))
    }

    /// The groups of devices of a platform.
    pub fn device_groups(&self, of: &str) -> impl Iterator<Item = &str> {
        self.platforms.get(&platform(of)).into_iter().flatten().map(|id| &**id)
    }

    /// The id of a file type's word.
    pub fn file_type(&self, word: &str) -> Option<&str> {
        self.file_types.get(word).map(|id| &**id)
    }
}
