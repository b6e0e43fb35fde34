//! For each rule a question that it has a say in: traffic that meets it and no rule before it, put into words and asked.
//! What is told has been asked of the policy itself, so that a test made from it passes.

use super::ground::Ground;
use super::search::{Found, Looks};
use super::telling::Telling;
use super::universe::{Holding, Universe};
use crate::matching::{Clause, Of, RuleRef};
use crate::policy::Policy;
use crate::question::{At, Question};
use crate::snapshot::Snapshot;
use crate::words::Module;

/// A rule, and a question for it.
#[derive(Debug, Clone)]
pub struct Witness<'p> {
    /// The module whose rule it is.
    pub module: Module,
    /// Which of the module's lists, where it has several.
    pub list: Option<&'p str>,
    /// The rule.
    pub rule: &'p RuleRef,
    /// What was found.
    pub proof: Proof,
}

/// A question for a rule, or why there is none.
#[derive(Debug, Clone)]
pub enum Proof {
    /// The rule has a say in what becomes of this.
    Question(Box<Question>),
    /// Rules before it take all its traffic, or nothing meets it.
    NeverReached,
    /// It was not found out within the bound.
    Undecided,
    /// None of the questions that were tried is one; there may be others.
    NotFound,
    /// Such traffic would reach it, and no question was found that tells it.
    Untold(Vec<Holding>),
}

/// The hours of a week, in which every interval of time has a part if it has an hour.
const WEEK: i64 = 7 * 24;

/// A question for every rule that is on: of every list in which the first rule that matches decides, and of private access;
/// asked at this moment where nothing else is wanted.
pub fn witnesses<'p>(policy: &'p Policy, snapshot: &Snapshot, now: i64) -> Vec<Witness<'p>> {
    let universe = Universe::new(policy.atoms().clone());
    let telling = Telling::of(policy, snapshot);
    let timed = [Of::Interval, Of::Validity].iter().any(|of| policy.atoms().all(*of).next().is_some());
    let mut looks = Looks::CALL;
    let mut found = Vec::new();
    for list in policy.lists() {
        let mut before: Vec<&[Clause]> = Vec::new();
        for rule in list.rules.iter().filter(|rule| rule.enabled) {
            let proof = match Ground::bare(&universe).traffic(&[&rule.ways], &before, &mut looks) {
                Found::Nothing => Proof::NeverReached,
                Found::Undecided => Proof::Undecided,
                Found::Traffic(atoms) => {
                    let holding = universe.tell(&atoms);
                    let asked = telling
                        .questions(list.module, &holding)
                        .into_iter()
                        .flat_map(|question| moments(question, timed.then_some(now)))
                        .find(|question| has_say(policy, question, list.module, rule.rule));
                    asked.map_or(Proof::Untold(holding), |question| Proof::Question(Box::new(question)))
                }
            };
            found.push(Witness { module: list.module, list: list.of, rule: rule.rule, proof });
            if rule.decides {
                before.extend(rule.ways.iter().map(Vec::as_slice));
            }
        }
    }
    // Of private access some questions are tried, which say less than those that a review would make.
    for (module, rule, questions) in policy.private_rules(snapshot) {
        let asked = questions.into_iter().map(|question| Question { at: Some(At::Seconds(now)), ..question });
        let asked = asked.into_iter().find(|question| has_say(policy, question, module, rule));
        let proof = asked.map_or(Proof::NotFound, |question| Proof::Question(Box::new(question)));
        found.push(Witness { module, list: None, rule, proof });
    }
    found
}

/// A question, and where rules have hours, the same at each hour of a week.
fn moments(question: Question, from: Option<i64>) -> Vec<Question> {
    let Some(from) = from.filter(|_| question.at.is_none()) else { return vec![question] };
    let at = |hour: i64| Question { at: Some(At::Seconds(from + hour * 3_600)), ..question.clone() };
    (0..WEEK).map(at).collect()
}

fn has_say(policy: &Policy, question: &Question, module: Module, rule: &RuleRef) -> bool {
    let verdict = policy.decide(question);
    let is_it = |step: &crate::verdict::Step<'_>| step.module == module && step.rule == Some(rule);
    verdict.is_ok_and(|verdict| verdict.path.iter().any(is_it))
}
