//! Lists of rules with what they do told in one way, whatever the family.

use crate::matching::{Clause, RuleRef};
use crate::words::Module;

/// A list in which the first rule that matches decides.
pub(crate) struct List<'p> {
    /// Whose.
    pub module: Module,
    /// Which of the module's lists, where it has several.
    pub of: Option<&'p str>,
    /// In the order in which they are tried.
    pub rules: Vec<Plain<'p>>,
}

/// A rule.
#[derive(Debug)]
pub(crate) struct Plain<'p> {
    pub rule: &'p RuleRef,
    pub enabled: bool,
    /// Whether it decides what it meets; one that does not notes something and hands on to the next.
    pub decides: bool,
    /// The ways to meet it: all clauses of one of these.
    pub ways: Vec<Vec<Clause>>,
    pub effect: Effect,
}

/// What a rule does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Effect {
    /// In a word, for people.
    pub word: &'static str,
    /// All of it, to be compared.
    pub whole: String,
}
