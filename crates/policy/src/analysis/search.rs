//! Is there traffic that meets these rules and none of those?
//!
//! Traffic is a set of atoms that hold. It is enough to look for sets that hold one atom for each clause that must be met,
//! and one more for each exclusion by which a rule is to be kept away: whatever else holds can only meet more rules. So a
//! state is a list of slots, each with the atoms that it may still be filled with, and atoms that may not hold. A rule that
//! could still match is kept away in one of a few ways, each of which narrows slots or adds one; the search takes them in
//! turn, and gives up at a bound.

use super::universe::Universe;
use crate::matching::{Atom, Clause};

/// The most states that one search looks at.
const STATES: usize = 4_000;

/// The most atoms that are tried to fill the slots of one state.
const PICKS: usize = 20_000;

/// How many more times a rule may be held against a state, by all searches of one call together: some seconds.
#[derive(Debug)]
pub(super) struct Looks(usize);

impl Looks {
    /// What one call may take.
    pub const CALL: Looks = Looks(60_000_000);
}

/// What a search found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Found {
    /// Such traffic, by what holds of it.
    Traffic(Vec<Atom>),
    /// There is none.
    Nothing,
    /// The bound was reached.
    Undecided,
}

/// Looks for traffic that meets every rule of `must` and none of `avoid`.
pub(super) fn traffic(
    universe: &Universe,
    must: &[&[Clause]],
    avoid: &[&[Clause]],
    looks: &mut Looks,
) -> Found {
    let Some(state) = State::meeting(universe, must) else { return Found::Nothing };
    Search { universe, avoid, left: STATES, looks }.from(state)
}

#[derive(Debug, Clone)]
struct State {
    slots: Vec<Vec<Atom>>,
    /// Sorted.
    never: Vec<Atom>,
}

struct Search<'a> {
    universe: &'a Universe,
    avoid: &'a [&'a [Clause]],
    left: usize,
    looks: &'a mut Looks,
}

impl State {
    /// What meets all of these rules, if anything does.
    fn meeting(universe: &Universe, must: &[&[Clause]]) -> Option<State> {
        let clauses = || must.iter().copied().flatten();
        let mut never: Vec<Atom> =
            clauses().filter(|clause| clause.excludes).flat_map(|clause| clause.atoms.clone()).collect();
        never.sort_unstable();
        never.dedup();
        let mut state = State { slots: Vec::new(), never };
        for clause in clauses().filter(|clause| !clause.excludes) {
            state = state.with(universe, &clause.atoms)?;
        }
        Some(state)
    }

    /// One more of these holds.
    fn with(mut self, universe: &Universe, atoms: &[Atom]) -> Option<State> {
        let may = |atom: &Atom| !universe.meets(*atom, &self.never);
        let candidates: Vec<Atom> = atoms.iter().copied().filter(may).collect();
        let kind = |atom: Atom| universe.atoms.name(atom).0;
        let one_kind = |slot: &[Atom]| {
            let first = slot.first().filter(|first| universe.is_single(**first)).map(|first| kind(*first))?;
            slot.iter().all(|atom| kind(*atom) == first).then_some(first)
        };
        let own = one_kind(&candidates);
        let same = own.and_then(|own| self.slots.iter_mut().find(|slot| one_kind(slot) == Some(own)));
        match same {
            // Of such a kind there is one at most, so that both mean the same one.
            Some(slot) => {
                slot.retain(|atom| candidates.binary_search(atom).is_ok());
                if slot.is_empty() {
                    return None;
                }
            }
            None if candidates.is_empty() => return None,
            None => self.slots.push(candidates),
        }
        Some(self)
    }

    /// Nothing of these holds.
    fn without(&self, universe: &Universe, atoms: &[Atom]) -> Option<State> {
        let rest = |slot: &Vec<Atom>| -> Option<Vec<Atom>> {
            let rest: Vec<Atom> = slot.iter().copied().filter(|atom| !universe.meets(*atom, atoms)).collect();
            (!rest.is_empty()).then_some(rest)
        };
        let slots = self.slots.iter().map(rest).collect::<Option<Vec<_>>>()?;
        Some(State { slots, never: self.never.clone() })
    }

    fn may_meet(&self, universe: &Universe, atoms: &[Atom]) -> bool {
        self.slots.iter().flatten().any(|atom| universe.meets(*atom, atoms))
    }

    fn always_meets(&self, universe: &Universe, atoms: &[Atom]) -> bool {
        self.slots.iter().any(|slot| slot.iter().all(|atom| universe.meets(*atom, atoms)))
    }

    /// Whether a rule is met by nothing that this state may become without another slot.
    fn keeps_away(&self, universe: &Universe, rule: &[Clause]) -> bool {
        rule.iter().any(|clause| match clause.excludes {
            true => self.always_meets(universe, &clause.atoms),
            false => !self.may_meet(universe, &clause.atoms),
        })
    }

    /// The states in which a rule is kept away, the widest first. Together they are all that there are.
    fn keeping_away(&self, universe: &Universe, rule: &[Clause]) -> Vec<(State, bool)> {
        let mut states = Vec::new();
        for clause in rule {
            if !clause.excludes {
                states.extend(self.without(universe, &clause.atoms).map(|state| (state, false)));
                continue;
            }
            for (number, slot) in self.slots.iter().enumerate() {
                let inside: Vec<Atom> =
                    slot.iter().copied().filter(|atom| universe.meets(*atom, &clause.atoms)).collect();
                if !inside.is_empty() {
                    let mut state = self.clone();
                    state.slots[number] = inside;
                    states.push((state, false));
                }
            }
            let more = self.clone().with(universe, &clause.atoms);
            states.extend(more.map(|state| {
                let grown = state.slots.len() > self.slots.len();
                (state, grown)
            }));
        }
        let room = |state: &State| state.slots.iter().map(Vec::len).sum::<usize>();
        states.sort_by_key(|(state, grown)| (*grown, std::cmp::Reverse(room(state))));
        states
    }

    /// One set of atoms that this state stands for; none where each would have two of a kind of which there is one at most.
    /// Gives up at a bound.
    fn any(&self, universe: &Universe) -> Picked {
        let mut slots: Vec<&[Atom]> = self.slots.iter().map(Vec::as_slice).collect();
        slots.sort_by_key(|slot| slot.len());
        let mut left = PICKS;
        let mut taken: Vec<Atom> = Vec::with_capacity(slots.len());
        if !pick(universe, &slots, &mut taken, &mut left) {
            return if left == 0 { Picked::Undecided } else { Picked::Nothing };
        }
        taken.sort_unstable();
        taken.dedup();
        Picked::Atoms(taken)
    }
}

/// What came of picking one atom for each slot.
enum Picked {
    Atoms(Vec<Atom>),
    Nothing,
    Undecided,
}

/// Fills the slots one by one, the narrowest first, going back where one cannot be.
fn pick(universe: &Universe, slots: &[&[Atom]], taken: &mut Vec<Atom>, left: &mut usize) -> bool {
    let Some((slot, rest)) = slots.split_first() else { return true };
    let kind = |atom: Atom| universe.atoms.name(atom).0;
    for atom in slot.iter().copied() {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        let single = universe.is_single(atom);
        if single && taken.iter().any(|other| *other != atom && kind(*other) == kind(atom)) {
            continue;
        }
        taken.push(atom);
        if pick(universe, rest, taken, left) {
            return true;
        }
        taken.pop();
    }
    false
}

impl Search<'_> {
    fn from(&mut self, state: State) -> Found {
        // With each state, the first rule that may not be kept away yet. Depth is bounded by the states that are left.
        let mut stack = vec![(state, 0)];
        while let Some((state, next)) = stack.pop() {
            let rest = &self.avoid[next..];
            if self.left == 0 || self.looks.0 < rest.len() {
                return Found::Undecided;
            }
            self.left -= 1;
            let open = rest.iter().position(|rule| !state.keeps_away(self.universe, rule));
            self.looks.0 -= open.map_or(rest.len(), |open| open + 1);
            let Some(open) = open else {
                match state.any(self.universe) {
                    Picked::Atoms(atoms) => return Found::Traffic(atoms),
                    Picked::Undecided => return Found::Undecided,
                    // Nothing is such a state.
                    Picked::Nothing => continue,
                }
            };
            // Another slot may bring back a rule that was kept away.
            let ways = state.keeping_away(self.universe, rest[open]);
            let from = |grown: bool| if grown { 0 } else { next + open };
            stack.extend(ways.into_iter().rev().map(|(state, grown)| (state, from(grown))));
        }
        Found::Nothing
    }
}
