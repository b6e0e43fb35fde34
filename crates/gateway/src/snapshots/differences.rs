//! What two states of tenants have that the other has not: by records and their members, told by name. What a write leaves
//! behind of itself, when it was and whose, is no difference, nor is the number of a rule that made room for another.

mod moved;
mod side;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde_json::{Map, Value, json};
use zuno_catalogue::{Resource, Shape, Stamp};
use zuno_engine::Numbering;
use zuno_model::{Fault, Id, Record};
use zuno_store::Read;

use self::moved::moved;
pub use self::side::Of;
use self::side::{Scoped, Side};
use super::refused::Refused;
use crate::Cloud;

/// How many differences are told; the others are counted.
const TOLD: usize = 10_000;

/// How many records are told that refer to a removed one.
const REFERRERS: usize = 20;

/// What was found.
#[derive(Default)]
struct Found {
    told: Vec<Value>,
    untold: usize,
    counts: BTreeMap<&'static str, usize>,
}

impl Found {
    fn add(
        &mut self,
        change: &'static str,
        tell: impl FnOnce() -> Result<Value, Fault>,
    ) -> Result<(), Fault> {
        *self.counts.entry(change).or_default() += 1;
        match self.told.len() < TOLD {
            true => self.told.push(tell()?),
            false => self.untold += 1,
        }
        Ok(())
    }
}

/// Compares two states, at one moment of the store.
pub fn differences(cloud: &Cloud, before: &Of, after: &Of) -> Result<Value, Refused> {
    let sessions = [cloud.own_session(&before.tenant().into())?, cloud.own_session(&after.tenant().into())?];
    let without_secrets = before.lacks_secrets() || after.lacks_secrets();
    let mut found = Ok(Found::default());
    cloud.store.view(&mut |tx: &dyn Read| {
        let side = |of, session| Side::new(&cloud.engine, tx, of, session, without_secrets);
        found = side(before, &sessions[0])
            .and_then(|before| Ok((before, side(after, &sessions[1])?)))
            .and_then(|(before, after)| compare(&before, &after));
    })?;
    let Found { told, untold, counts } = found?;
    let count = |change| counts.get(change).copied().unwrap_or_default();
    Ok(json!({
        "same": counts.is_empty(),
        "added": count("added"), "removed": count("removed"), "changed": count("changed"),
        "secrets_compared": !without_secrets,
        "differences": told, "untold": untold,
    }))
}

fn compare(before: &Side<'_>, after: &Side<'_>) -> Result<Found, Fault> {
    let catalogue = before.engine.catalogue();
    let mut found = Found::default();
    for kind in before.own.union(&after.own) {
        let Some(resource) = catalogue.resource(kind) else { continue };
        let (was, is) = (before.texts(resource)?, after.texts(resource)?);
        let gone: BTreeSet<&Id> = was.keys().filter(|id| !is.contains_key(id)).collect();
        let referrers = referrers(before, kind, &gone)?;
        let moved = moved_rules((before, &was), (after, &is), resource)?;
        let still = |id: &Id| match &moved {
            Some((by, moved)) if !moved.contains(id) => Some(by.member.as_str()),
            _ => None,
        };
        for (id, text) in &was {
            match is.get(id) {
                None => found.add("removed", || {
                    let mut told = called(before, resource, "removed", id, text)?;
                    let (some, more) = referrers.get(id).cloned().unwrap_or_default();
                    told.insert("referrers".into(), some.into());
                    if more > 0 {
                        told.insert("further_referrers".into(), more.into());
                    }
                    Ok(told.into())
                })?,
                Some(now) if now == text => {}
                Some(now) => {
                    let ((_, old), (_, new)) = (before.open(resource, text)?, after.open(resource, now)?);
                    let members = changed(resource, &old, &new, still(id));
                    if !members.is_empty() {
                        found.add("changed", || {
                            let mut told = called(after, resource, "changed", id, now)?;
                            let each = |name: &&str| member(before, after, resource, name, &old, &new);
                            let members: Vec<Value> = members.iter().map(each).collect::<Result<_, _>>()?;
                            told.insert("members".into(), members.into());
                            Ok(told.into())
                        })?;
                    }
                }
            }
        }
        for (id, text) in is.iter().filter(|(id, _)| !was.contains_key(id)) {
            found.add("added", || Ok(called(after, resource, "added", id, text)?.into()))?;
        }
    }
    Ok(found)
}

/// What the records of a kind are numbered by, where they are, and which of them were moved.
fn moved_rules<'a>(
    (before, was): (&Side<'a>, &BTreeMap<Id, String>),
    (after, is): (&Side<'a>, &BTreeMap<Id, String>),
    resource: &Resource,
) -> Result<Option<(&'a Numbering, BTreeSet<Id>)>, Fault> {
    let Some(by) = before.engine.numbered_by(resource) else { return Ok(None) };
    let open = |side: &Side<'a>, texts: &BTreeMap<Id, String>| -> Result<BTreeMap<Id, Scoped>, Fault> {
        texts.iter().map(|(id, text)| Ok((id.clone(), side.open(resource, text)?))).collect()
    };
    Ok(Some((by, moved(by, &open(before, was)?, &open(after, is)?))))
}

fn called(
    side: &Side<'_>,
    resource: &Resource,
    change: &str,
    id: &Id,
    text: &str,
) -> Result<Map<String, Value>, Fault> {
    let (_, record) = side.open(resource, text)?;
    let mut told = Map::new();
    told.insert("change".into(), change.into());
    told.insert("kind".into(), resource.kind.as_str().into());
    told.insert("noun".into(), resource.noun.as_str().into());
    told.insert("id".into(), id.as_str().into());
    told.insert("name".into(), side.engine.called(resource, id, &record).into());
    Ok(told)
}

/// The members that differ; `still` is one that tells a place that has not changed.
fn changed<'r>(resource: &Resource, was: &'r Record, is: &'r Record, still: Option<&str>) -> Vec<&'r str> {
    let counts = |name: &str| {
        let stamp = resource.field(name).and_then(|field| field.stamp);
        let leaves_behind =
            matches!(stamp, Some(Stamp::Modified | Stamp::Actor | Stamp::ActorLink | Stamp::Writes));
        !leaves_behind && still != Some(name)
    };
    let value = |record: &'r Record, name: &str| record.get(name).filter(|value| !value.is_null());
    let names = was.keys().chain(is.keys().filter(|name| !was.contains_key(*name)));
    names.map(String::as_str).filter(|name| counts(name) && value(was, name) != value(is, name)).collect()
}

/// What a member was and is.
fn member(
    before: &Side<'_>,
    after: &Side<'_>,
    resource: &Resource,
    name: &str,
    was: &Record,
    is: &Record,
) -> Result<Value, Fault> {
    if before.engine.secrets_of(&resource.kind).contains(&name) {
        return Ok(json!({ "member": name, "secret": true }));
    }
    let told = |side: &Side<'_>, value: Option<&Value>| -> Result<Option<Value>, Fault> {
        let shape = resource.field(name).map(|field| &field.shape);
        value.map(|value| by_name(side, resource, shape, value)).transpose()
    };
    if let (Some(Value::Array(was)), Some(Value::Array(is))) = (was.get(name), is.get(name)) {
        let less = |one: &[Value], other: &[Value]| -> Value {
            let known: std::collections::HashSet<&Value> = other.iter().collect();
            one.iter().filter(|value| !known.contains(value)).cloned().collect()
        };
        let (added, removed) = (less(is, was), less(was, is));
        if added != json!([]) || removed != json!([]) {
            let (added, removed) = (told(after, Some(&added))?, told(before, Some(&removed))?);
            return Ok(json!({ "member": name, "added": added, "removed": removed }));
        }
    }
    Ok(json!({ "member": name, "before": told(before, was.get(name))?, "after": told(after, is.get(name))? }))
}

/// A value in which what refers to records says how these are called.
fn by_name(
    side: &Side<'_>,
    resource: &Resource,
    shape: Option<&Shape>,
    value: &Value,
) -> Result<Value, Fault> {
    Ok(match (shape, value) {
        (Some(Shape::Ref(kind) | Shape::Link(kind)), Value::String(id)) => {
            match side.name(kind, &Id(id.clone()))? {
                Some(name) => json!({ "id": id, "name": name }),
                None => value.clone(),
            }
        }
        (Some(Shape::List(inner)), Value::Array(items)) => {
            let each = |item| by_name(side, resource, Some(inner), item);
            Value::Array(items.iter().map(each).collect::<Result<_, _>>()?)
        }
        (Some(Shape::Named(name)), Value::Object(members)) => {
            let fields = side.engine.catalogue().value_type(resource, name);
            let mut told = Map::new();
            for (name, value) in members {
                let shape = fields.and_then(|fields| fields.get(name)).map(|field| &field.shape);
                told.insert(name.clone(), by_name(side, resource, shape, value)?);
            }
            Value::Object(told)
        }
        _ => value.clone(),
    })
}

/// By what was removed: who referred to it, the first few, and how many more.
type Referrers = HashMap<Id, (Vec<Value>, usize)>;

fn referrers(before: &Side<'_>, kind: &str, gone: &BTreeSet<&Id>) -> Result<Referrers, Fault> {
    let mut found = Referrers::new();
    if gone.is_empty() {
        return Ok(found);
    }
    let catalogue = before.engine.catalogue();
    let kinds: BTreeSet<&str> =
        catalogue.kinds_pointing_at(kind).map(|from| catalogue.kept_as(from)).collect();
    for resource in kinds.into_iter().filter_map(|from| catalogue.resource(from)) {
        before.each(resource, |id, record| {
            for pointer in before.engine.pointers_of(resource, &record) {
                if pointer.kind != kind || !gone.contains(&pointer.id) {
                    continue;
                }
                let (some, more) = found.entry(pointer.id).or_default();
                if some.len() < REFERRERS {
                    some.push(json!({
                        "kind": resource.kind, "id": id, "name": before.engine.called(resource, &id, &record),
                        "member": pointer.field,
                    }));
                } else {
                    *more += 1;
                }
            }
            Ok(())
        })?;
    }
    Ok(found)
}
