//! Locations: which one a request comes from, its part, its groups and what is switched on there.

use std::net::IpAddr;

use foldhash::HashMap;
use jiff::tz::TimeZone;

use super::spans::nets;
use super::time::zone;
use crate::matching::{Atom, Atoms, Of};
use crate::question::{Question, Unclear};
use crate::record::{Record, id, on, text, whole, words};
use crate::snapshot::Snapshot;

/// The id of the place where people are who are at no known location.
pub(super) const ROAD_WARRIOR: &str = "-3";

/// All locations and their parts.
#[derive(Debug, Default)]
pub(super) struct Places {
    known: Vec<Place>,
    by_name: HashMap<Box<str>, u32>,
}

/// A location, or a part of one.
#[derive(Debug)]
pub(super) struct Place {
    pub id: Box<str>,
    pub name: Box<str>,
    parent: Option<Box<str>>,
    children: Vec<u32>,
    /// It catches what no other part does.
    other: bool,
    nets: Vec<ipnet::IpNet>,
    groups: Vec<Box<str>>,
    pub zone: TimeZone,
    pub zone_approximate: bool,
    pub firewall: bool,
    pub ips: bool,
    pub sign_in: bool,
    pub bandwidth: bool,
    pub aup_blocks: bool,
}

impl Places {
    pub fn new(snapshot: &Snapshot) -> Places {
        let mut places = Places::default();
        let mut numbers: HashMap<Box<str>, u32> = HashMap::default();
        for (record, number) in snapshot.records("zia.location").iter().zip(0..) {
            let place = place(record);
            numbers.insert(place.id.clone(), number);
            places.known.push(place);
        }
        for group in snapshot.records("zia.location_group") {
            let Some(group_id) = id(group, "id") else { continue };
            for member in words(group, "locations") {
                if let Some(number) = numbers.get(member.as_str()) {
                    places.known[*number as usize].groups.push(group_id.as_str().into());
                }
            }
        }
        for number in 0..places.known.len() {
            let of = places.known[number].parent.clone();
            if let Some(parent) = of.and_then(|parent| numbers.get(&parent).copied()) {
                places.known[parent as usize].children.push(u32::try_from(number).expect("few locations"));
            }
        }
        for (place, number) in places.known.iter().zip(0..) {
            places.by_name.entry(place.name.to_lowercase().into()).or_insert(number);
        }
        places.by_name.extend(numbers);
        places
    }

    /// The place that a request comes from, as far as it is known: the part of the named location that holds the address,
    /// else what catches the rest there. Without a name, the place that holds the address; else none.
    ///
    /// # Errors
    /// There is no such location.
    pub fn of(&self, question: &Question) -> Result<Option<&Place>, Unclear> {
        let Some(name) = question.from.as_deref() else {
            let Some(address) = question.source else { return Ok(None) };
            let holds = |place: &&Place| place.parent.is_none() && place.holds(address);
            return Ok(self.known.iter().find(holds).map(|place| self.part(place, Some(address))));
        };
        let number = self.by_name.get(name).or_else(|| self.by_name.get(name.to_lowercase().as_str()));
        let place = number.map(|number| &self.known[*number as usize]);
        let place = place.ok_or_else(|| Unclear::NoSuch {
            member: "from",
            noun: "location",
            value: name.to_owned(),
        })?;
        Ok(Some(self.part(place, question.source)))
    }

    fn part<'a>(&'a self, place: &'a Place, address: Option<IpAddr>) -> &'a Place {
        let parts = || place.children.iter().map(|number| &self.known[*number as usize]);
        let holder = address.and_then(|address| parts().find(|part| !part.other && part.holds(address)));
        holder.or_else(|| parts().find(|part| part.other)).unwrap_or(place)
    }
}

impl Place {
    fn holds(&self, address: IpAddr) -> bool {
        self.nets.iter().any(|net| net.contains(&address.to_canonical()))
    }

    /// What rules may call it: itself, its groups and, for the part that catches the rest, the whole location.
    pub fn atoms(&self, atoms: &Atoms) -> Vec<Atom> {
        let own = Some(&self.id).into_iter().chain(self.parent.as_ref().filter(|_| self.other));
        let groups = self.groups.iter().filter_map(|group| atoms.find(Of::LocationGroup, group));
        own.filter_map(|id| atoms.find(Of::Location, id)).chain(groups).collect()
    }
}

fn place(record: &Record) -> Place {
    let (zone, zone_approximate) = zone(text(record, "tz").unwrap_or("NOT_SPECIFIED"));
    let addresses = words(record, "ipAddresses");
    let mut groups = words(record, "staticLocationGroups");
    groups.extend(words(record, "dynamiclocationGroups"));
    Place {
        id: id(record, "id").unwrap_or_default().into(),
        name: text(record, "name").unwrap_or_default().into(),
        parent: id(record, "parentId").filter(|parent| parent != "0").map(Into::into),
        children: Vec::new(),
        other: on(record, "otherSubLocation") || on(record, "other6SubLocation"),
        nets: addresses.iter().filter_map(|text| nets(text)).flatten().collect(),
        groups: groups.into_iter().map(Into::into).collect(),
        zone,
        zone_approximate,
        firewall: on(record, "ofwEnabled"),
        ips: on(record, "ipsControl"),
        sign_in: on(record, "authRequired"),
        bandwidth: whole(record, "upBandwidth").unwrap_or(0) > 0
            || whole(record, "dnBandwidth").unwrap_or(0) > 0,
        aup_blocks: on(record, "aupEnabled") && on(record, "aupBlockInternetUntilAccepted"),
    }
}
