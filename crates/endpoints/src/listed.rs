//! What documents list, whatever their layout: a prefix, what it is for, and where it is.

use std::collections::{BTreeSet, HashMap};
use std::net::IpAddr;

use ipnet::IpNet;

use crate::Kind;
use crate::document::{Cenr, City, Continent, Document, Entry, Service};
use crate::set::PrefixSet;

/// What an address is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// A range that a data centre listens in, and that users' traffic leaves from.
    Range,
    /// The virtual address of GRE tunnels.
    Gre,
    /// A virtual address that Client Connector tunnels to.
    ClientConnector,
    /// A further virtual address, taken for the one of extranets (guessed).
    Extranet,
}

impl Role {
    /// Whether it is one virtual address rather than a range.
    pub fn is_virtual_address(self) -> bool {
        self != Role::Range
    }

    /// In a word, for tables and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Role::Range => "range",
            Role::Gre => "gre",
            Role::ClientConnector => "svpn",
            Role::Extranet => "ext",
        }
    }
}

/// A prefix as a document lists it. The same prefix can be listed many times: for two virtual addresses, or in 27 cities
/// (seen).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Listed<'d> {
    /// The prefix.
    pub net: IpNet,
    /// What it is there for.
    pub role: Role,
    /// The kind of document.
    pub kind: Kind,
    /// The cloud; empty where the document does not say.
    pub cloud: &'d str,
    /// The continent; empty where the document does not say.
    pub continent: &'d str,
    /// The city; empty where the document does not say.
    pub city: &'d str,
    /// Not marked as one to stay away from yet; only the page's back end marks any.
    pub ready: bool,
    /// The entry of a data centre that it stands in.
    pub entry: Option<&'d Entry>,
    /// The entry that names VPN host and proxy of the same instance.
    pub front: Option<&'d Entry>,
    /// The private-access service that it belongs to.
    pub service: Option<&'d Service>,
}

impl<'d> Listed<'d> {
    fn plain(document: &'d Document, net: IpNet, role: Role) -> Listed<'d> {
        Listed {
            net,
            role,
            kind: document.kind(),
            cloud: document.cloud().unwrap_or_default(),
            continent: "",
            city: "",
            ready: true,
            entry: None,
            front: None,
            service: None,
        }
    }
}

impl Document {
    /// Everything that it lists, in its order: ranges and virtual addresses.
    pub fn listed(&self) -> Box<dyn Iterator<Item = Listed<'_>> + '_> {
        let plain = move |net, role| Listed::plain(self, net, role);
        match self {
            Document::Cenr(cenr) => Box::new(data_centres(self, cenr).chain(client_connector(self, cenr))),
            Document::Listing(listing) => Box::new(
                listing.prefixes.iter().filter_map(|text| text.get()).map(move |net| plain(net, Role::Range)),
            ),
            Document::Svpn(svpn) => {
                let addresses = svpn.addresses.iter().filter_map(|text| text.get());
                Box::new(addresses.map(move |address| plain(address.into(), Role::ClientConnector)))
            }
            Document::Zpa(zpa) => Box::new(zpa.services.iter().flat_map(move |service| {
                let nets = service.prefixes.iter().filter_map(|text| text.get());
                nets.map(move |net| Listed { service: Some(service), ..plain(net, Role::Range) })
            })),
            Document::Page(page) => Box::new(page.rows.iter().filter_map(move |row| {
                Some(Listed {
                    continent: &row.region,
                    city: &row.location,
                    ready: row.ready,
                    ..plain(row.prefix.get()?, Role::Range)
                })
            })),
            Document::Lines(lines) => Box::new(lines.iter().map(move |line| plain(line.net, Role::Range))),
            Document::Array(list) => {
                Box::new(list.iter().filter_map(|text| text.get()).map(move |net| plain(net, Role::Range)))
            }
        }
    }

    /// The addresses that the document is about: its ranges, or for Client Connector's document the virtual addresses.
    pub fn set(&self) -> PrefixSet {
        match self {
            Document::Lines(lines) => lines.iter().map(|line| line.net).collect(),
            Document::Cenr(_) => {
                self.listed().filter(|listed| listed.role == Role::Range).map(|listed| listed.net).collect()
            }
            _ => self.listed().map(|listed| listed.net).collect(),
        }
    }
}

fn data_centres<'d>(document: &'d Document, cenr: &'d Cenr) -> impl Iterator<Item = Listed<'d>> {
    cenr.cities().flat_map(move |(continent, city)| {
        let fronts = fronts(city);
        let mut told = BTreeSet::new();
        let mut here = Vec::with_capacity(city.entries.len() * 2);
        for entry in &city.entries {
            let front = entry.gre.get().and_then(|gre| fronts.get(&gre).copied());
            let listed = |net: IpNet, role| Listed {
                continent: continent.name(),
                city: city.name(),
                entry: Some(entry),
                front,
                ..Listed::plain(document, net, role)
            };
            here.extend(entry.range.get().map(|net| listed(net, Role::Range)));
            // Every range of an instance repeats its virtual address (seen): it is listed once for a city.
            for (address, role) in [(entry.gre.get(), Role::Gre), (entry.extranet(), Role::Extranet)] {
                let new = address.filter(|address| told.insert((*address, role)));
                here.extend(new.map(|address| listed(address.into(), role)));
            }
        }
        here
    })
}

/// The entries of a city that name an instance's hosts, by its virtual address.
fn fronts(city: &City) -> HashMap<IpAddr, &Entry> {
    let named = city.entries.iter().filter(|entry| !(entry.vpn.is_empty() && entry.hostname.is_empty()));
    named.filter_map(|entry| Some((entry.gre.get()?, entry))).collect()
}

/// Client Connector's addresses with the cities of the narrowest range that holds each (seen: every one lies in a range).
fn client_connector<'d>(document: &'d Document, cenr: &'d Cenr) -> impl Iterator<Item = Listed<'d>> {
    let addresses = cenr.svpn.as_deref().unwrap_or_default();
    let places = if addresses.is_empty() { HashMap::new() } else { cenr.cities_by_range() };
    let lengths: BTreeSet<u8> = places.keys().map(IpNet::prefix_len).collect();
    addresses.iter().filter_map(|text| text.get()).flat_map(move |address| {
        let holders = lengths.iter().rev().filter_map(|length| IpNet::new(address, *length).ok());
        let cities: Vec<(&Continent, &City)> =
            holders.map(|net| net.trunc()).find_map(|net| places.get(&net).cloned()).unwrap_or_default();
        let plain = Listed::plain(document, address.into(), Role::ClientConnector);
        if cities.is_empty() {
            return vec![plain];
        }
        let at = |(continent, city): (&'d Continent, &'d City)| Listed {
            continent: continent.name(),
            city: city.name(),
            ..plain
        };
        cities.into_iter().map(at).collect()
    })
}
