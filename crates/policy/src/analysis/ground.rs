//! What is searched: things that rules name, what always holds of them, and what never does.

use super::search::{Found, Looks, traffic};
use super::universe::Universe;
use crate::matching::{Atom, Clause};

/// A universe with what holds of all its traffic.
#[derive(Clone, Copy)]
pub(super) struct Ground<'u> {
    pub universe: &'u Universe,
    /// Clauses that all traffic meets: that it has one of each kind of which everything has one.
    pub always: &'u [Clause],
    /// Combinations that no traffic has.
    pub never: &'u [Vec<Clause>],
}

impl<'u> Ground<'u> {
    /// One of which nothing is known beside its things.
    pub fn bare(universe: &'u Universe) -> Ground<'u> {
        Ground { universe, always: &[], never: &[] }
    }

    /// Looks for traffic that meets every rule of `must`, each in one of its ways, and none of `avoid`.
    pub fn traffic(&self, must: &[&[Vec<Clause>]], avoid: &[&[Clause]], looks: &mut Looks) -> Found {
        self.opening(must, avoid, looks, &mut Vec::new())
    }

    /// The same, and says by their places which rules of `avoid` suffice where there is nothing.
    pub fn opening(
        &self,
        must: &[&[Vec<Clause>]],
        avoid: &[&[Clause]],
        looks: &mut Looks,
        opened: &mut Vec<usize>,
    ) -> Found {
        let all: Vec<&[Clause]>;
        let avoid = match self.never {
            [] => avoid,
            never => {
                all = never.iter().map(Vec::as_slice).chain(avoid.iter().copied()).collect();
                &all
            }
        };
        let found = self.some(must, &mut Vec::new(), avoid, looks, opened);
        opened.sort_unstable();
        opened.dedup();
        *opened = opened.iter().filter_map(|place| place.checked_sub(self.never.len())).collect();
        found
    }

    fn some<'c>(
        &self,
        must: &[&'c [Vec<Clause>]],
        met: &mut Vec<&'c [Clause]>,
        avoid: &[&[Clause]],
        looks: &mut Looks,
        opened: &mut Vec<usize>,
    ) -> Found
    where
        'u: 'c,
    {
        let Some((ways, rest)) = must.split_first() else {
            let rules = met.len();
            let told =
                self.always.iter().filter(|clause| !met.iter().any(|way| Ground::has_one(way, clause)));
            let told: Vec<&[Clause]> = told.map(std::slice::from_ref).collect();
            met.extend(told);
            let found = traffic(self.universe, met, avoid, looks, opened);
            met.truncate(rules);
            return found;
        };
        let mut found = Found::Nothing;
        for way in *ways {
            met.push(way);
            let one = self.some(rest, met, avoid, looks, opened);
            met.pop();
            match one {
                Found::Traffic(_) => return one,
                Found::Undecided => found = one,
                Found::Nothing => {}
            }
        }
        found
    }

    /// Whether a way asks for some of the things of a clause, which then says nothing more: there may be thousands of them.
    fn has_one(way: &[Clause], clause: &Clause) -> bool {
        let within = |atom: &Atom| clause.atoms.binary_search(atom).is_ok();
        way.iter().any(|asked| !asked.excludes && asked.atoms.iter().all(within))
    }
}
