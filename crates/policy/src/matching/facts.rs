//! What is known of a request, criterion by criterion.

use super::atom::{Atom, Kinds};
use super::criterion::Criterion;

/// What is known for one criterion: the things that hold, and the kinds of things of which it is not known.
#[derive(Debug, Clone, Copy, Default)]
pub struct Known<'f> {
    /// What holds.
    pub atoms: &'f [Atom],
    /// Kinds of which more might hold.
    pub unknown: Kinds,
}

/// What is known of a request. What is said of no criterion does not hold: a rule that asks for it does not match.
///
/// The things of all criteria stand in one vector, so that a question takes memory once and not for each criterion.
#[derive(Debug, Clone)]
pub struct Facts {
    atoms: Vec<Atom>,
    spans: [Span; Criterion::COUNT],
}

/// Where the things of a criterion stand.
#[derive(Debug, Clone, Copy, Default)]
struct Span {
    from: u32,
    to: u32,
    unknown: Kinds,
}

impl Default for Facts {
    fn default() -> Facts {
        Facts { atoms: Vec::with_capacity(64), spans: [Span::default(); Criterion::COUNT] }
    }
}

impl Facts {
    /// What is known for a criterion.
    pub fn of(&self, criterion: Criterion) -> Known<'_> {
        let Span { from, to, unknown } = self.spans[criterion as usize];
        Known { atoms: &self.atoms[from as usize..to as usize], unknown }
    }

    /// Says what holds, and that nothing else does.
    pub fn set(&mut self, criterion: Criterion, atoms: impl IntoIterator<Item = Atom>) {
        let from = self.end();
        self.atoms.extend(atoms);
        self.spans[criterion as usize] = Span { from, to: self.end(), unknown: Kinds::NONE };
    }

    /// Says that the same is known as for another criterion.
    pub fn set_as(&mut self, criterion: Criterion, other: Criterion) {
        self.spans[criterion as usize] = self.spans[other as usize];
    }

    /// Adds what holds besides.
    pub fn add(&mut self, criterion: Criterion, atoms: impl IntoIterator<Item = Atom>) {
        let Span { from, to, unknown } = self.spans[criterion as usize];
        let start = self.end();
        self.atoms.extend_from_within(from as usize..to as usize);
        self.atoms.extend(atoms);
        self.spans[criterion as usize] = Span { from: start, to: self.end(), unknown };
    }

    /// Says that it is not known whether things of these kinds hold.
    pub fn unknown(&mut self, criterion: Criterion, kinds: Kinds) {
        let span = &mut self.spans[criterion as usize];
        span.unknown = span.unknown.and(kinds);
    }

    /// Says that of what more might hold there is nothing.
    pub fn settle(&mut self, criterion: Criterion) {
        self.spans[criterion as usize].unknown = Kinds::NONE;
    }

    fn end(&self) -> u32 {
        u32::try_from(self.atoms.len()).expect("a request has fewer than 2^32 things")
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Atoms, Of};
    use super::*;

    #[test]
    fn what_is_said_of_one_criterion_leaves_the_others_alone() {
        let mut atoms = Atoms::default();
        let [a, b, c] = ["a", "b", "c"].map(|name| atoms.intern(Of::Group, name));
        let mut facts = Facts::default();
        facts.set(Criterion::Who, [a]);
        facts.set(Criterion::Category, [b]);
        facts.set_as(Criterion::NotWho, Criterion::Who);
        facts.unknown(Criterion::Who, Kinds::of(&[Of::User]));
        facts.add(Criterion::Who, [c]);
        assert_eq!(facts.of(Criterion::Who).atoms, [a, c]);
        assert_eq!(facts.of(Criterion::Who).unknown, Kinds::of(&[Of::User]));
        assert_eq!(facts.of(Criterion::Category).atoms, [b]);
        assert_eq!(facts.of(Criterion::NotWho).atoms, [a]);
        assert!(facts.of(Criterion::NotWho).unknown.is_empty());
        assert!(facts.of(Criterion::Method).atoms.is_empty());
        facts.settle(Criterion::Who);
        assert_eq!(
            (facts.of(Criterion::Who).atoms, facts.of(Criterion::Who).unknown),
            (&[a, c][..], Kinds::NONE)
        );
        facts.set(Criterion::Who, []);
        assert!(facts.of(Criterion::Who).atoms.is_empty());
    }
}
