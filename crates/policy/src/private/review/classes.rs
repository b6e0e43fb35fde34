//! Every kind of destination that clients tell apart: an example of each, and which segments it is, on one side or on two.
//!
//! Entries of names are nested, and so are those of addresses: which of them cover a destination follows from the most specific
//! one alone. So one example for each entry, and of its ports one for each at which a span begins or has ended, are all that
//! there is. Patterns are not nested; where there are any, what they select is left open.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use foldhash::HashSet;
use ipnet::IpNet;

use super::super::Private;
use super::super::scope::sees;
use super::super::segments::{Bypass, Carrier, Icmp, Segment};

/// How many selections are tried, of all examples and microtenants together.
pub(super) const MOST: usize = 400_000;

/// What is asked for as an example.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Example {
    pub host: Box<str>,
    pub carrier: Carrier,
    /// The client takes several segments.
    pub several: bool,
    /// It is a browser or a portal.
    pub clientless: bool,
    /// It stands for what the client does with this segment of the same name, which carries other ports.
    pub beside: Option<Box<str>>,
}

/// What a destination is on one side.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Selected {
    pub covered: bool,
    pub bypass: Bypass,
    pub matched: Vec<u32>,
    /// Others of the same name.
    pub beside: Vec<u32>,
}

/// A kind of destination.
#[derive(Debug, Clone)]
pub(super) struct Class {
    pub example: Example,
    /// For each side.
    pub selected: Vec<Selected>,
}

/// All of them.
pub(super) struct Classes {
    pub all: Vec<Class>,
    /// There are more, of which it is not known which segments they are.
    pub open: bool,
}

impl Classes {
    /// Those of some hosts that users of a microtenant, or of none, see; `left` is how many selections may still be tried.
    pub fn of(sides: &[&Private], scope: Option<&str>, hosts: &[String], left: &mut usize) -> Classes {
        let mut classes =
            Classes { all: Vec::new(), open: sides.iter().any(|side| !side.segments.patterns.is_empty()) };
        let several: &[bool] =
            match sides.iter().any(|side| side.segments.all.iter().any(|segment| segment.inclusive)) {
                true => &[true, false],
                false => &[true],
            };
        for host in hosts {
            let mut seen = HashSet::default();
            let covering: Vec<Covering<'_>> =
                sides.iter().map(|side| side.segments.covering(host, &side.options)).collect();
            for carrier in carriers(sides, host, &covering) {
                for (several, clientless) in several.iter().flat_map(|one| [(*one, false), (*one, true)]) {
                    if *left == 0 {
                        return Classes { open: true, ..classes };
                    }
                    *left -= 1;
                    let seen_by = |(side, covering): (&&Private, &Covering<'_>)| {
                        selected(side, scope, (host, covering), carrier, several, clientless)
                    };
                    let selected: Vec<Selected> = sides.iter().zip(&covering).map(seen_by).collect();
                    if seen.insert((selected.clone(), clientless)) {
                        let example = Example {
                            host: host.as_str().into(),
                            carrier,
                            several,
                            clientless,
                            beside: None,
                        };
                        classes.all.push(Class { example, selected });
                    }
                }
            }
        }
        classes
    }
}

/// The segments of each entry that covers a host.
type Covering<'a> = Vec<(&'a [u32], bool)>;

fn selected(
    side: &Private,
    scope: Option<&str>,
    (host, covering): (&str, &Covering<'_>),
    carrier: Carrier,
    several: bool,
    clientless: bool,
) -> Selected {
    let visible = |segment: &Segment| sees(scope, segment);
    let named = side.segments.for_browser(host).iter().copied();
    let named: Vec<u32> = named.filter(|number| visible(side.segments.at(*number))).collect();
    if clientless && !named.is_empty() {
        return Selected { covered: true, bypass: Bypass::Never, matched: named, beside: Vec::new() };
    }
    let selection = side.segments.select_among(covering, carrier, several, &visible, &side.options);
    let of_entry = || selection.of_entry.iter().copied();
    let (bypass, beside) = match clientless {
        true => (Bypass::Never, Vec::new()),
        false => (
            of_entry().map(|number| side.segments.at(number).bypass).max().unwrap_or(Bypass::Never),
            of_entry().filter(|number| !selection.matched.contains(number)).collect(),
        ),
    };
    Selected { covered: selection.covered, bypass, matched: selection.matched, beside }
}

/// An example for each entry of either side of which it is the most specific one, where there is one.
pub(super) fn hosts(sides: &[&Private]) -> Vec<String> {
    let segments = || sides.iter().map(|side| &side.segments);
    let exact: HashSet<&str> =
        segments().flat_map(|all| all.exact.keys().chain(all.browser.keys())).map(|name| &**name).collect();
    let beneath: HashSet<&str> =
        segments().flat_map(|all| all.beneath.keys()).map(|domain| &**domain).collect();
    let fresh = |domain: &str| {
        let label = |number: usize| match number {
            0 => format!("host.{domain}"),
            number => format!("host{number}.{domain}"),
        };
        (0..).map(label).find(|name| !exact.contains(name.as_str()) && !beneath.contains(name.as_str()))
    };
    let mut hosts: Vec<String> = exact.iter().map(|name| (*name).to_owned()).collect();
    hosts.extend(beneath.iter().filter_map(|domain| fresh(domain)));
    if segments().any(|all| !all.everything.is_empty()) {
        let top = |number: usize| format!("elsewhere{number}");
        let top = (0..).map(top).find(|top| !beneath.contains(top.as_str()));
        hosts.extend(top.and_then(|top| fresh(&top)));
    }
    let nets: HashSet<IpNet> = segments().flat_map(|all| all.nets.keys()).copied().collect();
    hosts.extend(addresses(nets));
    hosts.sort_unstable();
    hosts
}

/// For each block, its first address that is in no block within.
fn addresses(nets: HashSet<IpNet>) -> Vec<String> {
    let mut sorted: Vec<IpNet> = nets.into_iter().collect();
    // What is within a block stands behind it.
    sorted.sort_unstable_by_key(|net| (net.network(), net.prefix_len()));
    let mut found = Vec::new();
    for (place, net) in sorted.iter().enumerate() {
        let mut free = Some(net.network());
        for within in sorted[place + 1..].iter().take_while(|within| net.contains(&within.network())) {
            match free {
                Some(address) if within.contains(&address) => free = next(within.broadcast()),
                Some(address) if within.network() > address => break,
                _ => {}
            }
        }
        found.extend(free.filter(|address| net.contains(address)).map(|address| address.to_string()));
    }
    found
}

fn next(address: IpAddr) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => u32::from(address).checked_add(1).map(|next| Ipv4Addr::from(next).into()),
        IpAddr::V6(address) => u128::from(address).checked_add(1).map(|next| Ipv6Addr::from(next).into()),
    }
}

/// A port of each kind, of those that segments of a host carry on any side.
fn carriers(sides: &[&Private], host: &str, covering: &[Covering<'_>]) -> Vec<Carrier> {
    let (mut tcp, mut udp, mut icmp) = (Vec::new(), Vec::new(), false);
    let ends = |spans: &[(u16, u16)], ports: &mut Vec<u16>| {
        for (from, to) in spans {
            ports.push(*from);
            ports.extend(to.checked_add(1));
        }
    };
    let mut seen: HashSet<(usize, u32)> = HashSet::default();
    for (place, (side, covering)) in sides.iter().zip(covering).enumerate() {
        let lists = covering.iter().map(|(list, _)| *list);
        for number in lists.chain([side.segments.for_browser(host)]).flatten() {
            if seen.insert((place, *number)) {
                let segment = side.segments.at(*number);
                ends(&segment.tcp, &mut tcp);
                ends(&segment.udp, &mut udp);
                icmp |= segment.icmp != Icmp::None;
            }
        }
    }
    for ports in [&mut tcp, &mut udp] {
        ports.push(1);
        let mut seen = HashSet::default();
        ports.retain(|port| *port != 0 && seen.insert(*port));
    }
    let mut carriers: Vec<Carrier> = tcp.into_iter().map(Carrier::Tcp).collect();
    carriers.extend(udp.into_iter().map(Carrier::Udp));
    if icmp {
        carriers.extend([false, true].map(|traceroute| Carrier::Icmp { traceroute }));
    }
    carriers
}
