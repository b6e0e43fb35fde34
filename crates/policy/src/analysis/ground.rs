//! What is searched: things that rules name, what always holds of them, and what never does.

use super::search::{Found, Looks, traffic};
use super::universe::Universe;
use crate::matching::Clause;

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
        let all: Vec<&[Clause]>;
        let avoid = match self.never {
            [] => avoid,
            never => {
                all = never.iter().map(Vec::as_slice).chain(avoid.iter().copied()).collect();
                &all
            }
        };
        let mut met: Vec<&[Clause]> = vec![self.always];
        self.some(must, &mut met, avoid, looks)
    }

    fn some<'c>(
        &self,
        must: &[&'c [Vec<Clause>]],
        met: &mut Vec<&'c [Clause]>,
        avoid: &[&[Clause]],
        looks: &mut Looks,
    ) -> Found
    where
        'u: 'c,
    {
        let Some((ways, rest)) = must.split_first() else {
            return traffic(self.universe, met, avoid, looks);
        };
        let mut found = Found::Nothing;
        for way in *ways {
            met.push(way);
            let one = self.some(rest, met, avoid, looks);
            met.pop();
            match one {
                Found::Traffic(_) => return one,
                Found::Undecided => found = one,
                Found::Nothing => {}
            }
        }
        found
    }
}
