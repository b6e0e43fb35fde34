//! Application segments: which entries cover a destination, from the most specific on, and which segments a client takes.

use std::collections::BTreeSet;
use std::net::IpAddr;

use foldhash::{HashMap, HashSet};
use ipnet::IpNet;
use serde_json::Value;

use crate::options::Options;
use crate::record::{Record, id, on, text, words};
use crate::snapshot::Snapshot;

/// When clients go to a segment's names directly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) enum Bypass {
    Never,
    OnNetwork,
    Always,
}

/// Which ICMP is let through.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Icmp {
    None,
    Ping,
    Traceroute,
}

/// A segment.
#[derive(Debug)]
pub(super) struct Segment {
    pub id: Box<str>,
    pub name: Box<str>,
    pub group: Box<str>,
    /// It is on, and so is its group.
    pub available: bool,
    pub enabled: bool,
    pub tcp: Vec<(u16, u16)>,
    pub udp: Vec<(u16, u16)>,
    pub bypass: Bypass,
    pub inclusive: bool,
    pub icmp: Icmp,
    pub server_groups: Vec<Box<str>>,
    /// The microtenant that owns it; none is Default.
    pub owner: Option<Box<str>>,
    pub shared_to: Vec<Box<str>>,
    pub disaster_recovery: bool,
    pub near_application: bool,
    patterned: bool,
}

/// What a client asks of a destination.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) enum Carrier {
    Tcp(u16),
    Udp(u16),
    Icmp { traceroute: bool },
}

/// All segments, by their entries.
#[derive(Debug, Default)]
pub(super) struct Segments {
    pub all: Vec<Segment>,
    pub exact: HashMap<Box<str>, Vec<u32>>,
    pub beneath: HashMap<Box<str>, Vec<u32>>,
    /// From the most specific on.
    pub patterns: Vec<(Box<str>, Vec<u32>)>,
    pub everything: Vec<u32>,
    pub nets: HashMap<IpNet, Vec<u32>>,
    lengths: BTreeSet<u8>,
    /// Segments by the names of their applications for browsers.
    pub browser: HashMap<Box<str>, Vec<u32>>,
}

/// What came of the selection.
#[derive(Debug, Default)]
pub(super) struct Selection {
    /// The segments that match, the most specific first.
    pub matched: Vec<u32>,
    /// All that list the most specific entry that counts, whatever their ports.
    pub of_entry: Vec<u32>,
    /// Some entry covers the destination.
    pub covered: bool,
    /// Several exclusive segments were equally specific.
    pub tie: bool,
    /// A segment that is off hid wider ones.
    pub hidden_by_disabled: bool,
    /// A pattern was held against the name.
    pub patterned: bool,
}

impl Segments {
    pub fn new(snapshot: &Snapshot) -> Segments {
        let groups_off: HashSet<String> = snapshot
            .records("zpa.segment_group")
            .iter()
            .filter(|group| !on(group, "enabled"))
            .filter_map(|group| id(group, "id"))
            .collect();
        let mut segments = Segments::default();
        let mut patterns: HashMap<Box<str>, Vec<u32>> = HashMap::default();
        for (record, number) in snapshot.records("zpa.application_segment").iter().zip(0..) {
            let mut segment = segment(record, &groups_off);
            for entry in words(record, "domainNames") {
                let entry = entry.trim().to_ascii_lowercase();
                if let Some(net) = net(&entry) {
                    segments.lengths.insert(net.prefix_len());
                    segments.nets.entry(net).or_default().push(number);
                    continue;
                }
                let wide = entry.strip_prefix("*.").or_else(|| entry.strip_prefix('.'));
                let list = match wide {
                    _ if entry == "*" => &mut segments.everything,
                    Some(domain) if !domain.contains(['*', '?']) => {
                        segments.beneath.entry(domain.into()).or_default()
                    }
                    _ if entry.contains(['*', '?']) => {
                        segment.patterned = true;
                        patterns.entry(entry.into()).or_default()
                    }
                    _ => segments.exact.entry(entry.into()).or_default(),
                };
                list.push(number);
            }
            for application in record.get("clientlessApps").and_then(Value::as_array).into_iter().flatten() {
                if let Some(domain) =
                    application.as_object().and_then(|application| text(application, "domain"))
                {
                    segments.browser.entry(domain.to_ascii_lowercase().into()).or_default().push(number);
                }
            }
            segments.all.push(segment);
        }
        segments.patterns = patterns.into_iter().collect();
        // More literal characters first; of as many, fewer stars (inferred: help orders them only by examples).
        let literal = |pattern: &str| pattern.chars().filter(|letter| !matches!(letter, '*' | '?')).count();
        let stars = |pattern: &str| pattern.matches('*').count();
        segments.patterns.sort_by(|(one, _), (other, _)| {
            let key = |pattern: &str| (std::cmp::Reverse(literal(pattern)), stars(pattern));
            key(one).cmp(&key(other)).then_with(|| one.cmp(other))
        });
        segments
    }

    /// Whether there is any.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// The segments of each entry that covers a host, from the most specific on, with whether it is a pattern.
    pub fn covering<'a>(&'a self, host: &str, options: &Options) -> Vec<(&'a [u32], bool)> {
        let mut found: Vec<(&[u32], bool)> = Vec::new();
        if let Ok(address) = host.parse::<IpAddr>() {
            let address = address.to_canonical();
            let lengths = self.lengths.iter().rev();
            let nets = lengths.filter_map(|length| IpNet::new(address, *length).ok());
            found.extend(nets.filter_map(|net| self.nets.get(&net.trunc())).map(|list| (&**list, false)));
            if options.star_covers_addresses && !self.everything.is_empty() {
                found.push((&self.everything, false));
            }
            return found;
        }
        found.extend(self.exact.get(host).map(|list| (&**list, false)));
        let crosses = options.pattern_star_crosses_dots;
        let fits = |pattern: &str| covers(pattern.as_bytes(), host.as_bytes(), crosses);
        let patterns = self.patterns.iter().filter(|(pattern, _)| fits(pattern));
        found.extend(patterns.map(|(_, list)| (&**list, true)));
        let mut domain = match options.wildcard_covers_apex {
            true => Some(host),
            false => host.split_once('.').map(|(_, parent)| parent),
        };
        while let Some(name) = domain {
            found.extend(self.beneath.get(name).map(|list| (&**list, false)));
            domain = name.split_once('.').map(|(_, parent)| parent);
        }
        if !self.everything.is_empty() {
            found.push((&self.everything, false));
        }
        found
    }

    /// The segments that a client takes a destination for.
    pub fn select(
        &self,
        host: &str,
        carrier: Carrier,
        several: bool,
        visible: &dyn Fn(&Segment) -> bool,
        options: &Options,
    ) -> Selection {
        self.select_among(&self.covering(host, options), carrier, several, visible, options)
    }

    /// The same, of entries that are known to cover it.
    pub fn select_among(
        &self,
        covering: &[(&[u32], bool)],
        carrier: Carrier,
        several: bool,
        visible: &dyn Fn(&Segment) -> bool,
        options: &Options,
    ) -> Selection {
        let mut selection = Selection::default();
        for (list, pattern) in covering {
            let listing: Vec<u32> = list
                .iter()
                .copied()
                .filter(|number| visible(self.at(*number)))
                .filter(|number| options.disabled_segment_carves || self.at(*number).enabled)
                .collect();
            if listing.is_empty() {
                continue;
            }
            selection.patterned |= *pattern;
            let inclusive = several && listing.iter().all(|number| self.at(*number).inclusive);
            let first = !selection.covered;
            selection.covered = true;
            if first {
                selection.hidden_by_disabled = listing.iter().all(|number| !self.at(*number).enabled);
                selection.of_entry.clone_from(&listing);
            }
            if !inclusive && !first {
                break;
            }
            let before = selection.matched.len();
            selection.matched.extend(self.carrying(&listing, carrier));
            let added = selection.matched.len() - before;
            if before == 0 && added > 0 {
                selection.of_entry = listing;
            }
            if !inclusive {
                if added > 1 && !matches!(carrier, Carrier::Icmp { .. }) {
                    selection.tie = true;
                    selection.matched.truncate(before + 1);
                }
                break;
            }
        }
        selection
    }

    /// Those of an entry's segments that carry what is asked; ICMP is carried by all of them where one lets it through.
    fn carrying(&self, listing: &[u32], carrier: Carrier) -> Vec<u32> {
        let within =
            |spans: &[(u16, u16)], port| spans.iter().any(|(from, to)| (*from..=*to).contains(&port));
        let of = |number: &u32| self.at(*number);
        match carrier {
            Carrier::Tcp(port) => {
                listing.iter().copied().filter(|number| within(&of(number).tcp, port)).collect()
            }
            Carrier::Udp(port) => {
                listing.iter().copied().filter(|number| within(&of(number).udp, port)).collect()
            }
            Carrier::Icmp { traceroute } => {
                let least = if traceroute { Icmp::Traceroute } else { Icmp::Ping };
                match listing.iter().any(|number| of(number).icmp >= least) {
                    true => listing.to_vec(),
                    false => Vec::new(),
                }
            }
        }
    }

    /// The segments whose application for browsers has this name.
    pub fn for_browser(&self, host: &str) -> &[u32] {
        self.browser.get(host).map_or(&[], Vec::as_slice)
    }

    pub fn at(&self, number: u32) -> &Segment {
        &self.all[number as usize]
    }

    /// Whether a segment has patterns among its entries.
    pub fn is_patterned(&self, number: u32) -> bool {
        self.at(number).patterned
    }
}

/// Whether a pattern covers a name: `?` is one character but a dot, `*` any number, of dots too where they may be crossed.
pub(super) fn covers(pattern: &[u8], name: &[u8], crosses_dots: bool) -> bool {
    // A leading `*.` spans labels (documented for wildcards); one behind it spans what the first left over.
    if let Some(rest) = pattern.strip_prefix(b"*.") {
        return (1..name.len()).any(|at| name[at - 1] == b'.' && fits(rest, &name[at..], crosses_dots));
    }
    fits(pattern, name, crosses_dots)
}

/// The same without a meaning of its own for what the pattern begins with.
fn fits(pattern: &[u8], name: &[u8], crosses_dots: bool) -> bool {
    let (mut at, mut in_name) = (0, 0);
    let mut back: Option<(usize, usize)> = None;
    while in_name < name.len() {
        match pattern.get(at) {
            Some(b'*') => {
                back = Some((at, in_name));
                at += 1;
            }
            Some(b'?') if name[in_name] != b'.' => (at, in_name) = (at + 1, in_name + 1),
            Some(letter) if *letter == name[in_name] => (at, in_name) = (at + 1, in_name + 1),
            _ => match back {
                Some((star, tried)) if crosses_dots || name[tried] != b'.' => {
                    back = Some((star, tried + 1));
                    (at, in_name) = (star + 1, tried + 1);
                }
                _ => return false,
            },
        }
    }
    pattern[at..].iter().all(|letter| *letter == b'*')
}

fn net(entry: &str) -> Option<IpNet> {
    let address = entry.parse::<IpAddr>().map(|address| IpNet::from(address.to_canonical()));
    address.ok().or_else(|| entry.parse::<IpNet>().ok().map(|net| net.trunc()))
}

fn segment(record: &Record, groups_off: &HashSet<String>) -> Segment {
    let group = id(record, "segmentGroupId").unwrap_or_default();
    let enabled = on(record, "enabled");
    let owner = id(record, "microtenantId").filter(|owner| owner != "0");
    Segment {
        id: id(record, "id").unwrap_or_default().into(),
        name: text(record, "name").unwrap_or_default().into(),
        available: enabled && !groups_off.contains(&group),
        enabled,
        group: group.into(),
        tcp: spans(record, "tcpPortRanges", "tcpPortRange"),
        udp: spans(record, "udpPortRanges", "udpPortRange"),
        bypass: match text(record, "bypassType") {
            Some("ALWAYS") => Bypass::Always,
            Some("ON_NET") => Bypass::OnNetwork,
            _ => Bypass::Never,
        },
        inclusive: text(record, "matchStyle") == Some("INCLUSIVE"),
        icmp: match text(record, "icmpAccessType") {
            Some("PING") => Icmp::Ping,
            Some("PING_TRACEROUTING") => Icmp::Traceroute,
            _ => Icmp::None,
        },
        server_groups: words(record, "serverGroups").into_iter().map(Into::into).collect(),
        owner: owner.map(Into::into),
        shared_to: words(record, "shareToMicrotenants").into_iter().map(Into::into).collect(),
        disaster_recovery: on(record, "useInDrMode"),
        near_application: on(record, "selectConnectorCloseToApp"),
        patterned: false,
    }
}

/// Ports, as pairs in one list or as objects.
fn spans(record: &Record, pairs: &str, objects: &str) -> Vec<(u16, u16)> {
    let flat = words(record, pairs);
    if !flat.is_empty() {
        let ports: Vec<u16> = flat.iter().filter_map(|port| port.parse().ok()).collect();
        return ports.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect();
    }
    let listed =
        record.get(objects).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_object);
    let port = |span: &Record, end: &str| id(span, end).and_then(|port| port.parse().ok());
    listed.filter_map(|span| Some((port(span, "from")?, port(span, "to")?))).collect()
}

#[cfg(test)]
mod tests {
    use super::covers;

    #[test]
    fn patterns_stand_for_parts_of_labels() {
        for (pattern, name, crosses, wanted) in [
            ("important-server*.eu.example.com", "important-server12.eu.example.com", false, true),
            ("important-server?.eu.example.com", "important-server12.eu.example.com", false, false),
            ("important-server?.eu.example.com", "important-server1.eu.example.com", false, true),
            ("*-*.eu.example.com", "plain.eu.example.com", false, false),
            ("w*.example.com", "w.a.example.com", false, false),
            ("w*.example.com", "w.a.example.com", true, true),
            ("*.db-*.example.com", "a.b.db-1.example.com", false, true),
        ] {
            assert_eq!(covers(pattern.as_bytes(), name.as_bytes(), crosses), wanted, "{pattern} {name}");
        }
    }
}
