//! Lists of rules, whatever their product: what a rule asks of a request, and which rule is the first that it meets.
//!
//! A rule is a conjunction of [`Clause`]s, each a disjunction of interned things ([`Atom`]s). A [`RuleList`] keeps, for
//! every criterion, which rules name what; a request is a set of atoms per criterion ([`Facts`]). So the first match of a
//! thousand rules is a few lookups and the intersection of a few bit sets, and what is not known of a request is told
//! apart from what is known not to match.

mod atom;
mod bits;
mod criterion;
mod facts;
mod list;
mod rule;
#[cfg(test)]
mod tests;

pub use atom::{Atom, Atoms, Kinds, Of};
pub use bits::Bits;
pub use criterion::Criterion;
pub use facts::{Facts, Known};
pub use list::{Found, Missing, RuleList, Sieve};
pub use rule::{Clause, Rule, RuleRef};
