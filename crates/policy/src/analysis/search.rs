//! Is there traffic that meets these rules and none of those?
//!
//! Traffic is a set of atoms that hold. It is enough to look for sets that hold one atom for each clause that must be met,
//! and one more for each exclusion by which a rule is to be kept away: whatever else holds can only meet more rules. So a
//! state is a list of slots, each with the atoms that it may still be filled with, and atoms that may not hold. A rule that
//! could still match is kept away in one of a few ways, each of which narrows slots or adds one; the search takes them in
//! turn, and gives up at a bound.

use std::rc::Rc;

use super::universe::Universe;
use crate::matching::{Atom, Bits, Clause, Of};

/// The most states that one search looks at.
const STATES: usize = 4_000;

/// The most atoms in the slots of states that wait to be looked at: some 64 MB.
const WAITING: usize = 16_000_000;

/// The most atoms of a slot that are looked through for whether they go together with those of another.
const FITTED: usize = 200;

/// The most atoms that are tried to fill the slots of one state.
const PICKS: usize = 20_000;

/// How many more things may be looked at by all searches of one call together, things that rules name and things that may
/// fill a slot: some seconds. So what a rule costs grows with how much it names.
#[derive(Debug)]
pub(super) struct Looks(usize);

impl Looks {
    /// What one call may take.
    pub const CALL: Looks = Looks(800_000_000);

    /// So many.
    #[cfg(test)]
    pub const fn of(things: usize) -> Looks {
        Looks(things)
    }

    fn take(&mut self, things: usize) {
        self.0 = self.0.saturating_sub(things);
    }

    /// Whether there are no more.
    pub fn are_spent(&self) -> bool {
        self.0 == 0
    }
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

/// Looks for traffic that meets every rule of `must` and none of `avoid`. The places of those that the search had to keep away
/// are added to `opened`: where there is no such traffic, there is none that avoids these alone.
pub(super) fn traffic(
    universe: &Universe,
    must: &[&[Clause]],
    avoid: &[&[Clause]],
    looks: &mut Looks,
    opened: &mut Vec<usize>,
) -> Found {
    let named = |clause: &Clause| 1 + clause.atoms.len();
    looks.take(must.iter().copied().flatten().map(named).sum());
    let Some(state) = State::meeting(universe, must, looks) else { return Found::Nothing };
    let may_hold = Bits::none(universe.atoms.count());
    Search { universe, avoid, left: STATES, looks, may_hold, opened }.from(state)
}

#[derive(Debug, Clone)]
struct State {
    /// Those that states have in common are there once.
    slots: Vec<Rc<[Atom]>>,
    /// Sorted.
    never: Rc<[Atom]>,
}

struct Search<'a> {
    universe: &'a Universe,
    avoid: &'a [&'a [Clause]],
    left: usize,
    looks: &'a mut Looks,
    opened: &'a mut Vec<usize>,
    /// What holds with the atoms that the state at hand may be filled with.
    may_hold: Bits,
}

impl State {
    /// What meets all of these rules, if anything does.
    fn meeting(universe: &Universe, must: &[&[Clause]], looks: &mut Looks) -> Option<State> {
        let clauses = || must.iter().copied().flatten();
        let mut never: Vec<Atom> =
            clauses().filter(|clause| clause.excludes).flat_map(|clause| clause.atoms.clone()).collect();
        never.sort_unstable();
        never.dedup();
        let mut state = State { slots: Vec::new(), never: never.into() };
        for clause in clauses().filter(|clause| !clause.excludes) {
            state = state.with(universe, &clause.atoms, looks)?;
        }
        Some(state)
    }

    /// One more of these holds.
    fn with(mut self, universe: &Universe, atoms: &[Atom], looks: &mut Looks) -> Option<State> {
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
                let both = slot.iter().copied().filter(|atom| candidates.binary_search(atom).is_ok());
                *slot = both.collect();
                if slot.is_empty() {
                    return None;
                }
            }
            None if candidates.is_empty() => return None,
            None => self.slots.push(candidates.into()),
        }
        self.fitting(universe, looks)
    }

    /// The same without addresses and the like that nothing in another slot goes together with. Of kinds of which there is one at
    /// most, slots are one already.
    fn fitting(mut self, universe: &Universe, looks: &mut Looks) -> Option<State> {
        let kind = |slot: &[Atom]| {
            let of = |atom: &Atom| universe.atoms.name(*atom).0;
            let first = slot.first().filter(|first| universe.is_within_spans(**first)).map(of)?;
            (slot.len() <= FITTED && slot.iter().all(|atom| of(atom) == first)).then_some(first)
        };
        let kinds: Vec<Option<Of>> = self.slots.iter().map(|slot| kind(slot)).collect();
        for one in 0..self.slots.len() {
            for other in (0..self.slots.len()).filter(|other| *other != one && kinds[*other].is_some()) {
                if kinds[one] != kinds[other] {
                    continue;
                }
                looks.take(self.slots[one].len() * self.slots[other].len());
                let fits =
                    |atom: &Atom| self.slots[other].iter().any(|held| !universe.are_apart(*atom, *held));
                if self.slots[one].iter().all(fits) {
                    continue;
                }
                let fitting: Rc<[Atom]> = self.slots[one].iter().copied().filter(fits).collect();
                if fitting.is_empty() {
                    return None;
                }
                self.slots[one] = fitting;
            }
        }
        Some(self)
    }

    /// Nothing of these holds.
    fn without(&self, universe: &Universe, atoms: &[Atom], looks: &mut Looks) -> Option<State> {
        let rest = |slot: &Rc<[Atom]>| -> Option<Rc<[Atom]>> {
            let rest: Vec<Atom> = slot.iter().copied().filter(|atom| !universe.meets(*atom, atoms)).collect();
            match rest.len() {
                0 => None,
                all if all == slot.len() => Some(Rc::clone(slot)),
                _ => Some(rest.into()),
            }
        };
        let slots = self.slots.iter().map(rest).collect::<Option<Vec<_>>>()?;
        let is_narrower = slots.iter().zip(&self.slots).any(|(slot, before)| slot.len() < before.len());
        let state = State { slots, never: Rc::clone(&self.never) };
        if is_narrower { state.fitting(universe, looks) } else { Some(state) }
    }

    /// How many atoms may fill its slots.
    fn room(&self) -> usize {
        self.slots.iter().map(|slot| slot.len()).sum()
    }

    /// The states in which a rule is kept away, the widest first. Together they are all that there are.
    fn keeping_away(&self, universe: &Universe, rule: &[Clause], looks: &mut Looks) -> Vec<(State, bool)> {
        let mut states = Vec::new();
        for clause in rule {
            if !clause.excludes {
                states.extend(self.without(universe, &clause.atoms, looks).map(|state| (state, false)));
                continue;
            }
            for (number, slot) in self.slots.iter().enumerate() {
                let inside: Rc<[Atom]> =
                    slot.iter().copied().filter(|atom| universe.meets(*atom, &clause.atoms)).collect();
                if !inside.is_empty() {
                    let mut state = self.clone();
                    state.slots[number] = inside;
                    states.push((state, false));
                }
            }
            let more = self.clone().with(universe, &clause.atoms, looks);
            states.extend(more.map(|state| {
                let grown = state.slots.len() > self.slots.len();
                (state, grown)
            }));
        }
        states.sort_by_key(|(state, grown)| (*grown, std::cmp::Reverse(state.room())));
        states
    }

    /// One set of atoms that this state stands for; none where each would have two of a kind of which there is one at most.
    /// Gives up at a bound.
    fn any(&self, universe: &Universe) -> Picked {
        let mut slots: Vec<&[Atom]> = self.slots.iter().map(|slot| &**slot).collect();
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
    for atom in slot.iter().copied() {
        if *left == 0 {
            return false;
        }
        *left -= 1;
        if taken.iter().any(|other| universe.are_apart(*other, atom)) {
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
        let mut waiting = state.room();
        let mut stack = vec![(state, 0)];
        while let Some((state, next)) = stack.pop() {
            if self.left == 0 || waiting > WAITING {
                return Found::Undecided;
            }
            self.left -= 1;
            let room = state.room();
            waiting -= room;
            self.fill(&state);
            let rest = &self.avoid[next..];
            let open = rest.iter().position(|rule| self.looks.are_spent() || !self.keeps_away(&state, rule));
            if self.looks.are_spent() {
                return Found::Undecided;
            }
            let Some(open) = open else {
                match state.any(self.universe) {
                    Picked::Atoms(atoms) => return Found::Traffic(atoms),
                    Picked::Undecided => return Found::Undecided,
                    // Nothing is such a state.
                    Picked::Nothing => continue,
                }
            };
            self.opened.push(next + open);
            // Another slot may bring back a rule that was kept away.
            let ways = state.keeping_away(self.universe, rest[open], self.looks);
            self.looks.take(room * rest[open].len());
            waiting += ways.iter().map(|(state, _)| state.room()).sum::<usize>();
            let from = |grown: bool| if grown { 0 } else { next + open };
            stack.extend(ways.into_iter().rev().map(|(state, grown)| (state, from(grown))));
        }
        Found::Nothing
    }

    /// Notes what may hold in a state.
    fn fill(&mut self, state: &State) {
        self.may_hold.clear();
        for atom in state.slots.iter().flat_map(|slot| slot.iter()) {
            let held = self.universe.implied(*atom);
            self.looks.take(held.len());
            held.iter().for_each(|held| self.may_hold.add(held.place()));
        }
    }

    /// Whether a rule is met by nothing that a state may become without another slot.
    fn keeps_away(&mut self, state: &State, rule: &[Clause]) -> bool {
        rule.iter().any(|clause| match clause.excludes {
            true => state.slots.iter().any(|slot| self.all_meet(slot, &clause.atoms)),
            false => {
                let held = clause.atoms.iter().position(|atom| self.may_hold.has(atom.place()));
                self.looks.take(1 + held.unwrap_or(clause.atoms.len()));
                held.is_none()
            }
        })
    }

    fn all_meet(&mut self, slot: &[Atom], any: &[Atom]) -> bool {
        let other = slot.iter().position(|atom| !self.universe.meets(*atom, any));
        self.looks.take(1 + other.unwrap_or(slot.len()));
        other.is_none()
    }
}
