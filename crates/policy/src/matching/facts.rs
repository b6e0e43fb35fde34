//! What is known of a request, criterion by criterion.

use super::atom::{Atom, Kinds};
use super::criterion::Criterion;

/// What is known for one criterion: the things that hold, and the kinds of things of which it is not known.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// What holds.
    pub atoms: Vec<Atom>,
    /// Kinds of which more might hold.
    pub unknown: Kinds,
}

/// What is known of a request. What is said of no criterion does not hold: a rule that asks for it does not match.
#[derive(Debug, Clone)]
pub struct Facts {
    known: Vec<Known>,
}

impl Default for Facts {
    fn default() -> Facts {
        Facts { known: vec![Known::default(); Criterion::COUNT] }
    }
}

impl Facts {
    /// What is known for a criterion.
    pub fn of(&self, criterion: Criterion) -> &Known {
        &self.known[criterion as usize]
    }

    /// Says what holds, and that nothing else does.
    pub fn set(&mut self, criterion: Criterion, atoms: impl IntoIterator<Item = Atom>) {
        let known = &mut self.known[criterion as usize];
        known.unknown = Kinds::NONE;
        known.atoms.clear();
        known.atoms.extend(atoms);
    }

    /// Adds what holds besides.
    pub fn add(&mut self, criterion: Criterion, atoms: impl IntoIterator<Item = Atom>) {
        self.known[criterion as usize].atoms.extend(atoms);
    }

    /// Says that it is not known whether things of these kinds hold.
    pub fn unknown(&mut self, criterion: Criterion, kinds: Kinds) {
        let known = &mut self.known[criterion as usize];
        known.unknown = known.unknown.and(kinds);
    }
}
