//! Addresses, blocks, spans and names that rules and groups hold, and which of them cover a destination or source.

use std::net::IpAddr;

use foldhash::{HashMap, HashSet};
use ipnet::{IpNet, IpSubnets, Ipv4Subnets, Ipv6Subnets};

use crate::matching::Atom;

/// What covers an address or a name.
#[derive(Debug, Default)]
pub(crate) struct Cover {
    nets: HashMap<IpNet, Vec<Atom>>,
    /// Prefix lengths in use: IPv4, then IPv6.
    lengths: [HashSet<u8>; 2],
    exact: HashMap<Box<str>, Vec<Atom>>,
    beneath: HashMap<Box<str>, Vec<Atom>>,
}

impl Cover {
    /// Adds a text: an address, a block, a span `a-b`, a name, or a name with all beneath it (`*.d` and `.d` alike, which
    /// cover `d` itself: documented for the firewall).
    pub fn add(&mut self, text: &str, atom: Atom) {
        let text = text.trim().to_ascii_lowercase();
        if let Some(nets) = nets(&text) {
            for net in nets {
                self.lengths[usize::from(net.addr().is_ipv6())].insert(net.prefix_len());
                self.nets.entry(net).or_default().push(atom);
            }
        } else if let Some(domain) = text.strip_prefix("*.").or_else(|| text.strip_prefix('.')) {
            self.beneath.entry(domain.into()).or_default().push(atom);
        } else if !text.is_empty() {
            self.exact.entry(text.into()).or_default().push(atom);
        }
    }

    /// Adds what covers an address.
    pub fn address(&self, address: IpAddr, found: &mut Vec<Atom>) {
        let address = address.to_canonical();
        for length in &self.lengths[usize::from(address.is_ipv6())] {
            let net = IpNet::new(address, *length).map(|net| net.trunc());
            found.extend(net.ok().and_then(|net| self.nets.get(&net)).into_iter().flatten());
        }
    }

    /// Adds what covers a name.
    pub fn name(&self, name: &str, found: &mut Vec<Atom>) {
        found.extend(self.exact.get(name).into_iter().flatten());
        let mut domain = Some(name);
        while let Some(one) = domain {
            found.extend(self.beneath.get(one).into_iter().flatten());
            domain = one.split_once('.').map(|(_, parent)| parent);
        }
    }

    /// Whether it holds any address.
    pub fn has_addresses(&self) -> bool {
        !self.nets.is_empty()
    }
}

/// The blocks that a text stands for, if it stands for any.
pub(crate) fn nets(text: &str) -> Option<Vec<IpNet>> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(vec![IpNet::from(address.to_canonical())]);
    }
    if let Ok(net) = text.parse::<IpNet>() {
        return Some(vec![net.trunc()]);
    }
    let (from, to) = text.split_once('-')?;
    let subnets = match (from.trim().parse().ok()?, to.trim().parse().ok()?) {
        (IpAddr::V4(from), IpAddr::V4(to)) => IpSubnets::V4(Ipv4Subnets::new(from, to, 0)),
        (IpAddr::V6(from), IpAddr::V6(to)) => IpSubnets::V6(Ipv6Subnets::new(from, to, 0)),
        _ => return None,
    };
    Some(subnets.collect())
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::matching::{Atoms, Of};

    proptest! {
        #[test]
        fn a_span_covers_exactly_its_addresses(from: u32, length in 0_u32..5000, probe: u32) {
            let to = from.saturating_add(length);
            let text = format!("{}-{}", std::net::Ipv4Addr::from(from), std::net::Ipv4Addr::from(to));
            let mut cover = Cover::default();
            cover.add(&text, Atoms::default().intern(Of::SourceAddress, &text));
            for probe in [probe, from, to, from.wrapping_sub(1), to.wrapping_add(1)] {
                let mut found = Vec::new();
                cover.address(std::net::Ipv4Addr::from(probe).into(), &mut found);
                prop_assert_eq!(!found.is_empty(), (from..=to).contains(&probe));
            }
        }
    }

    #[test]
    fn a_name_with_a_star_covers_itself_and_all_beneath() {
        let (mut cover, mut atoms) = (Cover::default(), Atoms::default());
        cover.add("*.Example.com", atoms.intern(Of::DestinationAddress, "*.Example.com"));
        cover.add("plain.example.net", atoms.intern(Of::DestinationAddress, "plain.example.net"));
        for (name, covered) in [
            ("example.com", true),
            ("a.b.example.com", true),
            ("notexample.com", false),
            ("plain.example.net", true),
            ("a.plain.example.net", false),
        ] {
            let mut found = Vec::new();
            cover.name(name, &mut found);
            assert_eq!(!found.is_empty(), covered, "{name}");
        }
    }
}
