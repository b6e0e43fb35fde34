//! The atoms of one or two configurations, and which of them hold whenever another does.

use std::cmp::Reverse;
use std::net::IpAddr;

use foldhash::HashMap;
use serde::Serialize;

use crate::internet::nets;
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
    /// What addresses, sizes and times span.
    spans: HashMap<Atom, Span>,
}

impl Universe {
    pub fn new(atoms: Atoms) -> Universe {
        let mut implied: Vec<Vec<Atom>> = atoms.every().map(|atom| vec![atom]).collect();
        let mut spans = HashMap::default();
        for of in SPANNING {
            let own: Vec<(Span, Atom)> =
                atoms.all(of).filter_map(|(atom, name)| Some((span(of, name)?, atom))).collect();
            spans.extend(own.iter().map(|(span, atom)| (*atom, *span)));
            nested(own, &mut implied);
        }
        let names = atoms.all(Of::DestinationAddress).filter(|(atom, _)| !spans.contains_key(atom));
        domains(names.collect(), &mut implied);
        for all in &mut implied {
            all.sort_unstable();
            all.dedup();
        }
        Universe { implied: implied.into_iter().map(Into::into).collect(), spans, atoms }
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

    /// Whether a thing is an address or the like, which lies within others or apart from them.
    pub fn is_within_spans(&self, atom: Atom) -> bool {
        SPANNING.contains(&self.atoms.name(atom).0)
    }

    /// Whether nothing has both: two of a kind of which there is one at most, addresses in blocks that have none in common,
    /// or names of which neither is beneath the other.
    pub fn are_apart(&self, one: Atom, other: Atom) -> bool {
        let (of, kind) = (self.atoms.name(one).0, self.atoms.name(other).0);
        if one == other || of != kind {
            return false;
        }
        match (self.spans.get(&one), self.spans.get(&other)) {
            (Some((family, from, to)), Some((kin, start, end))) => family != kin || to < start || end < from,
            (None, None) if of == Of::DestinationAddress => {
                let within = |one, other| self.implied(one).binary_search(&other).is_ok();
                !within(one, other) && !within(other, one)
            }
            _ => is_single(of),
        }
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

/// Kinds of which each thing has one that lies within what rules name.
const SPANNING: [Of; 4] = [Of::SourceAddress, Of::DestinationAddress, Of::FileSize, Of::Validity];

/// Spans of numbers or addresses: whatever lies in one lies in each that encloses it.
fn nested(mut spans: Vec<(Span, Atom)>, implied: &mut [Vec<Atom>]) {
    spans.sort_by_key(|((family, from, to), atom)| (*family, *from, Reverse(*to), *atom));
    let mut open: Vec<(Span, Atom)> = Vec::new();
    for (inner @ (family, from, to), atom) in spans {
        open.retain(|((other, _, end), _)| *other == family && *end >= from);
        let around = open.iter().filter(|((.., end), _)| *end >= to).map(|(_, outer)| *outer);
        implied[atom.index()].extend(around);
        // One that is written otherwise lies in this one as well.
        for (_, twin) in open.iter().filter(|(outer, _)| *outer == inner) {
            implied[twin.index()].push(atom);
        }
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
    // As requests are held against it.
    let nets = nets(&name.trim().to_ascii_lowercase())?;
    let number = |address: IpAddr| match address {
        IpAddr::V4(address) => (4, u128::from(u32::from(address))),
        IpAddr::V6(address) => (6, u128::from(address)),
    };
    let ((family, from), (_, to)) = (number(nets.first()?.network()), number(nets.last()?.broadcast()));
    Some((family, from, to))
}

/// Names and what is above them: `.d` and `*.d` alike stand for `d` and all beneath it.
fn domains(names: Vec<(Atom, &str)>, implied: &mut [Vec<Atom>]) {
    let (mut alike, mut above): (HashMap<String, Vec<Atom>>, HashMap<String, Vec<Atom>>) = Default::default();
    let read = |name: &str| {
        let name = name.trim().to_ascii_lowercase();
        let domain = name.strip_prefix("*.").or_else(|| name.strip_prefix('.')).map(str::to_owned);
        (domain.is_some(), domain.unwrap_or(name))
    };
    for (atom, name) in &names {
        let (is_domain, name) = read(name);
        let known = if is_domain { &mut above } else { &mut alike };
        known.entry(name).or_default().push(*atom);
    }
    for (atom, name) in names {
        let (is_domain, name) = read(name);
        if !is_domain {
            implied[atom.index()].extend(alike.get(&name).into_iter().flatten());
        }
        let mut domain = Some(&*name);
        while let Some(one) = domain {
            implied[atom.index()].extend(above.get(one).into_iter().flatten());
            domain = one.split_once('.').map(|(_, parent)| parent);
        }
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
        let (star, apex, elsewhere) = (make("*.example.com"), make("Example.com"), make("example.org"));
        let universe = Universe::new(atoms);
        let all = |atom| universe.implied(atom).to_vec();
        assert_eq!(all(host), [wide, narrow, host]);
        assert_eq!(all(other), [wide, other]);
        assert_eq!(all(wide), [wide]);
        assert_eq!(all(below), [domain, below, star]);
        assert_eq!(all(apex), [domain, star, apex]);
        assert_eq!(all(domain), [domain, star]);
        let apart = |one, others: [Atom; 2]| others.map(|other| universe.are_apart(one, other));
        assert_eq!(apart(host, [narrow, wide]), [false, false]);
        assert_eq!(apart(other, [narrow, host]), [true, true]);
        assert_eq!(apart(below, [domain, star]), [false, false]);
        assert_eq!(apart(below, [apex, elsewhere]), [true, true]);
        // A name has an address.
        assert_eq!(apart(wide, [domain, below]), [false, false]);
    }
}
