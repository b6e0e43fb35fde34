//! Rules that nothing meets, that change nothing, or that name what there is not.

use foldhash::{HashMap, HashSet};
use serde::Serialize;

use super::asked::Asked;
use super::ground::Ground;
use super::listed::{Listed, Reached};
use super::search::{Found, Looks};
use super::universe::{Holding, Universe};
use crate::lists::{List, Plain};
use crate::matching::{Clause, RuleRef};
use crate::policy::Policy;
use crate::snapshot::{KINDS, Snapshot};
use crate::words::Module;

/// What is wrong with a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Lint {
    /// All that it would match is taken by rules before it.
    NeverReached,
    /// What it asks for cannot hold together: it excludes whom it names.
    NeverMet,
    /// Without it, all traffic would be treated alike.
    Redundant,
    /// It names a record that there is not.
    NamesNothing,
    /// Whether it is ever reached was not found out within the bound.
    Undecided,
    /// Whether it is redundant was not looked at, nor of those behind it: the bound was reached before.
    NotLookedAt,
}

/// A rule, and what is wrong with it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Finding<'p> {
    /// What is wrong.
    pub lint: Lint,
    /// The module whose rule it is.
    pub module: Module,
    /// Which of the module's lists, where it has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<&'p str>,
    /// The rule.
    pub rule: &'p RuleRef,
    /// The rules that take its traffic, or that would do the same.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub by: Vec<&'p RuleRef>,
    /// Traffic that it would match, and never does.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub witness: Vec<Holding>,
    /// How many more rules behind it the same is said of.
    #[serde(skip_serializing_if = "is_none")]
    pub more: usize,
    /// What it names and there is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Holding>,
    /// A question with which a private application would be asked for so; of other traffic none is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Asked>,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde gives a reference")]
fn is_none(more: &usize) -> bool {
    *more == 0
}

/// What is wrong with the rules of internet access.
pub(super) fn in_internet<'p>(
    policy: &'p Policy,
    snapshot: &Snapshot,
    looks: &mut Looks,
) -> Vec<Finding<'p>> {
    let universe = Universe::new(policy.atoms().clone());
    let ids = |kind: &str| -> HashSet<String> { snapshot.ids(kind).collect() };
    let there: HashMap<&str, HashSet<String>> =
        KINDS.iter().filter(|kind| kind.starts_with("zia.")).map(|kind| (*kind, ids(kind))).collect();
    let mut findings = Vec::new();
    for list in policy.lists() {
        let ground = Ground::bare(&universe);
        for rule in list.rules.iter().filter(|rule| rule.enabled) {
            let lost = names_nothing(&universe, &there, &rule.ways);
            if !lost.is_empty() {
                findings
                    .push(Finding { names: lost, ..Finding::plain(Lint::NamesNothing, &list, rule.rule) });
            }
        }
        findings.extend(in_list(ground, &list, looks));
    }
    findings
}

impl<'p> Finding<'p> {
    pub(super) fn plain(lint: Lint, list: &List<'p>, rule: &'p RuleRef) -> Finding<'p> {
        let (by, witness, names) = (Vec::new(), Vec::new(), Vec::new());
        Finding {
            lint,
            module: list.module,
            list: list.of,
            rule,
            by,
            witness,
            more: 0,
            names,
            question: None,
        }
    }
}

/// What is wrong with the rules of one list.
pub(super) fn in_list<'p>(ground: Ground<'_>, list: &List<'p>, looks: &mut Looks) -> Vec<Finding<'p>> {
    let on: Vec<&Plain<'p>> = list.rules.iter().filter(|rule| rule.enabled).collect();
    // A rule that hands on to the next one takes nothing from it.
    let listed = Listed::new(ground, on.iter().copied().filter(|rule| rule.decides).collect());
    let mut findings = Vec::new();
    let mut known: HashSet<&str> = HashSet::default();
    let mut before = 0;
    for rule in on.iter().copied() {
        let finding = |lint| Finding::plain(lint, list, rule.rule);
        let found = match listed.reached(&rule.ways, before, looks) {
            Reached::Yes => None,
            Reached::Undecided => Some(finding(Lint::Undecided)),
            Reached::By(places) => Some(match ground.traffic(&[&rule.ways], &[], looks) {
                Found::Traffic(witness) => Finding {
                    by: listed.told(&places),
                    witness: ground.universe.tell(&witness),
                    ..finding(Lint::NeverReached)
                },
                Found::Nothing => finding(Lint::NeverMet),
                Found::Undecided => Finding { by: listed.told(&places), ..finding(Lint::NeverReached) },
            }),
        };
        if let Some(found) = found {
            known.insert(&rule.rule.id);
            findings.push(found);
        }
        before += usize::from(rule.decides);
    }
    // Where a rule hands on, what one before it does shows in more than who decides.
    if before < on.len() {
        return findings;
    }
    let mut open = (0..).zip(&on).filter(|(_, rule)| !known.contains(&*rule.rule.id));
    while let Some((place, rule)) = open.next() {
        match listed.would_do_the_same(place, looks) {
            Some(by) => findings.push(Finding { by, ..Finding::plain(Lint::Redundant, list, rule.rule) }),
            // Nothing is found of one in the midst of which the looks came to their end.
            None if looks.are_spent() => {
                let more = open.count();
                findings.push(Finding { more, ..Finding::plain(Lint::NotLookedAt, list, rule.rule) });
                break;
            }
            None => {}
        }
    }
    findings
}

/// What a rule names of records that there are not.
fn names_nothing(
    universe: &Universe,
    there: &HashMap<&str, HashSet<String>>,
    ways: &[Vec<Clause>],
) -> Vec<Holding> {
    let lost: Vec<_> = ways
        .iter()
        .flatten()
        .flat_map(|clause| clause.atoms.iter().copied())
        .filter(|atom| {
            let (of, name) = universe.atoms.name(*atom);
            // Words stand for categories and places of the vendor's that are no records.
            let own = name.strip_prefix("CUSTOM_").unwrap_or(name);
            let is_number = !own.is_empty() && own.bytes().all(|byte| byte.is_ascii_digit());
            let kinds = of.records();
            is_number
                && !kinds.is_empty()
                && !kinds.iter().any(|kind| there.get(kind).is_some_and(|ids| ids.contains(name)))
        })
        .collect();
    universe.tell(&lost)
}
