//! What is to be done so that a tenant has what is declared.

use std::collections::{BTreeMap, HashMap, HashSet};

use serde_json::{Map, Value};
use zuno_engine::Engine;
use zuno_model::Id;

use crate::declared::{Declared, Secrets, declare, key, resolve};
use crate::difference::{self, Difference};
use crate::found::Found;
use crate::kind::names as names_of;
use crate::order::in_order;
use crate::sequence::moves;
use crate::step::{Action, Order, Plan, Step};
use crate::{Kind, Names, Wrong};

/// What a tenant has of the kinds that are declared, and how everything there is called.
#[derive(Clone, Debug, Default)]
pub struct Tenant {
    /// Records by kind.
    pub found: BTreeMap<String, Vec<Found>>,
    /// Names.
    pub names: Names,
}

/// Plans what brings a tenant to what is declared. A kind that nothing is declared of is left alone.
///
/// # Errors
/// What is declared makes no sense for this tenant.
pub fn plan(
    engine: &Engine,
    wishes: &BTreeMap<String, Vec<Declared>>,
    tenant: &Tenant,
    secrets: Secrets<'_>,
) -> Result<Plan, Wrong> {
    let catalogue = engine.catalogue();
    let mut names = tenant.names.clone();
    let mut pairs = Vec::new();
    for (name, declared) in wishes {
        let kind = crate::kind(catalogue, name).expect("what is declared was read by kind");
        let found = tenant.found.get(name).map(Vec::as_slice).unwrap_or_default();
        let paired = pair(engine, &kind, declared, found, &tenant.names)?;
        for (nth, (wish, with)) in declared.iter().zip(&paired).enumerate() {
            if with.is_none() {
                names.learn(name, &pending(name, nth), &called(&kind, wish));
            }
        }
        pairs.push((kind, declared, found, paired));
    }
    let mut plan = Plan::default();
    for (kind, declared, found, paired) in &pairs {
        let planner = Planner { engine, kind, names: &names, secrets };
        let mut wanted = Vec::new();
        for (nth, (wish, with)) in declared.iter().zip(paired).enumerate() {
            let with = with.map(|at| &found[at]);
            let stands = pending(kind.name(), nth);
            let id = with.map_or(Some(stands.clone()), |found| found.id.clone());
            let record = planner.step(wish, with, stands, &mut plan)?;
            // Those that stand outside have no place that a call could change.
            if with.is_none_or(|found| found.place.is_some()) {
                wanted.extend(id.map(|id| Wanted {
                    list: planner.list_of(with.map_or(&record, |found| &found.record)),
                    id,
                    name: called(kind, wish),
                }));
            }
        }
        let kept: HashSet<usize> = paired.iter().copied().flatten().collect();
        for (_, gone) in found.iter().enumerate().filter(|(at, found)| !kept.contains(at) && !found.given) {
            planner.delete(gone, &mut plan);
        }
        planner.orders(found, &kept, &wanted, &mut plan);
    }
    plan.steps = in_order(engine, std::mem::take(&mut plan.steps))?;
    Ok(plan)
}

/// What stands in a plan for the id of a record that is to be made.
fn pending(kind: &str, nth: usize) -> Id {
    Id(format!("{PENDING}{kind}:{nth}"))
}

/// How what stands for an id begins: no product's ids do.
pub const PENDING: &str = "to be made:";

/// What a declared record is called.
fn called(kind: &Kind<'_>, declared: &Declared) -> String {
    let named = names_of(kind.resource).into_iter().find_map(|member| declared.get(member)?.as_str());
    named.unwrap_or_default().to_owned()
}

/// For each wish the record that it is about, by its place: the one that is called so, or else the one of its id.
fn pair(
    engine: &Engine,
    kind: &Kind<'_>,
    declared: &[Declared],
    found: &[Found],
    names: &Names,
) -> Result<Vec<Option<usize>>, Wrong> {
    let noun = kind.name();
    if kind.resource.singleton {
        return Ok(declared.iter().map(|_| (!found.is_empty()).then_some(0)).collect());
    }
    let mut by_key: HashMap<(Vec<Value>, String), Vec<usize>> = HashMap::new();
    for (at, found) in found.iter().enumerate() {
        by_key.entry(key(kind, &declare(engine, kind, &found.record, names))).or_default().push(at);
    }
    let by_id: HashMap<&str, usize> =
        found.iter().enumerate().filter_map(|(at, found)| Some((found.id.as_ref()?.as_str(), at))).collect();
    let id_of = |wish: &Declared| wish.get("id").and_then(Id::from_value);
    let mut many: HashMap<(Vec<Value>, String), usize> = HashMap::new();
    declared.iter().for_each(|wish| *many.entry(key(kind, wish)).or_default() += 1);
    let mut turns: HashMap<(Vec<Value>, String), usize> = HashMap::new();
    let mut seen = HashSet::new();
    let mut paired = Vec::with_capacity(declared.len());
    for wish in declared {
        let key = key(kind, wish);
        if key.1.is_empty() && id_of(wish).is_none() {
            let members = names_of(kind.resource).join("` or `");
            return Err(Wrong {
                place: noun.into(),
                why: format!("a record has no name: give it `{members}`"),
            });
        }
        if !seen.insert((key.clone(), id_of(wish))) {
            return Err(Wrong::of(noun, &key.1, "it is declared twice".into()));
        }
        paired.push(match by_key.get(&key).map(Vec::as_slice) {
            Some([one]) => Some(*one),
            Some(several) => {
                let said = id_of(wish).and_then(|id| by_id.get(id.as_str()).copied());
                // Of another tenant's ids none is known here: as many as there are go together in their order.
                let nth = turns.entry(key.clone()).or_default();
                let next = several.get(*nth).copied().filter(|_| many[&key] == several.len());
                *nth += 1;
                Some(said.filter(|at| several.contains(at)).or(next).ok_or_else(|| {
                    let why =
                        format!("the tenant has {} that are called so: say which by its `id`", several.len());
                    Wrong::of(noun, &key.1, why)
                })?)
            }
            None => None,
        });
    }
    // Of what is called otherwise now, the id tells which it was, unless that one is wished under its own name.
    let mut taken: HashSet<usize> = paired.iter().copied().flatten().collect();
    for (wish, with) in declared.iter().zip(&mut paired).filter(|(_, with)| with.is_none()) {
        let was = id_of(wish).and_then(|id| by_id.get(id.as_str()).copied());
        *with = was.filter(|at| taken.insert(*at));
    }
    Ok(paired)
}

struct Planner<'a> {
    engine: &'a Engine,
    kind: &'a Kind<'a>,
    names: &'a Names,
    secrets: Secrets<'a>,
}

impl Planner<'_> {
    /// Plans what makes one record what is wished, and tells what that is in engine form.
    fn step(
        &self,
        wish: &Declared,
        with: Option<&Found>,
        stands: Id,
        plan: &mut Plan,
    ) -> Result<Map<String, Value>, Wrong> {
        let kind = self.kind;
        let name = if kind.resource.singleton { String::new() } else { called(kind, wish) };
        let mut said = wish.clone();
        said.shift_remove("id");
        let resolved = resolve(self.engine.catalogue(), kind, &said, self.names, self.secrets);
        let record = resolved.map_err(|why| Wrong::of(kind.name(), &name, why))?;
        let Some(found) = with else {
            match kind.create {
                Some(_) => plan.steps.push(Step {
                    action: Action::Create,
                    kind: kind.name().into(),
                    name,
                    id: Some(stands),
                    record: record.clone(),
                    is: None,
                    differences: Vec::new(),
                }),
                None => plan.left.push(Wrong::of(
                    kind.name(),
                    &name,
                    "it is not there, and no call makes one".into(),
                )),
            }
            return Ok(record);
        };
        let differing = difference::members(kind.resource, &found.record, &record);
        if differing.is_empty() {
            plan.same += 1;
            return Ok(record);
        }
        let (is, wanted) = (self.declared(&found.record), self.declared(&record));
        let differences = differing.iter().map(|member| Difference {
            member: (*member).to_owned(),
            is: is.get(*member).cloned(),
            wanted: wanted.get(*member).cloned().unwrap_or_default(),
        });
        let fixed = differing.iter().find(|member| {
            kind.within().contains(member)
                || kind.resource.field(member).is_some_and(|field| field.is_fixed())
        });
        if kind.update.is_none() || fixed.is_some() {
            let what = fixed.map_or("it differs".to_owned(), |member| format!("`{member}` differs"));
            let why = format!("{what}, and no call changes that: delete it, or declare what it is");
            plan.left.push(Wrong::of(kind.name(), &name, why));
            return Ok(record);
        }
        plan.steps.push(Step {
            action: Action::Update,
            kind: kind.name().into(),
            name,
            id: found.id.clone(),
            differences: differences.collect(),
            record: record.clone(),
            is: Some(found.record.clone()),
        });
        Ok(record)
    }

    fn declared(&self, record: &Map<String, Value>) -> Declared {
        declare(self.engine, self.kind, record, self.names)
    }

    fn delete(&self, gone: &Found, plan: &mut Plan) {
        let kind = self.kind.name();
        if self.kind.delete.is_none() {
            plan.left.push(Wrong::of(kind, &gone.name, "it is not declared, and no call deletes one".into()));
            return;
        }
        plan.steps.push(Step {
            action: Action::Delete,
            kind: kind.into(),
            name: gone.name.clone(),
            id: gone.id.clone(),
            record: gone.record.clone(),
            is: Some(gone.record.clone()),
            differences: Vec::new(),
        });
    }

    /// What tells the list of rules that a record stands in from others of its kind.
    fn list_of(&self, record: &Map<String, Value>) -> Option<Value> {
        let within = self.engine.numbered_by(self.kind.resource)?.within.as_ref()?;
        record.get(within).cloned()
    }

    /// The lists of rules that do not stand in the order of the file once all else is done.
    fn orders(&self, found: &[Found], kept: &HashSet<usize>, wanted: &[Wanted], plan: &mut Plan) {
        let Some(by) = self.engine.numbered_by(self.kind.resource) else { return };
        let mut lists: Vec<&Option<Value>> = Vec::new();
        for Wanted { list, .. } in wanted {
            if !lists.contains(&list) {
                lists.push(list);
            }
        }
        for list in lists {
            let mut now: Vec<(i64, Id)> = Vec::new();
            for (at, found) in found.iter().enumerate() {
                let stays = kept.contains(&at) || found.given || self.kind.delete.is_none();
                if let (true, Some(place), Some(id)) =
                    (stays && self.list_of(&found.record) == *list, found.place, &found.id)
                {
                    now.push((place, id.clone()));
                }
            }
            now.sort_unstable();
            let mut now: Vec<Id> = now.into_iter().map(|(_, id)| id).collect();
            let of_list: Vec<&Wanted> = wanted.iter().filter(|wanted| wanted.list == *list).collect();
            let wanted: Vec<Id> = of_list.iter().map(|wanted| wanted.id.clone()).collect();
            // What is made is put at the end, in the order of the file.
            let there: HashSet<&Id> = now.iter().collect();
            let made: Vec<Id> = wanted.iter().filter(|id| !there.contains(id)).cloned().collect();
            now.extend(made);
            let moved = moves(&now, &wanted);
            let Some((first, _)) = moved.first() else { continue };
            let example = of_list.iter().find(|wanted| wanted.id == *first).map(|wanted| wanted.name.clone());
            let within = by.within.iter().zip(list.as_ref().and_then(Id::from_value));
            plan.orders.push(Order {
                kind: self.kind.name().into(),
                within: within.map(|(member, id)| (member.clone(), id.0)).collect(),
                wanted,
                moved: moved.len(),
                example: example.unwrap_or_default(),
            });
        }
    }
}

/// A rule in the order of the file.
struct Wanted {
    list: Option<Value>,
    id: Id,
    name: String,
}
