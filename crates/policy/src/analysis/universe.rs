//! The atoms of one or two configurations, and which of them hold whenever another does.

use std::cmp::Reverse;
use std::net::IpAddr;

use foldhash::HashMap;
use ipnet::IpNet;
use serde::Serialize;

use crate::matching::{Atom, Atoms, Clause, Of};

/// One thing that holds of a witness.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Holding {
    /// What kind of thing.
    pub of: Of,
    /// Its id or word, as rules name it.
    pub name: String,
}

/// All atoms that the rules at hand name.
pub(super) struct Universe {
    pub atoms: Atoms,
    /// For each atom, what holds with it, itself among it, sorted.
    implied: Vec<Box<[Atom]>>,
}

impl Universe {
    pub fn new(atoms: Atoms) -> Universe {
        let mut implied: Vec<Vec<Atom>> = atoms.every().map(|atom| vec![atom]).collect();
        for of in [Of::SourceAddress, Of::DestinationAddress, Of::FileSize, Of::Validity] {
            nested(&atoms, of, &mut implied);
        }
        domains(&atoms, &mut implied);
        for all in &mut implied {
            all.sort_unstable();
        }
        Universe { implied: implied.into_iter().map(Into::into).collect(), atoms }
    }

    /// What holds with an atom, itself among it.
    pub fn implied(&self, atom: Atom) -> &[Atom] {
        &self.implied[atom.index()]
    }

    /// Whether a request that has an atom meets one of these, which are sorted.
    pub fn meets(&self, atom: Atom, any: &[Atom]) -> bool {
        self.implied(atom).iter().any(|held| any.binary_search(held).is_ok())
    }

    /// Whether whatever meets one rule plainly meets the other, clause by clause. False does not mean that it does not.
    pub fn implies(&self, rule: &[Clause], other: &[Clause]) -> bool {
        other.iter().all(|wanted| {
            rule.iter().any(|given| match (given.excludes, wanted.excludes) {
                (false, false) => given.atoms.iter().all(|atom| self.meets(*atom, &wanted.atoms)),
                (true, true) => wanted.atoms.iter().all(|atom| given.atoms.binary_search(atom).is_ok()),
                _ => false,
            })
        })
    }

    /// Whether nothing has two different atoms of this one's kind.
    pub fn is_single(&self, atom: Atom) -> bool {
        is_single(self.atoms.name(atom).0)
    }

    /// Whether whatever meets one rule, in any of its ways, plainly meets the other.
    pub fn covers(&self, other: &[Vec<Clause>], rule: &[Vec<Clause>]) -> bool {
        rule.iter().all(|way| other.iter().any(|wider| self.implies(way, wider)))
    }

    /// Tells what holds.
    pub fn tell(&self, atoms: &[Atom]) -> Vec<Holding> {
        let told = |atom: &Atom| {
            let (of, name) = self.atoms.name(*atom);
            Holding { of, name: name.to_owned() }
        };
        let mut holding: Vec<Holding> = atoms.iter().map(told).collect();
        holding.sort();
        holding.dedup();
        holding
    }
}

/// Kinds of which a request has one at most.
fn is_single(of: Of) -> bool {
    matches!(
        of,
        Of::User
            | Of::Department
            | Of::Device
            | Of::Trust
            | Of::Risk
            | Of::Platform
            | Of::SourceCountry
            | Of::Protocol
            | Of::Method
            | Of::UserAgent
            | Of::DestinationCountry
            | Of::FileType
            | Of::Direction
            | Of::ThreatScore
            | Of::DnsType
            | Of::PrivateDestination
            | Of::ClientType
            | Of::IdentityProvider
            | Of::MachineGroup
            | Of::ConnectorGroup
            | Of::Portal
            | Of::PrivateLocation
    )
}

/// Spans of numbers or addresses: whatever lies in one lies in each that encloses it.
fn nested(atoms: &Atoms, of: Of, implied: &mut [Vec<Atom>]) {
    let mut spans: Vec<(Span, Atom)> =
        atoms.all(of).filter_map(|(atom, name)| Some((span(of, name)?, atom))).collect();
    spans.sort_by_key(|((family, from, to), atom)| (*family, *from, Reverse(*to), *atom));
    let mut open: Vec<(Span, Atom)> = Vec::new();
    for (inner @ (family, from, to), atom) in spans {
        open.retain(|((other, _, end), _)| *other == family && *end >= from);
        let around = open.iter().filter(|((.., end), _)| *end >= to).map(|(_, outer)| *outer);
        implied[atom.index()].extend(around);
        open.push((inner, atom));
    }
}

/// Family of addresses, first and last.
type Span = (u8, u128, u128);

fn span(of: Of, name: &str) -> Option<Span> {
    let ends = || name.split_once('-').map(|(from, to)| (from.trim(), to.trim()));
    if matches!(of, Of::FileSize | Of::Validity) {
        let (from, to) = ends()?;
        return Some((0, from.parse().ok()?, to.parse().ok()?));
    }
    let number = |address: IpAddr| match address {
        IpAddr::V4(address) => (4, u128::from(u32::from(address))),
        IpAddr::V6(address) => (6, u128::from(address)),
    };
    let (from, to) = match (name.parse::<IpAddr>(), name.parse::<IpNet>()) {
        (Ok(address), _) => (address, address),
        (_, Ok(net)) => (net.network(), net.broadcast()),
        _ => {
            let (from, to) = ends()?;
            (from.parse().ok()?, to.parse().ok()?)
        }
    };
    let ((family, from), (other, to)) = (number(from), number(to));
    (family == other).then_some((family, from, to))
}

/// Names below a domain that is named with its dot.
fn domains(atoms: &Atoms, implied: &mut [Vec<Atom>]) {
    let named: HashMap<&str, Atom> =
        atoms.all(Of::DestinationAddress).map(|(atom, name)| (name, atom)).collect();
    for (name, atom) in &named {
        let above = name.match_indices('.').map(|(at, _)| &name[at..]).filter(|above| above != name);
        implied[atom.index()].extend(above.filter_map(|above| named.get(above)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_lies_within_implies_what_lies_around() {
        let mut atoms = Atoms::default();
        let mut make = |name: &str| atoms.intern(Of::DestinationAddress, name);
        let (wide, narrow, host, other) =
            (make("10.0.0.0/8"), make("10.1.0.0-10.1.0.99"), make("10.1.0.7"), make("10.2.0.0/16"));
        let (domain, below) = (make(".example.com"), make("www.example.com"));
        let universe = Universe::new(atoms);
        let all = |atom| universe.implied(atom).to_vec();
        assert_eq!(all(host), [wide, narrow, host]);
        assert_eq!(all(other), [wide, other]);
        assert_eq!(all(wide), [wide]);
        assert_eq!(all(below), [domain, below]);
    }
}
