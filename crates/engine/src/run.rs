//! From a call to its outcome: the plain verbs here, everything else by the behaviour that an operation names.

use zuno_catalogue::{Operation, Resource, Verb};
use zuno_model::{Fault, Fix, Id, Kind};

use crate::{Behaviour, Context, Outcome, Stored, compose, decode, erase, listing};

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
        match operation.verb {
            Verb::List => {
                Ok(Run { outcome: listing::run(cx, resource, operation, &call.list_query)?, id: None })
            }
            Verb::Read => read(cx, resource, operation),
            Verb::Create => create(cx, resource, operation),
            Verb::Update => update(cx, resource, operation),
            Verb::Delete => {
                let id = target(cx, resource)?;
                cx.reached(&resource.kind, &id).map_err(|fault| missing(cx, resource, &id, fault))?;
                let change = erase::run(cx, resource, operation, &id)?;
                Ok(Run { outcome: Outcome::Done, id: Some(change.id) })
            }
            Verb::Act => {
                let name = operation.does.as_deref().unwrap_or_default();
                let behaviour = cx.engine.bound(resource).named(name);
                let behaviour =
                    behaviour.ok_or_else(|| Fault::broken(format!("no behaviour `{name}` is bound")))?;
                Ok(Run { outcome: Behaviour::on_action(behaviour, cx, call)?, id: None })
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
    let shown = cx.show(resource, Verb::Read, operation.view.as_deref(), stored)?;
    Ok(Run { outcome: Outcome::One(shown), id: Some(id) })
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
    let old = match resource.singleton {
        true => cx.only(&resource.kind)?,
        false => {
            let id = target(cx, resource)?;
            cx.reached(&resource.kind, &id).map_err(|fault| missing(cx, resource, &id, fault))?
        }
    };
    let change = compose::merge(resource, cx.catalogue().owner(resource), old, sent);
    let change = compose::write(cx, resource, change)?;
    answer(cx, resource, operation, change.id)
}

/// The record as the answer of a write shows it, unless the answer has no body.
fn answer(cx: &Context<'_>, resource: &Resource, operation: &Operation, id: Id) -> Result<Run, Fault> {
    let status = cx.catalogue().success(resource, operation);
    if status == 204 || operation.answer.is_some() {
        return Ok(Run { outcome: Outcome::Done, id: Some(id) });
    }
    let stored = cx.need(&resource.kind, &id)?;
    let shown = cx.show(resource, operation.verb, operation.view.as_deref(), stored)?;
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
