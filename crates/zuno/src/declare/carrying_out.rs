//! A plan carried out: each record read before it is changed, what was made known to what refers to it, rules put in order and
//! changes activated at the end.

use std::collections::{BTreeSet, HashMap};

use anyhow::{Context as _, Result, bail};
use serde_json::{Map, Value};
use zuno_catalogue::{Operation, Resource};
use zuno_engine::{Engine, spell};
use zuno_model::Id;
use zuno_plan::{Action, Found, Kind, Order, PENDING, Plan, Reader, Step, differing, kind, moves};

use super::calls::Caller;
use super::reading::{Forgotten, Reading};

/// What was done.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Done {
    /// Steps that were done.
    pub steps: usize,
    /// Rules that were moved.
    pub moved: usize,
}

/// Carries plans out.
pub struct CarryingOut<'a> {
    engine: &'a Engine,
    caller: &'a Caller<'a>,
    /// The ids of what was made, by what stood for them.
    made: HashMap<String, String>,
    /// How many rules each list has, so that what is made goes to its end.
    lengths: HashMap<(String, Option<Value>), i64>,
}

impl<'a> CarryingOut<'a> {
    /// Begins; `found` tells how many rules lists have.
    pub fn new(engine: &'a Engine, caller: &'a Caller<'a>, tenant: &zuno_plan::Tenant) -> CarryingOut<'a> {
        let mut lengths = HashMap::new();
        for (name, found) in &tenant.found {
            let Some(resource) = engine.catalogue().resource(name) else { continue };
            let Some(by) = engine.numbered_by(resource) else { continue };
            for found in found.iter().filter(|found| found.place.is_some()) {
                let list = by.within.as_ref().and_then(|within| found.record.get(within)).cloned();
                *lengths.entry((name.clone(), list)).or_default() += 1;
            }
        }
        CarryingOut { engine, caller, made: HashMap::new(), lengths }
    }

    /// Carries a plan out; `tell` hears of each step before it is done.
    ///
    /// # Errors
    /// A step was refused, or what it is about was changed meanwhile: what was done stays, and is told.
    pub fn all(&mut self, plan: &Plan, tell: &dyn Fn(usize)) -> Result<Done> {
        let mut done = Done::default();
        let after = |done: &Done| {
            format!("{} of {} steps are done, and stay; the next one failed", done.steps, plan.steps.len())
        };
        for step in &plan.steps {
            tell(done.steps);
            self.step(step).with_context(|| step_named(step)).with_context(|| after(&done))?;
            done.steps += 1;
        }
        tell(done.steps);
        for order in &plan.orders {
            let moved = self.order(order).with_context(|| format!("put {} in order", order.kind));
            done.moved += moved.with_context(|| after(&done))?;
        }
        Ok(done)
    }

    /// The products whose changes wait for an activation.
    pub fn waiting(&self, plan: &Plan) -> BTreeSet<String> {
        let kinds =
            plan.steps.iter().map(|step| &step.kind).chain(plan.orders.iter().map(|order| &order.kind));
        let staged = kinds
            .filter_map(|name| self.engine.catalogue().resource(name))
            .filter(|resource| resource.staged);
        staged.map(|resource| self.engine.catalogue().owner(resource).name.clone()).collect()
    }

    fn step(&mut self, step: &Step) -> Result<()> {
        let of = kind(self.engine.catalogue(), &step.kind)
            .context("the plan is about a kind that there is not")?;
        match step.action {
            Action::Create => self.create(&of, step),
            Action::Update => self.update(&of, step),
            Action::Delete => self.delete(&of, step),
        }
    }

    fn create(&mut self, of: &Kind<'_>, step: &Step) -> Result<()> {
        let operation = of.create.context("no call makes one")?;
        let mut record = self.settled(&step.record);
        record.retain(|_, value| !value.is_null());
        let parameters = parameters(operation, &record, None);
        if let Some(by) = self.engine.numbered_by(of.resource) {
            let list = by.within.as_ref().and_then(|within| record.get(within)).cloned();
            let length = self.lengths.entry((of.name().to_owned(), list)).or_default();
            *length += 1;
            if operation.parameters().all(|name| name != by.member) && needs(of.resource, &by.member) {
                record.insert(by.member.clone(), (*length).into());
            }
        }
        let answer = self.caller.call(
            of.resource,
            operation,
            &borrowed(&parameters),
            &[],
            Some(&self.body(of, record)),
        )?;
        let id = answer.json().get("id").and_then(Id::from_value);
        let id = match id {
            Some(id) => id,
            None => {
                let named = |found: &&Found| found.name == step.name;
                let again = self.read(of)?;
                let made = again.iter().find(named).and_then(|found| found.id.clone());
                made.context("the answer does not say which id it was given, and no record is called so")?
            }
        };
        if let Some(stood) = &step.id {
            self.made.insert(stood.0.clone(), id.0);
        }
        Ok(())
    }

    fn update(&mut self, of: &Kind<'_>, step: &Step) -> Result<()> {
        let operation = of.update.context("no call changes one")?;
        let now = self.now(of, step)?;
        let is = step.is.as_ref().context("a plan tells what it found")?;
        let number = self.engine.numbered_by(of.resource).map(|by| by.member.clone());
        let mut seen = is.clone();
        seen.retain(|name, _| Some(name) != number.as_ref());
        let others: Vec<&str> = differing(of.resource, &now.record, &seen);
        if !others.is_empty() {
            bail!(
                "it was changed since the plan was made (`{}`), and nothing was written to it: plan again",
                others.join("`, `")
            );
        }
        let mut record = now.record;
        for (name, value) in self.settled(&step.record) {
            match value {
                Value::Null => record.shift_remove(&name),
                value => record.insert(name, value),
            };
        }
        self.put(of, operation, step.id.as_ref(), record)
    }

    fn put(
        &self,
        of: &Kind<'_>,
        operation: &Operation,
        id: Option<&Id>,
        mut record: Map<String, Value>,
    ) -> Result<()> {
        let parameters = parameters(operation, &record, id);
        if let Some(id) = id {
            record.insert("id".into(), id.0.as_str().into());
        }
        let body = self.body(of, record);
        self.caller.call(of.resource, operation, &borrowed(&parameters), &[], Some(&body))?;
        Ok(())
    }

    fn delete(&self, of: &Kind<'_>, step: &Step) -> Result<()> {
        let operation = of.delete.context("no call deletes one")?;
        let parameters = parameters(operation, &step.record, step.id.as_ref());
        self.caller.call(of.resource, operation, &borrowed(&parameters), &[], None)?;
        Ok(())
    }

    /// What a record is at this moment.
    fn now(&self, of: &Kind<'_>, step: &Step) -> Result<Found> {
        let gone = || "it was deleted since the plan was made: plan again";
        if let Some(one) = of.one.filter(|_| step.id.is_some() || of.resource.singleton) {
            let parameters = parameters(one, &step.record, step.id.as_ref());
            let told = self.caller.one(of.resource, one, &borrowed(&parameters))?;
            return Ok(Reader::new(self.engine, of).read(&told, &borrowed(&parameters)));
        }
        self.read(of)?.into_iter().find(|found| found.id == step.id).with_context(gone)
    }

    /// What the tenant has of a kind at this moment.
    fn read(&self, of: &Kind<'_>) -> Result<Vec<Found>> {
        let mut reading = Reading::new(self.engine, self.caller, &Forgotten);
        reading.read(of)?;
        match reading.refused.remove(of.name()) {
            Some((_, why)) => bail!("{} cannot be read: {why}", of.name()),
            None => Ok(reading.tenant.found.remove(of.name()).unwrap_or_default()),
        }
    }

    /// Puts a list of rules in order; says how many were moved.
    fn order(&self, order: &Order) -> Result<usize> {
        let of = kind(self.engine.catalogue(), &order.kind).context("there is no such kind")?;
        let by = self.engine.numbered_by(of.resource).context("its records have no order")?;
        let is_of_list = |found: &&Found| {
            let value = |member: &str| found.record.get(member).and_then(Id::from_value);
            order.within.iter().all(|(member, id)| value(member).is_some_and(|held| held.0 == *id))
        };
        let found = self.read(&of)?;
        let mut placed: Vec<&Found> =
            found.iter().filter(|found| found.place.is_some()).filter(is_of_list).collect();
        placed.sort_by_key(|found| found.place);
        let now: Vec<Id> = placed.iter().filter_map(|found| found.id.clone()).collect();
        let wanted: Vec<Id> = order.wanted.iter().map(|id| self.id(id)).collect();
        let moves = moves(&now, &wanted);
        for (id, place) in &moves {
            let number = place + 1;
            let rule =
                placed.iter().find(|found| found.id.as_ref() == Some(id)).context("it was just read")?;
            match (of.shift, of.update) {
                (Some(shift), _) => {
                    let mut parameters = parameters(shift, &rule.record, Some(id));
                    let to =
                        shift.parameters().find(|name| !parameters.iter().any(|(known, _)| known == name));
                    let to = to
                        .filter(|name| !zuno_plan::is_given(name))
                        .context("its path has no place for a number")?;
                    parameters.push((to.to_owned(), number.to_string()));
                    self.caller.call(of.resource, shift, &borrowed(&parameters), &[], None)?;
                }
                (None, Some(update)) => {
                    let mut record = rule.record.clone();
                    record.insert(by.member.clone(), number.into());
                    self.put(&of, update, Some(id), record)?;
                }
                (None, None) => bail!("no call moves one"),
            }
        }
        Ok(moves.len())
    }

    /// The body that tells a record, without what its path tells.
    fn body(&self, of: &Kind<'_>, record: Map<String, Value>) -> Value {
        let is_said =
            |name: &str| name == "id" || of.resource.field(name).is_some_and(zuno_engine::is_set_by_callers);
        let said = record.into_iter().filter(|(name, _)| is_said(name)).collect();
        Value::Object(spell(self.engine.catalogue(), of.resource, said))
    }

    /// A record with the ids of what was made in the places of what stood for them.
    fn settled(&self, record: &Map<String, Value>) -> Map<String, Value> {
        record.iter().map(|(name, value)| (name.clone(), self.settle(value))).collect()
    }

    fn settle(&self, value: &Value) -> Value {
        match value {
            Value::String(text) if text.starts_with(PENDING) => self.id(&Id(text.clone())).0.into(),
            Value::Array(items) => items.iter().map(|item| self.settle(item)).collect(),
            Value::Object(members) => Value::Object(self.settled(members)),
            other => other.clone(),
        }
    }

    fn id(&self, id: &Id) -> Id {
        self.made.get(&id.0).map_or_else(|| id.clone(), |made| Id(made.clone()))
    }
}

/// Whether callers must say the number of a rule's place.
fn needs(resource: &Resource, member: &str) -> bool {
    resource.field(member).is_some_and(|field| field.access == zuno_catalogue::Access::Required)
}

/// What the parameters of an operation's path are for a record.
fn parameters(operation: &Operation, record: &Map<String, Value>, id: Option<&Id>) -> Vec<(String, String)> {
    let mut parameters = super::reading::record_parameters(operation, record);
    parameters.extend(id.map(|id| ("id".to_owned(), id.0.clone())));
    parameters
}

fn borrowed(parameters: &[(String, String)]) -> Vec<(&str, &str)> {
    parameters.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

/// A step in words.
pub fn step_named(step: &Step) -> String {
    let verb = match step.action {
        Action::Create => "create",
        Action::Update => "update",
        Action::Delete => "delete",
    };
    if step.name.is_empty() {
        format!("{verb} {}", step.kind)
    } else {
        format!("{verb} {} `{}`", step.kind, step.name)
    }
}
