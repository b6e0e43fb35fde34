//! Rules that nothing meets, that change nothing, or that name what there is not.

use foldhash::{HashMap, HashSet};
use serde::Serialize;

use super::search::{Found, Looks, traffic};
use super::universe::{Holding, Universe};
use crate::lists::Plain;
use crate::matching::{Clause, RuleRef};
use crate::policy::Policy;
use crate::snapshot::{KINDS, Snapshot};
use crate::words::Module;

/// The most rules that are taken away one by one to find those that shadow another together.
const TRIED: usize = 64;
/// The most rules behind one that are looked at for what would decide in its place.
const BEHIND: usize = 200;

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
    /// What it names and there is not.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub names: Vec<Holding>,
}

/// What is wrong with the rules of a configuration, list by list, in their order. Rules that are off are passed over.
pub fn lint<'p>(policy: &'p Policy, snapshot: &Snapshot) -> Vec<Finding<'p>> {
    let universe = Universe::new(policy.atoms().clone());
    let ids = |kind: &str| -> HashSet<String> { snapshot.ids(kind).collect() };
    let there: HashMap<&str, HashSet<String>> =
        KINDS.iter().filter(|kind| kind.starts_with("zia.")).map(|kind| (*kind, ids(kind))).collect();
    let mut looks = Looks::CALL;
    let mut findings = Vec::new();
    for list in policy.lists() {
        let on: Vec<&Plain<'p>> = list.rules.iter().filter(|rule| rule.enabled).collect();
        let mut listed = Listed { universe: &universe, deciding: Vec::new(), clauses: Vec::new() };
        let all_decide = on.iter().all(|rule| rule.decides);
        for rule in on.iter().copied() {
            let finding = |lint| Finding {
                lint,
                module: list.module,
                list: list.of,
                rule: rule.rule,
                by: Vec::new(),
                witness: Vec::new(),
                names: Vec::new(),
            };
            let lost = names_nothing(&universe, &there, rule.clauses);
            if !lost.is_empty() {
                findings.push(Finding { names: lost, ..finding(Lint::NamesNothing) });
            }
            match traffic(&universe, &[rule.clauses], &listed.clauses, &mut looks) {
                Found::Undecided => findings.push(finding(Lint::Undecided)),
                Found::Nothing => match traffic(&universe, &[rule.clauses], &[], &mut looks) {
                    Found::Traffic(witness) => findings.push(Finding {
                        by: listed.shadowing(rule.clauses, &mut looks),
                        witness: universe.tell(&witness),
                        ..finding(Lint::NeverReached)
                    }),
                    _ => findings.push(finding(Lint::NeverMet)),
                },
                Found::Traffic(_) => {}
            }
            // A rule that hands on to the next one takes nothing from it.
            if rule.decides {
                listed.deciding.push(rule);
                listed.clauses.push(rule.clauses);
            }
        }
        // Where a rule hands on, what one before it does shows in more than who decides.
        if all_decide {
            for place in 0..listed.deciding.len() {
                let rule = listed.deciding[place].rule;
                let known =
                    |finding: &Finding<'_>| finding.rule == rule && finding.lint != Lint::NamesNothing;
                if findings.iter().rev().take(on.len()).any(known) {
                    continue;
                }
                if let Some(by) = listed.would_do_the_same(place, &mut looks) {
                    findings.push(Finding {
                        lint: Lint::Redundant,
                        module: list.module,
                        list: list.of,
                        rule,
                        by,
                        witness: Vec::new(),
                        names: Vec::new(),
                    });
                }
            }
        }
    }
    findings
}

/// The rules of a list that are on and decide what they meet, as far as they have been looked at.
struct Listed<'u, 'r, 'p> {
    universe: &'u Universe,
    deciding: Vec<&'r Plain<'p>>,
    clauses: Vec<&'p [Clause]>,
}

impl<'p> Listed<'_, '_, 'p> {
    /// The rules that together take all traffic of one behind them: few, but not always the fewest.
    fn shadowing(&self, own: &[Clause], looks: &mut Looks) -> Vec<&'p RuleRef> {
        let told = |places: &[usize]| places.iter().map(|place| self.deciding[*place].rule).collect();
        if let Some(alone) = self.clauses.iter().position(|before| self.universe.implies(own, before)) {
            return told(&[alone]);
        }
        let mut needed: Vec<usize> = Vec::new();
        for (place, before) in self.clauses.iter().enumerate() {
            if matches!(traffic(self.universe, &[own, before], &[], looks), Found::Traffic(_)) {
                needed.push(place);
            }
        }
        for candidate in needed.clone().into_iter().rev().take(TRIED) {
            let without: Vec<usize> = needed.iter().copied().filter(|other| *other != candidate).collect();
            let avoid: Vec<&[Clause]> = without.iter().map(|place| self.clauses[*place]).collect();
            if traffic(self.universe, &[own], &avoid, looks) == Found::Nothing {
                needed = without;
            }
        }
        told(&needed)
    }

    /// The rules that would decide in a rule's place, where each would do what it does; none where one would not, or that
    /// is not found out.
    fn would_do_the_same(&self, place: usize, looks: &mut Looks) -> Option<Vec<&'p RuleRef>> {
        let own = self.deciding[place];
        // A rule that matches everything is the list's default, which is not the tenant's to take away.
        if own.clauses.is_empty() {
            return None;
        }
        let mut same = Vec::new();
        // Rules before, and those behind that were looked at.
        let mut avoid: Vec<&[Clause]> = self.clauses[..place].to_vec();
        for behind in self.deciding[place + 1..].iter().take(BEHIND) {
            match traffic(self.universe, &[own.clauses, behind.clauses], &avoid, looks) {
                Found::Undecided => return None,
                Found::Traffic(_) if behind.effect != own.effect => return None,
                Found::Traffic(_) => same.push(behind.rule),
                Found::Nothing => {}
            }
            avoid.push(behind.clauses);
            match traffic(self.universe, &[own.clauses], &avoid, looks) {
                Found::Nothing => return Some(same),
                Found::Undecided => return None,
                Found::Traffic(_) => {}
            }
        }
        None
    }
}

/// What a rule names of records that there are not.
fn names_nothing(
    universe: &Universe,
    there: &HashMap<&str, HashSet<String>>,
    clauses: &[Clause],
) -> Vec<Holding> {
    let lost: Vec<_> = clauses
        .iter()
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
