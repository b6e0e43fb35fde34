//! What two configurations treat differently: each kind of traffic once, with a witness.

use foldhash::{HashMap, HashSet};
use serde::Serialize;
use serde_json::Value;

use super::asked::Asked;
use super::ground::Ground;
use super::search::{Found, Looks};
use super::universe::{Holding, Universe};
use crate::internet::is_held;
use crate::lists::{Effect, List, Plain};
use crate::matching::{Atom, Atoms, Clause, Of, RuleRef};
use crate::policy::Policy;
use crate::private::review::unmodelled;
use crate::record::{Record, id};
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
    /// A question with which a private application would be asked for so; of other traffic none is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub question: Option<Asked>,
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
    /// services and sites, rules that add up or hand on rather than decide, and what of private access is not modelled.
    pub beyond: Vec<String>,
}

/// What internet access treats differently, of two configurations, and what of them is not held against traffic.
pub(super) fn in_internet<'p>(
    before: (&'p Policy, &Snapshot),
    after: (&'p Policy, &Snapshot),
    looks: &mut Looks,
) -> Comparison<'p> {
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
    for name in names {
        let (old, new) =
            (old.lists.remove(&name).unwrap_or_default(), new.lists.remove(&name).unwrap_or_default());
        in_list(Ground::bare(&universe), (name.0, name.1.as_deref()), &old, &new, looks, &mut found);
    }
    found
}

/// What a rule does, if there is one.
fn effect<'r>(rule: Option<&'r Plain<'_>>) -> Option<&'r Effect> {
    rule.map(|rule| &rule.effect)
}

impl<'p> Side<'p> {
    fn of(rule: Option<&Plain<'p>>) -> Side<'p> {
        Side { rule: rule.map(|rule| rule.rule), does: rule.map_or("nothing", |rule| rule.effect.word) }
    }
}

/// The lists of a configuration in terms of both, without rules that are off or that hand on to the next one.
struct Translated<'p> {
    lists: HashMap<(Module, Option<String>), Vec<Plain<'p>>>,
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
            let mut way =
                |way: &Vec<Clause>| way.iter().map(|clause| clause.translated(&mut translated)).collect();
            let rules = rules
                .into_iter()
                .filter(|rule| rule.enabled && rule.decides)
                .map(|rule| Plain { ways: rule.ways.iter().map(&mut way).collect(), ..rule });
            lists.insert((module, of.map(str::to_owned)), rules.collect());
        }
        Translated { lists }
    }
}

/// Compares two lists of rules that are on and decide.
pub(super) fn in_list<'p>(
    ground: Ground<'_>,
    (module, list): (Module, Option<&str>),
    old: &[Plain<'p>],
    new: &[Plain<'p>],
    looks: &mut Looks,
    found: &mut Comparison<'p>,
) {
    let universe = ground.universe;
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
            if effect(own) != effect(other) {
                let must: Vec<&[Vec<Clause>]> =
                    [own, other].into_iter().flatten().map(|rule| &*rule.ways).collect();
                // What cannot be met together is no matter of the rules before.
                match ground.traffic(&must, &[], looks) {
                    Found::Nothing => continue,
                    Found::Undecided => {
                        found.undecided += 1;
                        continue;
                    }
                    Found::Traffic(_) => {}
                }
                let avoid: Vec<&[Clause]> = old[..before]
                    .iter()
                    .chain(&new[..after])
                    .flat_map(|rule| &rule.ways)
                    .map(Vec::as_slice)
                    .collect();
                match ground.traffic(&must, &avoid, looks) {
                    Found::Nothing => {}
                    Found::Undecided => found.undecided += 1,
                    Found::Traffic(witness) => found.differences.push(Difference {
                        module,
                        list: list.map(str::to_owned),
                        before: Side::of(own),
                        after: Side::of(other),
                        witness: universe.tell(&witness),
                        question: None,
                    }),
                }
            }
            if let (Some(own), Some(other)) = (own, other) {
                taken[after] = universe.covers(&own.ways, &other.ways);
                // All that meets the old one meets the new one: what stands behind that gets none of it.
                if universe.covers(&other.ways, &own.ways) {
                    break;
                }
            }
        }
    }
}

/// Which rules of either list are in the other, alike, and in the same order among themselves.
fn kept(old: &[Plain<'_>], new: &[Plain<'_>]) -> (Vec<bool>, Vec<bool>) {
    let places: HashMap<&str, usize> =
        new.iter().enumerate().map(|(place, rule)| (&*rule.rule.id, place)).collect();
    let alike = |old: &Plain<'_>| {
        let place = *places.get(&*old.rule.id)?;
        let new = &new[place];
        (new.ways == old.ways && new.effect == old.effect).then_some(place)
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
            records.filter(|record| unmodelled(kind, record).is_none()).map(said).collect()
        };
        // Of records that are held against traffic for the most part, the rest; one that is on one side alone has shown.
        let parts = |snapshot: &'_ Snapshot| -> HashMap<String, Record> {
            let records = snapshot.records(kind).iter();
            records.filter_map(|record| Some((id(record, "id")?, unmodelled(kind, record)?))).collect()
        };
        let (old, new) = (rest(before), rest(after));
        let (old_parts, new_parts) = (parts(before), parts(after));
        if old_parts.iter().any(|(id, part)| new_parts.get(id).is_some_and(|other| other != part)) {
            return true;
        }
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
