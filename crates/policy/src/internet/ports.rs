//! Network services: which of them a protocol and port are.

use foldhash::{HashMap, HashSet};
use serde_json::Value;

use crate::matching::{Atom, Atoms, Of};
use crate::record::{Record, id, text, words};
use crate::snapshot::Snapshot;

/// What a flow is carried by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Transport {
    /// With a port.
    Tcp,
    /// With a port.
    Udp,
    /// Without.
    Icmp,
}

/// The services that rules name, by port.
#[derive(Debug, Default)]
pub(super) struct Services {
    tcp: Ports,
    udp: Ports,
    icmp: Vec<Atom>,
}

/// Between two neighbouring starts the same services hold.
#[derive(Debug, Default)]
struct Ports {
    starts: Vec<(u32, Vec<Atom>)>,
}

impl Ports {
    fn new(spans: &[(u16, u16, Atom)]) -> Ports {
        let mut starts: Vec<u32> =
            spans.iter().flat_map(|(from, to, _)| [u32::from(*from), u32::from(*to) + 1]).collect();
        starts.sort_unstable();
        starts.dedup();
        let within = |start: u32| {
            let holds =
                |(from, to, _): &&(u16, u16, Atom)| (u32::from(*from)..=u32::from(*to)).contains(&start);
            spans.iter().filter(holds).map(|(_, _, atom)| *atom).collect()
        };
        Ports { starts: starts.into_iter().map(|start| (start, within(start))).collect() }
    }

    fn at(&self, port: u16) -> &[Atom] {
        let behind = self.starts.partition_point(|(start, _)| *start <= u32::from(port));
        behind.checked_sub(1).map_or(&[], |place| &self.starts[place].1)
    }
}

impl Services {
    /// Indexes the services that rules name, alone or in groups.
    pub fn new(snapshot: &Snapshot, atoms: &Atoms) -> Services {
        let mut groups: HashMap<String, HashSet<Atom>> = HashMap::default();
        for group in snapshot.records("zia.network_service_group") {
            let atom = id(group, "id").and_then(|id| atoms.find(Of::ServiceGroup, &id));
            for (service, atom) in words(group, "services").into_iter().zip(std::iter::repeat(atom)) {
                groups.entry(service).or_default().extend(atom);
            }
        }
        let (mut tcp, mut udp, mut icmp) = (Vec::new(), Vec::new(), Vec::new());
        for service in snapshot.records("zia.network_service") {
            let Some(id) = id(service, "id") else { continue };
            let known = atoms.find(Of::Service, &id).into_iter();
            for atom in known.chain(groups.get(&id).into_iter().flatten().copied()) {
                let tag = text(service, "tag").or_else(|| text(service, "name")).unwrap_or_default();
                match tag {
                    "ICMP_ANY" => icmp.push(atom),
                    "TCP_ANY" => tcp.push((0, u16::MAX, atom)),
                    "UDP_ANY" => udp.push((0, u16::MAX, atom)),
                    _ => {
                        tcp.extend(spans(service, "destTcpPorts").map(|(from, to)| (from, to, atom)));
                        udp.extend(spans(service, "destUdpPorts").map(|(from, to)| (from, to, atom)));
                    }
                }
            }
        }
        Services { tcp: Ports::new(&tcp), udp: Ports::new(&udp), icmp }
    }

    /// The services that a flow is.
    pub fn of(&self, transport: Transport, port: u16) -> &[Atom] {
        match transport {
            Transport::Tcp => self.tcp.at(port),
            Transport::Udp => self.udp.at(port),
            Transport::Icmp => &self.icmp,
        }
    }
}

fn spans<'r>(record: &'r Record, member: &str) -> impl Iterator<Item = (u16, u16)> + 'r {
    let port = |value: &Value| match value {
        Value::Number(number) => number.as_u64().and_then(|port| u16::try_from(port).ok()),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    record.get(member).and_then(Value::as_array).into_iter().flatten().filter_map(move |span| {
        let from = port(span.get("start")?)?;
        Some((from, span.get("end").and_then(port).filter(|to| *to >= from).unwrap_or(from)))
    })
}
