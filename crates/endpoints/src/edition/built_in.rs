//! The built-in documents, made from the project's own compact files.

use std::collections::BTreeMap;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use ipnet::IpNet;
use serde_json::{Map, json};

use super::{Edition, Origin, derived};
use crate::document::{Cenr, City, Continent, Document, Entry, Listing, Meaning, Service, Svpn, Text, Zpa};
use crate::prefix::read_prefix;
use crate::{Cloud, Kind, Product};

const DATACENTRES: &str = include_str!("../../data/datacentres.txt");
const LISTS: &str = include_str!("../../data/lists.txt");

/// The clouds that data centres are known of: mark, name, day.
const KNOWN: [(&str, &str, &str); 3] = [
    ("n", "zscaler.net", "2026-08-21"),
    ("t", "zscalerthree.net", "2026-02-12"),
    ("c", "zscloud.net", "2025-10-20"),
];

/// The day that synthetic documents bear.
const MADE: &str = "2026-08-21";

impl Edition {
    /// The built-in documents: facts of a day for the clouds that they are known of, synthetic ones for the others.
    pub fn built_in() -> &'static Edition {
        static EDITION: LazyLock<Edition> = LazyLock::new(edition);
        &EDITION
    }
}

fn edition() -> Edition {
    let mut edition = Edition::default();
    let lists = lists();
    let svpn = lists.get(&("zscaler.net", Kind::Svpn)).map(|(_, list)| list.clone()).unwrap_or_default();
    for cloud in Cloud::ALL {
        match cloud.product {
            Product::InternetAccess => internet_access(&mut edition, &cloud, &svpn),
            Product::PrivateAccess => private_access(&mut edition, cloud.name),
            Product::DigitalExperience => {
                let hubs = Listing::new(Kind::HubsRecommended, cloud.name, made_up(6, 3));
                publish(&mut edition, cloud.name, Kind::HubsRecommended, Document::Listing(hubs), None);
            }
        }
    }
    for ((cloud, kind), (date, list)) in lists {
        let document = match kind {
            Kind::Svpn => Document::Svpn(Svpn { addresses: addresses(&list), other: Map::new() }),
            _ => Document::Listing(Listing::new(kind, cloud, texts(&list))),
        };
        publish(&mut edition, cloud, kind, document, Some(date));
    }
    edition
}

/// Publishes facts of a day, or without one what is made up.
fn publish(edition: &mut Edition, cloud: &str, kind: Kind, document: Document, date: Option<&'static str>) {
    let origin = date.map_or(Origin::Synthetic, Origin::Facts);
    edition.publish(cloud, kind, document, seconds(date.unwrap_or(MADE)), origin);
}

fn internet_access(edition: &mut Edition, cloud: &Cloud, svpn: &[&str]) {
    let known = KNOWN.iter().find(|(_, name, _)| *name == cloud.name);
    let mut cenr = match known {
        Some((mark, name, _)) => datacentres(name, &|token| token == *mark),
        // What three clouds have in common, most likely all have; virtual addresses differ (seen) and are left empty.
        None if cloud.documented => datacentres(cloud.name, &|token| token == "*"),
        None => small(cloud.name),
    };
    if cloud.name == "zscaler.net" {
        cenr.svpn = Some(addresses(svpn));
        // One address stood there twice (seen).
        cenr.svpn.iter_mut().for_each(|list| list.extend(addresses(&["165.225.50.38"])));
    }
    if Kind::Svpn.is_published_for(cloud.name) == Some(true) {
        let made = Svpn { addresses: svpn_of(&cenr), other: Map::new() };
        publish(edition, cloud.name, Kind::Svpn, Document::Svpn(made), None);
    }
    let hubs: Vec<Text<IpNet>> = match cloud.documented {
        true => cenr
            .cities()
            .filter_map(|(_, city)| Some(text(&city.entries.first()?.range.get()?.to_string())))
            .collect(),
        false => made_up(3, 2),
    };
    let hubs = sorted(hubs);
    for kind in [Kind::HubsRequired, Kind::HubsRecommended] {
        publish(
            edition,
            cloud.name,
            kind,
            Document::Listing(Listing::new(kind, cloud.name, hubs.clone())),
            None,
        );
    }
    let blocks: crate::PrefixSet = Document::Cenr(cenr.clone()).set();
    let blocks = blocks.prefixes().map(|net| text(&net.to_string())).collect();
    let future = Listing::new(Kind::Future, cloud.name, blocks);
    publish(edition, cloud.name, Kind::Future, Document::Listing(future), None);
    let page = Document::Page(derived::page(&cenr));
    publish(edition, cloud.name, Kind::Page, page, known.map(|(_, _, date)| *date));
    publish(edition, cloud.name, Kind::Cenr, Document::Cenr(cenr), known.map(|(_, _, date)| *date));
}

/// Seconds from the Unix epoch to the start of a day written as `2026-08-21`.
fn seconds(date: &str) -> u64 {
    let part =
        |from: usize, to: usize| date[from..to].parse::<i64>().expect("the day is written with digits");
    // Days of the civil calendar, counted in years that begin in March.
    let (year, month, day) = (part(0, 4), part(5, 7), part(8, 10));
    let (year, month) = if month > 2 { (year, month - 3) } else { (year - 1, month + 9) };
    let days = year * 365 + year / 4 - year / 100 + year / 400 + (month * 153 + 2) / 5 + day - 1 - 719_468;
    u64::try_from(days * 86400).expect("the day is after 1970")
}

fn text<T: Meaning>(text: &str) -> Text<T> {
    Text::new(text).expect("the built-in files hold addresses")
}

fn texts(list: &[&str]) -> Vec<Text<IpNet>> {
    list.iter().map(|one| text(one)).collect()
}

fn addresses(list: &[&str]) -> Vec<Text<IpAddr>> {
    list.iter().map(|one| text(one)).collect()
}

fn sorted(mut list: Vec<Text<IpNet>>) -> Vec<Text<IpNet>> {
    list.sort_by_key(Text::get);
    list.dedup();
    list
}

/// The lists by cloud and kind, with their days.
fn lists() -> BTreeMap<(&'static str, Kind), (&'static str, Vec<&'static str>)> {
    let mut lists = BTreeMap::new();
    let mut open = None;
    for line in LISTS.lines().filter(|line| !line.starts_with('#')) {
        match line.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            Some(head) => {
                let mut words = head.split(' ');
                let mut word = || words.next().expect("a head has three words");
                let (cloud, kind, date) = (word(), word(), word());
                let key = (cloud, kind.parse::<Kind>().expect("a head names a kind"));
                lists.insert(key, (date, Vec::new()));
                open = Some(key);
            }
            None => {
                let list = open.and_then(|key| lists.get_mut(&key)).expect("a list follows a head");
                list.1.extend(line.split(' '));
            }
        }
    }
    lists
}

/// The data centres of a cloud. `is` tells whether a mark is the cloud's; `*` stands for what all clouds have.
fn datacentres(cloud: &str, is: &dyn Fn(&str) -> bool) -> Cenr {
    let mut cenr = Cenr { cloud: cloud.to_owned(), ..Cenr::default() };
    let mut coordinates = ("", "");
    for line in DATACENTRES.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix("@ ") {
            cenr.continents.push(Continent { key: format!("continent : {name}"), cities: Vec::new() });
            continue;
        }
        let cities = &mut cenr.continents.last_mut().expect("a city follows a continent").cities;
        if let Some(rest) = line.strip_prefix("= ") {
            let (name, place) = rest.split_once(" @ ").expect("a city has a place");
            coordinates = place.split_once(' ').expect("a place has two numbers");
            cities.push(City { key: format!("city : {name}"), entries: Vec::new() });
            continue;
        }
        let city = cities.last_mut().expect("a range follows a city");
        let (range, tokens) = line.split_once(' ').expect("a range has clouds");
        let entry = |values: &str| {
            let mut values = values.split(',');
            let mut next = || values.next().unwrap_or_default();
            let (gre, ext, vpn, hostname) = (next(), next(), next(), next());
            let name = |stem: &str, middle: &str| match stem {
                "" => String::new(),
                stem => format!("{stem}{middle}.{cloud}"),
            };
            Entry {
                range: text(range),
                vpn: name(vpn, ""),
                gre: text(gre),
                ext: Some(text(ext)),
                hostname: name(hostname, ".sme"),
                latitude: coordinates.0.into(),
                longitude: coordinates.1.into(),
                other: Map::new(),
            }
        };
        let everywhere = KNOWN
            .iter()
            .all(|(mark, _, _)| tokens.split(' ').any(|token| token.split('=').next() == Some(mark)));
        if everywhere && is("*") {
            city.entries.push(entry(""));
        }
        for token in tokens.split(' ') {
            let (mark, values) = token.split_once('=').unwrap_or((token, ""));
            if is(mark) {
                city.entries.push(entry(values));
            }
        }
    }
    for continent in &mut cenr.continents {
        continent.cities.retain(|city| !city.entries.is_empty());
    }
    cenr
}

/// A few data centres with addresses that documentation uses.
fn small(cloud: &str) -> Cenr {
    let city = |name: &str, site: &str, net: &str, gre: &str, at: (&str, &str)| {
        let entry = |range: &str, front: bool| Entry {
            range: text(range),
            vpn: if front { format!("{site}-vpn.{cloud}") } else { String::new() },
            gre: text(gre),
            ext: Some(Text::default()),
            hostname: if front { format!("{site}.sme.{cloud}") } else { String::new() },
            latitude: at.0.into(),
            longitude: at.1.into(),
            other: Map::new(),
        };
        let six = format!("2001:db8:{:x}::/48", net.len() * 16 + name.len());
        City { key: format!("city : {name}"), entries: vec![entry(net, true), entry(&six, false)] }
    };
    let continent =
        |name: &str, city: City| Continent { key: format!("continent : {name}"), cities: vec![city] };
    Cenr {
        cloud: cloud.to_owned(),
        continents: vec![
            continent(
                "EMEA",
                city("Frankfurt IV", "fra4", "198.51.100.0/25", "198.51.100.12", ("50.110922", "8.682127")),
            ),
            continent(
                "Americas",
                city(
                    "San Francisco IV",
                    "sunnyvale1",
                    "203.0.113.0/24",
                    "203.0.113.20",
                    ("37.368830", "-122.036350"),
                ),
            ),
            continent(
                "APAC",
                city("Singapore V", "sin5", "192.0.2.0/26", "192.0.2.12", ("1.352083", "103.819836")),
            ),
        ],
        ..Cenr::default()
    }
}

/// An address of each city for Client Connector, in its first ranges of each family.
fn svpn_of(cenr: &Cenr) -> Vec<Text<IpAddr>> {
    let first = |city: &City, four: bool| {
        city.entries.iter().filter_map(|entry| entry.range.get()).find(|net| net.addr().is_ipv4() == four)
    };
    let cities = cenr.cities().flat_map(|(_, city)| [first(city, true), first(city, false)]);
    let mut list: Vec<IpAddr> = cities
        .flatten()
        .map(|net| match net {
            IpNet::V4(net) => Ipv4Addr::from_bits(net.network().to_bits() | 56).into(),
            IpNet::V6(net) => Ipv6Addr::from_bits(net.network().to_bits() | 0x3c).into(),
        })
        .collect();
    list.sort_unstable();
    list.dedup();
    list.into_iter().map(|address| text(&address.to_string())).collect()
}

/// Prefixes of the ranges for benchmarks (RFC 2544) and documentation (RFC 3849).
fn made_up(four: u8, six: u8) -> Vec<Text<IpNet>> {
    let four = (0..four).map(|at| format!("198.{}.{}.0/24", 18 + at % 2, at.wrapping_mul(7)));
    let six = (0..six).map(|at| format!("2001:db8:{at:x}00::/48"));
    sorted(four.chain(six).map(|one| text(&one)).collect())
}

fn private_access(edition: &mut Edition, cloud: &str) {
    let service = |source: &str, domains: &str, prefixes| Service {
        protocol: "TCP/UDP".into(),
        port: 443,
        source: source.into(),
        domains: domains.into(),
        prefixes,
        other: Map::from_iter([("Date Added".to_owned(), json!(MADE))]),
    };
    let brokers = made_up(96, 24);
    let browsers = texts(&["203.0.113.7", "203.0.113.64/26", "2001:db8:ff00::/48", "203.0.113.7"]);
    let lines = brokers.iter().chain(&browsers).map(|one| read_prefix(one.as_str().as_bytes()));
    let lines = lines.collect::<Result<Vec<_>, _>>().expect("made of prefixes");
    let zpa = Zpa {
        cloud: cloud.to_owned(),
        services: vec![
            service(
                "Connector, Private Service Edge, Zscaler Client Connector",
                "*.prod.zpath.net,*.private.zscaler.com,*.prod.zpath.vip",
                brokers,
            ),
            service("Browser Access", "*.zpa-auth.net,*.zpa-app.net", browsers),
        ],
        other: Map::new(),
    };
    publish(edition, cloud, Kind::Zpa, Document::Zpa(zpa), None);
    publish(edition, cloud, Kind::ZpaPlaintext, Document::Lines(lines), None);
}

#[cfg(test)]
mod tests {
    use super::seconds;

    #[test]
    fn a_day_begins_at_its_second() {
        for (date, at) in [("1970-01-01", 0), ("2000-02-29", 951_782_400), ("2026-08-21", 1_787_270_400)] {
            assert_eq!(seconds(date), at, "{date}");
        }
    }
}
