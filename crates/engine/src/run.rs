//! From a call to its outcome: the plain verbs here, everything else by the behaviour that an operation names.

use serde_json::{Map, Value, json};
use zuno_catalogue::{Operation, Refused, Resource, Verb};
use zuno_model::{Fault, Fix, Id, Kind, Refusal};

use crate::{Behaviour, Context, Outcome, Stored, bulk, compose, decode, erase, listing};

/// What a call came to.
#[derive(Debug)]
pub struct Run {
    /// What is to be shown.
    pub outcome: Outcome,
    /// The record that was read or changed, where there is one.
    pub id: Option<Id>,
}

impl<'a> Context<'a> {
    /// Carries out its call.
    ///
    /// # Errors
    /// There is none, or the refusal. A write that was refused must be dropped by the store.
    pub fn run(&mut self) -> Result<Run, Fault> {
        let call = self.call()?;
        let cx = self;
        let (resource, operation) = cx.engine.operation(call);
        cx.known_scope(resource)?;
        if let Some(Refused { code, message, .. }) = &operation.refused {
            let (code, message) = (code.clone(), message.clone());
            return Err(Fault::Refused { class: Refusal::Forbidden, code, message, params: Vec::new() });
        }
        match operation.verb {
            Verb::List => {
                Ok(Run { outcome: listing::written(cx, resource, operation, &call.list_query)?, id: None })
            }
            Verb::Count => {
                let total = listing::count(cx, resource, operation)?;
                let total =
                    operation.listed_in.as_ref().map_or(json!(total), |member| json!({ member: total }));
                Ok(Run { outcome: Outcome::Value(total), id: None })
            }
            Verb::Read => read(cx, resource, operation),
            Verb::Create => create(cx, resource, operation),
            Verb::Update => update(cx, resource, operation),
            Verb::Patch => patch(cx, resource, operation),
            Verb::BulkCreate => Ok(Run { outcome: bulk::create(cx, resource, operation)?, id: None }),
            Verb::BulkDelete => Ok(Run { outcome: bulk::delete(cx, resource, operation)?, id: None }),
            Verb::DeleteAll => {
                erase::all(cx, resource, operation)?;
                Ok(Run { outcome: Outcome::Done, id: None })
            }
            Verb::Delete => {
                let id = meant(cx, resource)?.id;
                erase::run(cx, resource, operation, &id)?;
                Ok(Run { outcome: Outcome::Done, id: Some(id) })
            }
            Verb::Act => {
                let name = operation.does.as_deref().unwrap_or_default();
                let behaviour = cx.engine.bound(resource).named(name);
                let behaviour =
                    behaviour.ok_or_else(|| Fault::broken(format!("no behaviour `{name}` is bound")))?;
                let outcome = match (Behaviour::on_action(behaviour, cx, call)?, &operation.member) {
                    (Outcome::One(shown), Some(member)) => {
                        Outcome::Value(bare(cx, resource, operation, member, shown)?)
                    }
                    (outcome, _) => outcome,
                };
                Ok(Run { outcome, id: None })
            }
        }
    }
}

fn read(cx: &Context<'_>, resource: &Resource, operation: &Operation) -> Result<Run, Fault> {
    let stored = match cx.param("id") {
        Some(id) => {
            let id = Id(id.to_owned());
            seen(cx, resource, &id).map_err(|fault| missing(cx, resource, &id, fault))?
        }
        None if resource.singleton => cx.only(&resource.kind)?,
        None => named_by_path(cx, resource)?,
    };
    let id = stored.id.clone();
    if operation.unless.is_some() {
        erase::free(cx, resource, &id)?;
    }
    let shown = cx.show(resource, Verb::Read, operation.view.as_deref(), stored)?;
    let outcome = match &operation.member {
        Some(member) => Outcome::Value(bare(cx, resource, operation, member, shown)?),
        None => Outcome::One(shown),
    };
    Ok(Run { outcome, id: Some(id) })
}

/// One member without the record around it, or the entry of it that the query picks.
fn bare(
    cx: &Context<'_>,
    resource: &Resource,
    operation: &Operation,
    member: &str,
    mut shown: Value,
) -> Result<Value, Fault> {
    let mut value = shown.get_mut(member).map_or(Value::Array(Vec::new()), Value::take);
    let key = operation.key.as_ref().and_then(|name| Some((name, cx.query(name)?)));
    let Some((name, key)) = key.filter(|(_, key)| !key.is_empty()) else { return Ok(value) };
    match value.get_mut(key) {
        Some(entry) => Ok(entry.take()),
        None => Err(Fault::said(&Kind(resource.kind.clone()), name, format!("`{key}` is not known"))),
    }
}

fn create<'a>(cx: &mut Context<'a>, resource: &'a Resource, operation: &Operation) -> Result<Run, Fault> {
    let mut sent = decode::body(cx.catalogue(), resource, body(cx)?)?;
    compose::adopt(cx, resource, &mut sent);
    let change = compose::draft(cx, resource, sent)?;
    let change = compose::write(cx, resource, change)?;
    answer(cx, resource, operation, change.id)
}

fn update<'a>(cx: &mut Context<'a>, resource: &'a Resource, operation: &Operation) -> Result<Run, Fault> {
    let mut sent = decode::body(cx.catalogue(), resource, body(cx)?)?;
    compose::adopt(cx, resource, &mut sent);
    let old = meant(cx, resource)?;
    let change = compose::merge(cx, resource, old, sent);
    let change = compose::write(cx, resource, change)?;
    answer(cx, resource, operation, change.id)
}

fn patch<'a>(cx: &mut Context<'a>, resource: &'a Resource, operation: &Operation) -> Result<Run, Fault> {
    let said = said(cx, operation);
    let none = Map::new();
    let body = match body(cx) {
        _ if !said.is_empty() && operation.members.is_empty() => &none,
        Ok(Value::Object(body)) => body,
        _ => return Err(Fault::Unreadable("a JSON object is wanted".into())),
    };
    let is_open = |name: &String| operation.members.is_empty() || operation.members.contains(name);
    let given = body.iter().filter(|(name, _)| is_open(name));
    let given: Map<String, Value> =
        given.map(|(name, value)| (name.clone(), value.clone())).chain(said).collect();
    let id = meant(cx, resource)?.id;
    cx.amend(&resource.kind, &id, &Value::Object(given))?;
    answer(cx, resource, operation, id)
}

/// What a patch sets whatever its body: constants, and what the path or the query says.
fn said(cx: &Context<'_>, operation: &Operation) -> Map<String, Value> {
    let value =
        |value: &Value| match value.as_str().and_then(|text| text.strip_prefix('{')?.strip_suffix('}')) {
            None => Some(value.clone()),
            Some(name) => cx.param(name).or_else(|| cx.query(name)).map(Value::from),
        };
    operation.sets.iter().filter_map(|(name, set)| Some((name.clone(), value(&set.0)?))).collect()
}

/// The record that a write is about.
fn meant(cx: &Context<'_>, resource: &Resource) -> Result<Stored, Fault> {
    if resource.singleton {
        return cx.only(&resource.kind);
    }
    let by_path =
        |name: &str| name != "id" && resource.field(name).is_some_and(|field| field.unique.is_some());
    if cx.param("id").is_none() && cx.params().iter().any(|(name, _)| by_path(name)) {
        return named_by_path(cx, resource);
    }
    let id = target(cx, resource)?;
    cx.reached(&resource.kind, &id).map_err(|fault| missing(cx, resource, &id, fault))
}

/// The record as the answer of a write shows it, unless the answer has no body.
fn answer(cx: &Context<'_>, resource: &Resource, operation: &Operation, id: Id) -> Result<Run, Fault> {
    let status = cx.catalogue().success(resource, operation);
    if status == 204 || operation.answer.is_some() {
        return Ok(Run { outcome: Outcome::Done, id: Some(id) });
    }
    let stored = cx.need(&resource.kind, &id)?;
    let verb = if operation.verb == Verb::Patch { Verb::Update } else { operation.verb };
    let shown = cx.show(resource, verb, operation.view.as_deref(), stored)?;
    Ok(Run { outcome: Outcome::One(shown), id: Some(id) })
}

/// The id that a call names: in its path, or in its body.
fn target(cx: &Context<'_>, resource: &Resource) -> Result<Id, Fault> {
    if let Some(id) = cx.param("id") {
        return Ok(Id(id.to_owned()));
    }
    let in_body = cx.sent("id").and_then(Id::from_value);
    in_body.ok_or_else(|| Fault::Invalid {
        kind: Kind(resource.kind.clone()),
        field: "id".into(),
        fix: Fix::Missing,
    })
}

/// The refusal of an id that no record has: a behaviour's, or that it is not found.
fn missing(cx: &Context<'_>, resource: &Resource, id: &Id, fault: Fault) -> Fault {
    match fault {
        Fault::NotFound { .. } => {
            let mut said =
                cx.engine.bound(resource).all().filter_map(|behaviour| behaviour.on_missing(cx, id));
            said.next().unwrap_or(fault)
        }
        other => other,
    }
}

/// The record of this id, if the call may see it.
fn seen(cx: &Context<'_>, resource: &Resource, id: &Id) -> Result<Stored, Fault> {
    let found = cx.reached(&resource.kind, id);
    if let (Err(Fault::NotFound { .. }), Some(_), Some(scope)) =
        (&found, &resource.scope, cx.scope().for_store())
        && let Some(lent) = cx.lent(resource, scope)?.into_iter().find(|stored| stored.id == *id)
    {
        return Ok(lent);
    }
    found
}

/// The one record that has the members the path names.
fn named_by_path(cx: &Context<'_>, resource: &Resource) -> Result<Stored, Fault> {
    let all = cx.all(&resource.kind, None)?;
    all.into_iter().find(|stored| cx.belongs(resource, &stored.record)).ok_or_else(|| {
        let named = cx.params().iter().rfind(|(name, _)| resource.field(name).is_some());
        let id = Id(named.map(|(_, value)| value.clone()).unwrap_or_default());
        Fault::NotFound { kind: Kind(resource.kind.clone()), id }
    })
}

fn body<'a>(cx: &Context<'a>) -> Result<&'a serde_json::Value, Fault> {
    cx.body().ok_or_else(|| Fault::Unreadable("a JSON body is wanted, none came".into()))
}
