//! One rule, as it is held against requests.

use std::sync::Arc;

use serde::Serialize;

use super::atom::Atom;
use super::criterion::Criterion;

/// One condition of a rule: one of these things must hold, or, where it excludes, none of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Clause {
    /// What it is about.
    pub criterion: Criterion,
    /// The things it names, sorted, without repeats. Where it names none, nothing meets it.
    pub atoms: Vec<Atom>,
    /// Whether it is met by requests of which none holds.
    pub excludes: bool,
}

impl Clause {
    /// A clause that one of these things meets.
    pub fn one_of(criterion: Criterion, mut atoms: Vec<Atom>) -> Clause {
        atoms.sort_unstable();
        atoms.dedup();
        Clause { criterion, atoms, excludes: false }
    }

    /// The same clause where things have other numbers.
    pub(crate) fn translated(&self, number: &mut impl FnMut(&Atom) -> Atom) -> Clause {
        Clause {
            excludes: self.excludes,
            ..Clause::one_of(self.criterion, self.atoms.iter().map(number).collect())
        }
    }

    /// A clause that is met where none of these things holds.
    pub fn none_of(criterion: Criterion, atoms: Vec<Atom>) -> Clause {
        Clause { excludes: true, ..Clause::one_of(criterion, atoms) }
    }
}

/// How a verdict names a rule.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize)]
pub struct RuleRef {
    /// Its id, as text.
    pub id: Arc<str>,
    /// Its name.
    pub name: Arc<str>,
    /// Its place, as its list shows it; a default rule has the vendor's number.
    pub order: i64,
}

/// A rule: all its clauses must be met. `E` is what it does.
#[derive(Debug, Clone)]
pub struct Rule<E> {
    /// How it is named.
    pub rule: RuleRef,
    /// Off: it keeps its place and is passed over.
    pub enabled: bool,
    /// What it asks of a request; without any, it matches everything.
    pub clauses: Vec<Clause>,
    /// What it does.
    pub effect: E,
    /// Where it sends what it takes: what its action names beside the word, as text, to be compared.
    pub leads_to: Box<str>,
}
