//! Rules that nothing meets, that change nothing, or that name what there is not.

use foldhash::{HashMap, HashSet};
use serde::Serialize;

use super::asked::Asked;
use super::ground::Ground;
use super::search::{Found, Looks};
use super::universe::{Holding, Universe};
use crate::lists::{List, Plain};
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
    /// A question with which a private application would be asked for so; of other traffic none is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Asked>,
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
        Finding { lint, module: list.module, list: list.of, rule, by, witness, names, question: None }
    }
}

/// What is wrong with the rules of one list.
pub(super) fn in_list<'p>(ground: Ground<'_>, list: &List<'p>, looks: &mut Looks) -> Vec<Finding<'p>> {
    let on: Vec<&Plain<'p>> = list.rules.iter().filter(|rule| rule.enabled).collect();
    let mut listed = Listed { ground, deciding: Vec::new(), ways: Vec::new(), before: Vec::new() };
    let mut findings = Vec::new();
    let mut known: HashSet<&str> = HashSet::default();
    for rule in on.iter().copied() {
        let finding = |lint| Finding::plain(lint, list, rule.rule);
        let before = findings.len();
        match ground.traffic(&[&rule.ways], &listed.ways, looks) {
            Found::Undecided => findings.push(finding(Lint::Undecided)),
            Found::Nothing => match ground.traffic(&[&rule.ways], &[], looks) {
                Found::Traffic(witness) => findings.push(Finding {
                    by: listed.shadowing(&rule.ways, looks),
                    witness: ground.universe.tell(&witness),
                    ..finding(Lint::NeverReached)
                }),
                _ => findings.push(finding(Lint::NeverMet)),
            },
            Found::Traffic(_) => {}
        }
        if findings.len() > before {
            known.insert(&rule.rule.id);
        }
        // A rule that hands on to the next one takes nothing from it.
        if rule.decides {
            listed.before.push(listed.ways.len());
            listed.ways.extend(rule.ways.iter().map(Vec::as_slice));
            listed.deciding.push(rule);
        }
    }
    // Where a rule hands on, what one before it does shows in more than who decides.
    if on.iter().all(|rule| rule.decides) {
        for place in 0..listed.deciding.len() {
            let rule = listed.deciding[place].rule;
            if known.contains(&*rule.id) {
                continue;
            }
            if let Some(by) = listed.would_do_the_same(place, looks) {
                findings.push(Finding { by, ..Finding::plain(Lint::Redundant, list, rule) });
            }
        }
    }
    findings
}

/// The rules of a list that are on and decide what they meet, as far as they have been looked at.
struct Listed<'u, 'r, 'p> {
    ground: Ground<'u>,
    deciding: Vec<&'r Plain<'p>>,
    /// All ways to meet one of them, and for each rule how many ways the ones before it have.
    ways: Vec<&'r [Clause]>,
    before: Vec<usize>,
}

impl<'p> Listed<'_, '_, 'p> {
    /// The rules that together take all traffic of one behind them: few, but not always the fewest.
    fn shadowing(&self, own: &[Vec<Clause>], looks: &mut Looks) -> Vec<&'p RuleRef> {
        let told = |places: &[usize]| places.iter().map(|place| self.deciding[*place].rule).collect();
        let covering = |before: &&Plain<'_>| self.ground.universe.covers(&before.ways, own);
        if let Some(alone) = self.deciding.iter().position(covering) {
            return told(&[alone]);
        }
        let mut needed: Vec<usize> = Vec::new();
        for (place, before) in self.deciding.iter().enumerate() {
            if matches!(self.ground.traffic(&[own, &before.ways], &[], looks), Found::Traffic(_)) {
                needed.push(place);
            }
        }
        for candidate in needed.clone().into_iter().rev().take(TRIED) {
            let without: Vec<usize> = needed.iter().copied().filter(|other| *other != candidate).collect();
            let ways = without.iter().flat_map(|place| &self.deciding[*place].ways).map(Vec::as_slice);
            if self.ground.traffic(&[own], &ways.collect::<Vec<_>>(), looks) == Found::Nothing {
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
        if own.ways.iter().any(Vec::is_empty) {
            return None;
        }
        let mut same = Vec::new();
        // Rules before, and those behind that were looked at.
        let mut avoid: Vec<&[Clause]> = self.ways[..self.before[place]].to_vec();
        for behind in self.deciding[place + 1..].iter().take(BEHIND) {
            match self.ground.traffic(&[&own.ways, &behind.ways], &avoid, looks) {
                Found::Undecided => return None,
                Found::Traffic(_) if behind.effect != own.effect => return None,
                Found::Traffic(_) => same.push(behind.rule),
                Found::Nothing => {}
            }
            avoid.extend(behind.ways.iter().map(Vec::as_slice));
            match self.ground.traffic(&[&own.ways], &avoid, looks) {
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
