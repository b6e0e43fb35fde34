//! What goes past the tunnel: addresses, names that are asked for, gateways, and applications by address.

use foldhash::HashMap;
use ipnet::IpNet;
use serde_json::Value;

use super::entries::{lists, net};
use super::profiles::Profile;
use super::traffic::Destination;
use crate::record::{Record, id, text};
use crate::snapshot::Snapshot;

/// Applications by address, by their ids.
pub(super) struct Apps {
    known: HashMap<String, Vec<Part>>,
}

/// One line of such an application.
#[derive(Debug)]
struct Part {
    /// Nothing is any.
    tcp: Option<bool>,
    /// Without any, all.
    ports: Vec<(u16, u16)>,
    addresses: Vec<IpNet>,
    names: Vec<String>,
}

impl Apps {
    pub fn new(snapshot: &Snapshot) -> Apps {
        let mut known: HashMap<String, Vec<Part>> = HashMap::default();
        let kinds = ["zcc.custom_ip_based_app", "zcc.predefined_ip_based_app"];
        for record in kinds.iter().flat_map(|kind| snapshot.records(kind)) {
            let Some(id) = id(record, "id") else { continue };
            let parts = ["appData", "appDataV6"].iter().filter_map(|member| record.get(*member)?.as_array());
            let parts = parts.flatten().filter_map(Value::as_object).map(Part::read);
            known.entry(id).or_default().extend(parts.filter(|part| !part.is_empty()));
        }
        Apps { known }
    }

    /// Why traffic goes past, if it does; and whether more knowledge of its address could have made it so. Addresses and names of
    /// the lists count for a tunnel of everything.
    pub fn past(
        &self,
        profile: &Profile,
        to: &Destination<'_>,
        everything: bool,
    ) -> (Option<&'static str>, bool) {
        let within =
            |nets: &[IpNet]| to.address.is_some_and(|address| nets.iter().any(|net| net.contains(&address)));
        let named =
            |names: &[String]| to.name.is_some_and(|name| names.iter().any(|entry| covers(entry, name)));
        if to.asked {
            let past = everything
                && (named(&profile.names_outside)
                    || (!profile.names_inside.is_empty() && !named(&profile.names_inside)));
            return (past.then_some("the name is asked for outside"), false);
        }
        let gateway = |entry: &String| {
            to.address.is_some_and(|address| net(entry).is_some_and(|net| net.contains(&address)))
        };
        if profile.gateways.iter().any(gateway) || named(&profile.gateways) {
            return (Some("a gateway of a VPN"), false);
        }
        let parts = || profile.apps.iter().filter_map(|id| self.known.get(id)).flatten();
        let carries = |part: &&Part| {
            part.tcp.is_none_or(|tcp| tcp == to.tcp)
                && (part.ports.is_empty()
                    || to.port.is_some_and(|port| {
                        part.ports.iter().any(|(from, end)| (*from..=*end).contains(&port))
                    }))
        };
        if parts().filter(carries).any(|part| within(&part.addresses) || named(&part.names)) {
            return (Some("an application that goes past"), false);
        }
        // Exclusions are taken to come before inclusions (guessed).
        if everything && within(&profile.outside) {
            return (Some("the address is excluded"), false);
        }
        let all = profile.inside.iter().any(|net| net.prefix_len() == 0);
        if everything
            && !profile.inside.is_empty()
            && to.address.is_some()
            && !within(&profile.inside)
            && !all
        {
            return (Some("the address is not included"), false);
        }
        let listed = everything && (!profile.outside.is_empty() || !(profile.inside.is_empty() || all));
        let by_address = listed || parts().filter(carries).any(|part| !part.addresses.is_empty());
        (None, to.address.is_none() && by_address)
    }
}

impl Part {
    fn read(record: &Record) -> Part {
        let port = |text: &str| -> Option<(u16, u16)> {
            let (from, to) = text.split_once('-').unwrap_or((text, text));
            Some((from.trim().parse().ok()?, to.trim().parse().ok()?))
        };
        let ports = id(record, "port").unwrap_or_default();
        Part {
            tcp: match text(record, "proto").map(str::to_ascii_uppercase).as_deref() {
                Some("TCP") => Some(true),
                Some("UDP") => Some(false),
                _ => None,
            },
            ports: ports.split(',').filter_map(port).collect(),
            addresses: lists(record, "ipaddr").iter().filter_map(|entry| net(entry)).collect(),
            names: lists(record, "fqdn"),
        }
    }

    fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.names.is_empty()
    }
}

/// Whether an entry is a name or one above it.
fn covers(entry: &str, name: &str) -> bool {
    let entry = entry.trim_start_matches("*.").trim_start_matches('.');
    let rest = name.len().checked_sub(entry.len()).filter(|_| !entry.is_empty());
    rest.is_some_and(|at| {
        name.is_char_boundary(at)
            && name[at..].eq_ignore_ascii_case(entry)
            && (at == 0 || name.as_bytes()[at - 1] == b'.')
    })
}
