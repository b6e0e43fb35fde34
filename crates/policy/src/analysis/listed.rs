//! The rules of one list that decide what they meet, and who takes the traffic of another among them.

use super::ground::Ground;
use super::near::Near;
use super::search::{Found, Looks};
use crate::lists::Plain;
use crate::matching::{Clause, RuleRef};

/// The most rules that are taken away one by one to find those that shadow another together.
const TRIED: usize = 64;
/// The most rules behind one that are looked at for what would decide in its place.
const BEHIND: usize = 200;

/// Rules that are on and decide, in the order in which they are tried.
pub(super) struct Listed<'u, 'r, 'p> {
    ground: Ground<'u>,
    pub rules: Vec<&'r Plain<'p>>,
    /// All ways to meet one of them, with the places of their rules.
    ways: Vec<&'r [Clause]>,
    whose: Vec<usize>,
    near: Near,
}

/// Whether a rule is reached.
pub(super) enum Reached {
    Yes,
    /// The rules at these places take its traffic.
    By(Vec<usize>),
    Undecided,
}

impl<'u, 'r, 'p> Listed<'u, 'r, 'p> {
    pub fn new(ground: Ground<'u>, rules: Vec<&'r Plain<'p>>) -> Listed<'u, 'r, 'p> {
        let ways: Vec<&[Clause]> = rules.iter().flat_map(|rule| &rule.ways).map(Vec::as_slice).collect();
        let whose = rules.iter().enumerate().flat_map(|(place, rule)| rule.ways.iter().map(move |_| place));
        Listed { near: Near::new(ground.universe, &ways), whose: whose.collect(), ground, rules, ways }
    }

    /// The rules at these places.
    pub fn told(&self, places: &[usize]) -> Vec<&'p RuleRef> {
        places.iter().map(|place| self.rules[*place].rule).collect()
    }

    fn ways(&self, numbers: &[usize]) -> Vec<&'r [Clause]> {
        numbers.iter().map(|number| self.ways[*number]).collect()
    }

    /// Whether any traffic of a rule is left by those that stand before a place. What is told to take it are few rules, but not
    /// always the fewest.
    pub fn reached(&self, own: &[Vec<Clause>], place: usize, looks: &mut Looks) -> Reached {
        let mut near = self.near.to(self.ground.universe, own);
        near.retain(|number| self.whose[*number] < place);
        let mut opened = Vec::new();
        match self.ground.opening(&[own], &self.ways(&near), looks, &mut opened) {
            Found::Traffic(_) => return Reached::Yes,
            Found::Undecided => return Reached::Undecided,
            Found::Nothing => {}
        }
        let places = |numbers: &mut dyn Iterator<Item = usize>| {
            let mut places: Vec<usize> = numbers.map(|number| self.whose[number]).collect();
            places.dedup();
            places
        };
        let covers = |place: &usize| self.ground.universe.covers(&self.rules[*place].ways, own);
        if let Some(alone) = places(&mut near.iter().copied()).into_iter().find(covers) {
            return Reached::By(vec![alone]);
        }
        let mut needed = places(&mut opened.into_iter().map(|place| near[place]));
        for candidate in needed.clone().into_iter().rev().take(TRIED) {
            let without: Vec<usize> = needed.iter().copied().filter(|other| *other != candidate).collect();
            let ways = without.iter().flat_map(|place| &self.rules[*place].ways).map(Vec::as_slice);
            if self.ground.traffic(&[own], &ways.collect::<Vec<_>>(), looks) == Found::Nothing {
                needed = without;
            }
        }
        Reached::By(needed)
    }

    /// The rules that would decide in a rule's place, where each would do what it does; none where one would not, or that
    /// is not found out.
    pub fn would_do_the_same(&self, place: usize, looks: &mut Looks) -> Option<Vec<&'p RuleRef>> {
        let own = self.rules[place];
        // A rule that matches everything is the list's default, which is not the tenant's to take away.
        if own.ways.iter().any(Vec::is_empty) {
            return None;
        }
        let near = self.near.to(self.ground.universe, &own.ways);
        let (before, behind): (Vec<usize>, Vec<usize>) = near
            .into_iter()
            .filter(|number| self.whose[*number] != place)
            .partition(|number| self.whose[*number] < place);
        let mut behind: Vec<usize> = behind.into_iter().map(|number| self.whose[number]).collect();
        behind.dedup();
        let mut same = Vec::new();
        // Rules before, and those behind that were looked at.
        let mut avoid = self.ways(&before);
        for behind in behind.into_iter().take(BEHIND).map(|place| self.rules[place]) {
            match self.ground.traffic(&[&own.ways, &behind.ways], &avoid, looks) {
                Found::Undecided => return None,
                Found::Traffic(_) if behind.effect != own.effect => return None,
                Found::Traffic(_) => same.push(behind.rule),
                Found::Nothing => continue,
            }
            avoid.extend(behind.ways.iter().map(Vec::as_slice));
            match self.ground.traffic(&[&own.ways], &avoid, looks) {
                Found::Nothing => return Some(same),
                Found::Undecided => return None,
                Found::Traffic(_) => {}
            }
        }
        None
    }
}
