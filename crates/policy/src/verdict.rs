//! The answer to a question, in the shape that command line, API and tests share.

use serde::Serialize;

use crate::details::Details;
use crate::matching::{Criterion, RuleRef};
use crate::operand::Operand;
use crate::words::{Action, Assumption, Module, Outcome, Product};

/// The version of this shape; members are only ever added within one.
pub const VERSION: u32 = 1;

/// What becomes of a request, by what, and why.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict<'p> {
    /// The version of this shape.
    pub version: u32,
    /// What becomes of it.
    pub action: Action,
    /// The module that decided; the last one where all let it pass.
    pub module: Module,
    /// The rule that decided; none for a default or a setting.
    pub rule: Option<&'p RuleRef>,
    /// The label that a log would carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<&'static str>,
    /// The product that treated it.
    pub product: Product,
    /// The modules that it passed, in order, the deciding one last.
    pub path: Vec<Step<'p>>,
    /// Every rule that was tried; only where a trace was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<Vec<Trial<'p>>>,
    /// What was taken for granted.
    pub assumed: Vec<Assumption>,
    /// What was not known and could have changed the verdict.
    pub unknown: Vec<Unknown<'p>>,
    /// What else there is to tell: categories, segments, connectors.
    #[serde(skip_serializing_if = "Details::is_empty")]
    pub details: Details<'p>,
}

/// A module on the path, and what came of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Step<'p> {
    /// The module.
    pub module: Module,
    /// What came of it.
    pub outcome: Outcome,
    /// The rule that it went by.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rule: Option<&'p RuleRef>,
    /// A word on it: what the rule says, or why it was skipped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub note: Option<&'static str>,
}

/// A rule that was tried.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Trial<'p> {
    /// The module whose rule it is.
    pub module: Module,
    /// The rule.
    pub rule: &'p RuleRef,
    /// The first criterion that the request did not meet; none where the rule matched.
    pub failed: Option<Criterion>,
    /// What of the criterion, where that is not plain.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub detail: Option<Detail<'p>>,
}

/// The operands of a condition; put into words only where somebody reads them.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Detail<'p>(pub(crate) &'p [Operand]);

impl std::fmt::Display for Detail<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (operand, number) in self.0.iter().zip(0..) {
            let gap = if number == 0 { "" } else { ", " };
            match &*operand.lhs {
                _ if number == 4 => return write!(f, "{gap}and {} more", self.0.len() - 4),
                "id" => write!(f, "{gap}{} {}", operand.of, operand.rhs)?,
                lhs => write!(f, "{gap}{} {lhs} = {}", operand.of, operand.rhs)?,
            }
        }
        Ok(())
    }
}

impl Serialize for Detail<'_> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// What was not known, and the rule that might have decided had it been.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Unknown<'p> {
    /// The module.
    pub module: Module,
    /// The rule; none where it is a setting.
    pub rule: Option<&'p RuleRef>,
    /// What the question would have to tell.
    pub criteria: Vec<Criterion>,
}

/// A verdict as it is being reached.
#[derive(Debug)]
pub(crate) struct Draft<'p> {
    pub path: Vec<Step<'p>>,
    pub trace: Option<Vec<Trial<'p>>>,
    pub assumed: Vec<Assumption>,
    pub unknown: Vec<Unknown<'p>>,
    pub details: Details<'p>,
}

impl<'p> Draft<'p> {
    pub fn new(traced: bool) -> Draft<'p> {
        Draft {
            path: Vec::with_capacity(16),
            trace: traced.then(Vec::new),
            assumed: Vec::new(),
            unknown: Vec::new(),
            details: Details::default(),
        }
    }

    /// Another that has come the same way.
    pub fn again(&self) -> Draft<'p> {
        Draft {
            path: self.path.clone(),
            trace: self.trace.clone(),
            assumed: self.assumed.clone(),
            unknown: self.unknown.clone(),
            details: Details::default(),
        }
    }

    /// Says what was taken for granted, once.
    pub fn assume(&mut self, assumption: Assumption) {
        if let Err(place) = self.assumed.binary_search(&assumption) {
            self.assumed.insert(place, assumption);
        }
    }

    pub fn step(&mut self, module: Module, outcome: Outcome) {
        self.path.push(Step { module, outcome, rule: None, note: None });
    }

    pub fn noted(&mut self, module: Module, outcome: Outcome, note: &'static str) {
        self.path.push(Step { module, outcome, rule: None, note: Some(note) });
    }

    pub fn by(
        &mut self,
        module: Module,
        outcome: Outcome,
        rule: Option<&'p RuleRef>,
        note: Option<&'static str>,
    ) {
        self.path.push(Step { module, outcome, rule, note });
    }

    pub fn end(self, product: Product, decision: Decision<'p>) -> Verdict<'p> {
        Verdict {
            version: VERSION,
            action: decision.action,
            module: decision.module,
            rule: decision.rule,
            reason: decision.reason,
            product,
            path: self.path,
            trace: self.trace,
            assumed: self.assumed,
            unknown: self.unknown,
            details: self.details,
        }
    }
}

/// What ends the path.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decision<'p> {
    pub action: Action,
    pub module: Module,
    pub rule: Option<&'p RuleRef>,
    pub reason: Option<&'static str>,
}

impl<'p> Decision<'p> {
    /// A block, with the label that a log would carry.
    pub fn blocked(module: Module, rule: Option<&'p RuleRef>, reason: &'static str) -> Decision<'p> {
        Decision { action: Action::Block, module, rule, reason: Some(reason) }
    }
}
