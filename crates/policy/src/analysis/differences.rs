//! What two configurations treat differently: each kind of traffic once, with a witness.

use foldhash::{HashMap, HashSet};
use serde::Serialize;
use serde_json::Value;

use super::search::{Found, Looks, traffic};
use super::universe::{Holding, Universe};
use crate::internet::is_held;
use crate::lists::{Effect, List, Plain};
use crate::matching::{Atom, Atoms, Clause, Of, RuleRef};
use crate::policy::Policy;
use crate::record::Record;
use crate::snapshot::{KINDS, Snapshot, said};
use crate::words::Module;

/// The rule that decides on one side, and what it does; without a rule nothing matches.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Side<'p> {
    /// The rule.
    pub rule: Option<&'p RuleRef>,
    /// What it does, in a word.
    pub does: &'static str,
}

/// Traffic that one rule decided, and another decides otherwise.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Difference<'p> {
    /// The module.
    pub module: Module,
    /// Which of the module's lists, where it has several.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// What decided before.
    pub before: Side<'p>,
    /// What decides after.
    pub after: Side<'p>,
    /// Such traffic, by what holds of it; nothing else does that rules name.
    pub witness: Vec<Holding>,
}

/// What was found.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Comparison<'p> {
    /// Nothing is treated differently, of everything that rules can name: this is a proof. False where there is a
    /// difference, or something is not decided.
    pub same: bool,
    /// Each kind of traffic that is treated differently.
    pub differences: Vec<Difference<'p>>,
    /// Pairs of rules of which it was not found out within the bound whether they differ on anything.
    pub undecided: usize,
    /// Kinds of records that differ, or name what differs, and are not held against traffic: settings, people, locations,
    /// services and sites, rules that add up or hand on rather than decide, and all of private access.
    pub beyond: Vec<String>,
}

/// Compares what two configurations do to traffic.
pub fn compare<'p>(before: (&'p Policy, &Snapshot), after: (&'p Policy, &Snapshot)) -> Comparison<'p> {
    let changed = changed(before.1, after.1);
    let mut atoms = Atoms::default();
    let mut old = Translated::new(before.0, &mut atoms, &changed, "as it was");
    let mut new = Translated::new(after.0, &mut atoms, &changed, "as it is now");
    let universe = Universe::new(atoms);
    let mut names: Vec<(Module, Option<String>)> =
        old.lists.keys().chain(new.lists.keys()).cloned().collect();
    names.sort();
    names.dedup();
    let beyond = beyond(before.1, after.1, &changed);
    let mut found = Comparison { same: false, differences: Vec::new(), undecided: 0, beyond };
    let mut looks = Looks::CALL;
    for name in names {
        let (old, new) =
            (old.lists.remove(&name).unwrap_or_default(), new.lists.remove(&name).unwrap_or_default());
        in_list(&universe, &name, &old, &new, &mut looks, &mut found);
    }
    found.same = found.differences.is_empty() && found.undecided == 0 && found.beyond.is_empty();
    found
}

/// A rule in the terms of both configurations.
struct Common<'p> {
    plain: Plain<'p>,
    clauses: Vec<Clause>,
}

impl<'p> Common<'p> {
    fn clauses(&self) -> &[Clause] {
        &self.clauses
    }

    fn effect<'r>(rule: Option<&'r Common<'p>>) -> Option<&'r Effect> {
        rule.map(|rule| &rule.plain.effect)
    }

    fn side(rule: Option<&Common<'p>>) -> Side<'p> {
        Side {
            rule: rule.map(|rule| rule.plain.rule),
            does: rule.map_or("nothing", |rule| rule.plain.effect.word),
        }
    }
}

/// The lists of a configuration in those terms, without rules that are off or that hand on to the next one.
struct Translated<'p> {
    lists: HashMap<(Module, Option<String>), Vec<Common<'p>>>,
}

impl<'p> Translated<'p> {
    fn new(
        policy: &'p Policy,
        atoms: &mut Atoms,
        changed: &HashSet<(Of, String)>,
        when: &str,
    ) -> Translated<'p> {
        let own = policy.atoms();
        let mut translated = |atom: &Atom| {
            let (of, name) = own.name(*atom);
            match changed.contains(&(of, name.to_owned())) {
                true => atoms.intern(of, &format!("{name} ({when})")),
                false => atoms.intern(of, name),
            }
        };
        let mut lists = HashMap::default();
        for List { module, of, rules } in policy.lists() {
            let rules = rules.into_iter().filter(|rule| rule.enabled && rule.decides).map(|plain| Common {
                clauses: plain.clauses.iter().map(|clause| clause.translated(&mut translated)).collect(),
                plain,
            });
            lists.insert((module, of.map(str::to_owned)), rules.collect());
        }
        Translated { lists }
    }
}

fn in_list<'p>(
    universe: &Universe,
    (module, list): &(Module, Option<String>),
    old: &[Common<'p>],
    new: &[Common<'p>],
    looks: &mut Looks,
    found: &mut Comparison<'p>,
) {
    let (kept_old, kept_new) = kept(old, new);
    // New rules all of whose traffic an old one before has taken already.
    let mut taken = vec![false; new.len()];
    // Behind the last rule stands one that meets everything and does nothing.
    for before in 0..=old.len() {
        for after in 0..=new.len() {
            // Where neither was touched, and both keep their places among what was not, whatever meets both is decided
            // by the earlier one on either side.
            let touched = kept_old.get(before) == Some(&false) || kept_new.get(after) == Some(&false);
            if !touched || taken.get(after) == Some(&true) {
                continue;
            }
            let (own, other) = (old.get(before), new.get(after));
            if Common::effect(own) != Common::effect(other) {
                let must: Vec<&[Clause]> = [own, other].into_iter().flatten().map(Common::clauses).collect();
                let avoid: Vec<&[Clause]> =
                    old[..before].iter().chain(&new[..after]).map(Common::clauses).collect();
                match traffic(universe, &must, &avoid, looks) {
                    Found::Nothing => {}
                    Found::Undecided => found.undecided += 1,
                    Found::Traffic(witness) => found.differences.push(Difference {
                        module: *module,
                        list: list.clone(),
                        before: Common::side(own),
                        after: Common::side(other),
                        witness: universe.tell(&witness),
                    }),
                }
            }
            if let (Some(own), Some(other)) = (own, other) {
                taken[after] = universe.implies(&other.clauses, &own.clauses);
                // All that meets the old one meets the new one: what stands behind that gets none of it.
                if universe.implies(&own.clauses, &other.clauses) {
                    break;
                }
            }
        }
    }
}

/// Which rules of either list are in the other, alike, and in the same order among themselves.
fn kept(old: &[Common<'_>], new: &[Common<'_>]) -> (Vec<bool>, Vec<bool>) {
    let places: HashMap<&str, usize> =
        new.iter().enumerate().map(|(place, rule)| (&*rule.plain.rule.id, place)).collect();
    let alike = |old: &Common<'_>| {
        let place = *places.get(&*old.plain.rule.id)?;
        let new = &new[place];
        (new.clauses == old.clauses && new.plain.effect == old.plain.effect).then_some(place)
    };
    let pairs: Vec<(usize, usize)> =
        old.iter().enumerate().filter_map(|(place, rule)| Some((place, alike(rule)?))).collect();
    let (mut kept_old, mut kept_new) = (vec![false; old.len()], vec![false; new.len()]);
    for pair in longest_rising(&pairs) {
        kept_old[pairs[pair].0] = true;
        kept_new[pairs[pair].1] = true;
    }
    (kept_old, kept_new)
}

/// The most pairs whose second numbers rise with their first, by their places.
fn longest_rising(pairs: &[(usize, usize)]) -> Vec<usize> {
    // For each length, the pair with the least end; and for each pair the one before it.
    let (mut ends, mut previous): (Vec<usize>, Vec<Option<usize>>) = (Vec::new(), vec![None; pairs.len()]);
    for (number, (_, place)) in pairs.iter().enumerate() {
        let length = ends.partition_point(|end| pairs[*end].1 < *place);
        previous[number] = length.checked_sub(1).map(|shorter| ends[shorter]);
        match ends.get_mut(length) {
            Some(end) => *end = number,
            None => ends.push(number),
        }
    }
    let mut chain: Vec<usize> =
        std::iter::successors(ends.last().copied(), |number| previous[*number]).collect();
    chain.reverse();
    chain
}

/// Things that rules name whose records differ: what is in one may not be in the other.
fn changed(before: &Snapshot, after: &Snapshot) -> HashSet<(Of, String)> {
    Of::holders()
        .flat_map(|(of, kind)| before.differing(after, kind).into_iter().map(move |id| (of, id)))
        .collect()
}

/// Holders that count for traffic though no rule names them: where a site, an address or a port belongs follows from all of
/// them together.
const TOGETHER: [&str; 3] = ["zia.location", "zia.network_service", "zia.url_category"];

/// Kinds with records that no list of rules tells, and that differ or, being rules, name what differs.
fn beyond(before: &Snapshot, after: &Snapshot, changed: &HashSet<(Of, String)>) -> Vec<String> {
    let ids: HashSet<&str> = changed.iter().map(|(_, id)| id.as_str()).collect();
    let told = |kind: &str| Of::holders().any(|(_, holder)| holder == kind) && !TOGETHER.contains(&kind);
    let differs = |kind: &&str| {
        let rest = |snapshot: &'_ Snapshot| -> Vec<Record> {
            let records = snapshot.records(kind).iter().filter(|record| !is_held(kind, record));
            records.map(said).collect()
        };
        let (old, new) = (rest(before), rest(after));
        let of_rules = kind.starts_with("zia.") && kind.ends_with("_rule");
        old != new || (of_rules && new.iter().any(|record| record.values().any(|value| names(value, &ids))))
    };
    KINDS.iter().copied().filter(|kind| !told(kind)).filter(differs).map(str::to_owned).collect()
}

/// Whether a member of a record names one of these, as an id or an object that has it.
fn names(value: &Value, ids: &HashSet<&str>) -> bool {
    match value {
        Value::Array(items) => items.iter().any(|item| names(item, ids)),
        Value::Object(members) => members.get("id").is_some_and(|id| names(id, ids)),
        Value::String(text) => ids.contains(text.as_str()),
        Value::Number(number) => ids.contains(number.to_string().as_str()),
        _ => false,
    }
}
