//! Create and update: what is sent, what stays, what the server fills in, what must hold.

use std::collections::HashSet;

use serde_json::Value;
use zuno_catalogue::{Access, Field, Ids, Json, OnUpdate, Resource, Shape, Stamp, Verb};
use zuno_model::{Fault, Fix, Id, Kind, Record};
use zuno_store::Pointer;

use crate::{Change, Context, Stored, at_path, decode, pointers};

/// Whether a tenant may have more objects of a kind than the catalogue says, as larger tenants are granted;
/// given to the engine.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ObjectLimits {
    /// As documented.
    #[default]
    Real,
    /// As many as there is room for.
    Off,
}

impl<'a> Context<'a> {
    /// Reads a body as members of a kind, checked as a plain create or update would.
    ///
    /// # Errors
    /// The first member that is wrong.
    pub fn decode(&self, kind: &str, body: &Value) -> Result<Record, Fault> {
        decode::body(self.catalogue(), self.resource(kind)?, body)
    }

    /// Reads a body as one of a kind's value types, with its defaults; what it needs must be there.
    ///
    /// # Errors
    /// The first member that is wrong.
    pub fn decode_as(&self, kind: &str, named: &str, body: &Value) -> Result<Record, Fault> {
        decode::named(self.catalogue(), self.resource(kind)?, named, body)
    }

    /// Makes a record in a scope as a plain create with this body would; what the call's path names stays out of it.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn create(&mut self, kind: &str, scope: &str, body: &Value) -> Result<Change, Fault> {
        let sent = self.decode(kind, body)?;
        self.insert(kind, scope, sent)
    }

    /// Makes a record of these members, in engine form, which may be the server's own: over the defaults, with an id
    /// of its own and all hooks.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn insert(&mut self, kind: &str, scope: &str, members: Record) -> Result<Change, Fault> {
        let resource = self.resource(kind)?;
        let draft = draft(self, resource, members)?;
        self.write(resource, Change { scope: scope.to_owned(), ..draft })
    }

    /// Changes a record as a plain update with this body would.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn update(&mut self, kind: &str, id: &Id, body: &Value) -> Result<Change, Fault> {
        let resource = self.resource(kind)?;
        let sent = self.decode(kind, body)?;
        let old = self.need(kind, id)?;
        let change = merge(self, resource, old, sent);
        self.write(resource, change)
    }

    /// Changes the members of a record that a body names, and leaves all others as they are.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn amend(&mut self, kind: &str, id: &Id, body: &Value) -> Result<Change, Fault> {
        let resource = self.resource(kind)?;
        let sent = self.decode(kind, body)?;
        let old = self.need(kind, id)?;
        let mut new = old.record.clone();
        let fixed = |name: &str| resource.field(name).is_some_and(Field::is_fixed);
        new.extend(sent.clone().into_iter().filter(|(name, _)| !fixed(name)));
        let (id, scope, old) = (old.id, old.scope, Some(old.record));
        self.write(resource, Change { verb: Verb::Update, id, scope, old, new, sent })
    }

    /// Carries out a change with all hooks and checks, as if a caller had asked for it.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn write(&mut self, resource: &'a Resource, change: Change) -> Result<Change, Fault> {
        write(self, resource, change)
    }
}

/// What a resource describes, and what only the kind describes whose records it shows.
fn described<'a>(
    cx: &Context<'a>,
    resource: &'a Resource,
) -> impl Iterator<Item = (&'a String, &'a Field, bool)> {
    let home = cx.catalogue().home(resource);
    let theirs = home.fields.iter().filter(|(name, _)| !resource.fields.contains_key(*name));
    let own = resource.fields.iter().map(|(name, field)| (name, field, true));
    own.chain(theirs.map(|(name, field)| (name, field, false)))
}

/// The record of a create: what was sent over the defaults, with an id of its own.
pub fn draft<'a>(cx: &mut Context<'a>, resource: &'a Resource, sent: Record) -> Result<Change, Fault> {
    let mut new = Record::new();
    for (name, field, _) in described(cx, resource) {
        let filled = field.filled && cx.as_sent();
        let given = field.access != Access::Server && !filled;
        let default = || field.default.as_ref().filter(|_| given).map(|json| json.0.clone());
        if let Some(value) = sent.get(name).cloned().or_else(default) {
            new.insert(name.clone(), value);
        }
    }
    let id = if resource.singleton { Id("1".into()) } else { new_id(cx, resource)? };
    // What has no scopes belongs to the whole tenant, whichever scope the call speaks of.
    let scope = if resource.scope.is_some() { cx.scope().for_new() } else { "0" };
    Ok(Change { verb: Verb::Create, id, scope: scope.to_owned(), old: None, new, sent })
}

/// The record of an update: what was sent, and of the rest what the product keeps.
pub fn merge<'a>(cx: &Context<'a>, resource: &'a Resource, old: Stored, sent: Record) -> Change {
    let product = cx.catalogue().owner(resource);
    let mut new = Record::new();
    for (name, field, own) in described(cx, resource) {
        let held = old.record.get(name);
        let servers = matches!(field.access, Access::Server | Access::Hidden);
        let keeps = || cx.engine.guarding(resource).any(|behaviour| behaviour.keeps(&old.record, name));
        let fixed = !own || servers || field.is_fixed() || keeps();
        let given = sent.get(name).filter(|_| !fixed).cloned();
        let kept = || held.filter(|_| fixed || product.on_update(field) != OnUpdate::Clear).cloned();
        let filled = field.filled && cx.as_sent();
        let default = field.cleared.as_ref().or(field.default.as_ref()).filter(|_| !fixed && !filled);
        let default = || default.map(|json| json.0.clone());
        if let Some(value) = given.or_else(kept).or_else(default) {
            new.insert(name.clone(), value);
        }
    }
    Change { verb: Verb::Update, id: old.id, scope: old.scope, old: Some(old.record), new, sent }
}

/// Carries out a create or update: stamps, behaviours, checks, and the store.
pub fn write<'a>(cx: &mut Context<'a>, resource: &'a Resource, mut change: Change) -> Result<Change, Fault> {
    stamp(cx, resource, &mut change);
    required(resource, &change, |field| field.left_to.is_none())?;
    for behaviour in cx.engine.guarding(resource) {
        behaviour.before_write(cx, &mut change)?;
    }
    change.new.insert("id".into(), Value::String(change.id.0.clone()));
    required(resource, &change, |_| true)?;
    conditions(resource, &change)?;
    resolve(cx, resource, &change)?;
    if change.verb == Verb::Create
        && let Some(limit) = resource.limit
        && cx.engine.given() != Some(&ObjectLimits::Off)
        && cx.count(&resource.kind, None)? >= limit
    {
        let message = resource.limit_message.clone();
        return Err(Fault::Quota { kind: Kind(resource.kind.clone()), limit, message });
    }
    let stored = Stored {
        id: change.id.clone(),
        scope: change.scope.clone(),
        sort: String::new(),
        record: kept(cx, resource, &change.new),
    };
    cx.note_before(resource, &change.id, change.old.as_ref())?;
    cx.save(&resource.kind, &stored)?;
    for behaviour in cx.engine.guarding(resource).rev() {
        behaviour.after_write(cx, &change)?;
    }
    Ok(change)
}

/// A record as it is kept: of another kind's, the members that this one describes.
fn kept(cx: &Context<'_>, resource: &Resource, record: &Record) -> Record {
    let mut record = record.clone();
    if resource.records.is_some() {
        let home = cx.catalogue().home(resource);
        record.retain(|name, _| name == "id" || home.fields.contains_key(name));
    }
    record
}

fn stamp<'a>(cx: &Context<'a>, resource: &'a Resource, change: &mut Change) {
    let actor = cx.actor();
    let created = change.verb == Verb::Create;
    for (name, field, _) in described(cx, resource) {
        let value = match field.stamp {
            Some(Stamp::Created) if created => Value::from(cx.now()),
            Some(Stamp::Modified) => Value::from(cx.now()),
            Some(Stamp::Actor) => Value::String(actor.number.to_string()),
            Some(Stamp::CreatorLink) if created => link(actor.number, &actor.name),
            Some(Stamp::ActorLink) => link(actor.number, &actor.name),
            Some(Stamp::Writes) => {
                let held = change.old.as_ref().and_then(|old| old.get(name)).and_then(Value::as_i64);
                Value::from(held.unwrap_or(0) + 1)
            }
            Some(Stamp::Customer) => Value::String(cx.tenant().customer_id.to_string()),
            _ => continue,
        };
        change.new.insert(name.clone(), value);
    }
}

fn link(number: i64, name: &str) -> Value {
    serde_json::json!({ "id": number, "name": name })
}

/// Whether a member, dotted when nested, says something.
fn given(record: &Record, name: &str) -> bool {
    match at_path(record, name) {
        None | Some(Value::Null) => false,
        Some(Value::String(text)) => !text.is_empty(),
        Some(Value::Array(items)) => !items.is_empty(),
        Some(_) => true,
    }
}

fn wrong(resource: &Resource, field: &str, fix: Fix) -> Result<(), Fault> {
    Err(Fault::Invalid { kind: Kind(resource.kind.clone()), field: field.to_owned(), fix })
}

/// Required members are there, as far as they are asked for.
fn required(resource: &Resource, change: &Change, asked: impl Fn(&Field) -> bool) -> Result<(), Fault> {
    let mut required =
        resource.fields.iter().filter(|(_, field)| field.access == Access::Required && asked(field));
    match required.find(|(name, _)| !given(&change.new, name)) {
        Some((name, _)) => wrong(resource, name, Fix::Missing),
        None => Ok(()),
    }
}

/// What the resource's conditions ask for is so.
fn conditions(resource: &Resource, change: &Change) -> Result<(), Fault> {
    let wrong = |field: &str, fix: Fix| wrong(resource, field, fix);
    let given = |name: &str| given(&change.new, name);
    for condition in &resource.when {
        let spared = |(name, value): (&String, &Json)| at_path(&change.new, name) == Some(&value.0);
        if !condition.meets(at_path(&change.new, &condition.field))
            || (!condition.unless.is_empty() && condition.unless.iter().all(spared))
        {
            continue;
        }
        let said = |fallback: Fix| condition.message.clone().map_or(fallback, Fix::Said);
        if let Some(missing) = condition.needs.iter().find(|name| !given(name)) {
            return wrong(missing, said(Fix::Missing));
        }
        if let Some(first) = condition.one_of.first()
            && !condition.one_of.iter().any(|name| given(name))
        {
            return wrong(first, said(Fix::Missing));
        }
        let held = at_path(&change.new, &condition.field).unwrap_or(&Value::Null);
        if let Some(extra) = condition.forbids.iter().find(|name| given(name)) {
            let words = format!("must not be given when {} is {held}", condition.field);
            return wrong(extra, said(Fix::Said(words)));
        }
        let within = |name: &str, values: &[Json]| match at_path(&change.new, name) {
            None | Some(Value::Null) => true,
            Some(Value::Array(items)) => items.iter().all(|item| values.iter().any(|value| value.0 == *item)),
            Some(value) => values.iter().any(|allowed| allowed.0 == *value),
        };
        if let Some((name, values)) = condition.only.iter().find(|(name, values)| !within(name, values)) {
            let values: Vec<String> = values.iter().map(|value| value.0.to_string()).collect();
            let words = format!("must be among {} when {} is {held}", values.join(", "), condition.field);
            return wrong(name, said(Fix::Said(words)));
        }
    }
    Ok(())
}

/// Every record that is newly pointed at exists, and the caller sees it.
fn resolve(cx: &Context<'_>, resource: &Resource, change: &Change) -> Result<(), Fault> {
    if cx.confined(resource).is_some() {
        let before = change.old.as_ref().map(|old| every_pointer(cx, resource, old)).unwrap_or_default();
        let before: HashSet<_> = before.into_iter().collect();
        for pointer in every_pointer(cx, resource, &change.new) {
            if !before.contains(&pointer) {
                cx.may_point(resource, &pointer.field, &pointer.kind, &pointer.id)?;
            }
        }
    }
    let before: HashSet<_> = change
        .old
        .iter()
        .flat_map(|old| pointers::of(cx.catalogue(), resource, old))
        .map(|found| found.pointer)
        .collect();
    for found in pointers::of(cx.catalogue(), resource, &change.new) {
        if found.loose || before.contains(&found.pointer) || found.reserved.contains(&found.pointer.id.0) {
            continue;
        }
        if cx.get(&found.pointer.kind, &found.pointer.id)?.is_none() {
            // Where words may stand in its place, a strange one is no word of the list (seen: `Request body is invalid.`).
            let fix = match found.reserved {
                [] => Fix::Unresolved(Kind(found.pointer.kind)),
                words => Fix::Enum(words.to_vec()),
            };
            return Err(Fault::Invalid {
                kind: Kind(resource.kind.clone()),
                field: found.pointer.field,
                fix,
            });
        }
    }
    Ok(())
}

/// What a record points at: what its fields say, and its behaviours.
fn every_pointer(cx: &Context<'_>, resource: &Resource, record: &Record) -> Vec<Pointer> {
    let by_fields = pointers::of(cx.catalogue(), resource, record).into_iter();
    let mut all: Vec<Pointer> = by_fields.map(|found| found.pointer).collect();
    for behaviour in cx.engine.bound(resource).all() {
        behaviour.pointers(record, &mut all);
    }
    all
}

fn new_id(cx: &mut Context<'_>, resource: &Resource) -> Result<Id, Fault> {
    let home = cx.catalogue().home(resource);
    let ids = home.ids.clone().unwrap_or_else(|| cx.catalogue().owner(home).ids.clone());
    Ok(match ids {
        Ids::TenantSeries => cx.next_in_series()?,
        Ids::Counter { name, start } => Id::from(cx.next(&name, start)?),
        Ids::Least { from } => cx.least_free(&resource.kind, from)?,
        Ids::Opaque(letter) => Id::opaque(&letter, cx.draw()?),
        Ids::Uuid => Id::uuid(cx.draw()?),
        Ids::Chosen => Id(String::new()),
    })
}

/// Takes the members that a path names, such as the list that a rule belongs to.
pub fn adopt(cx: &Context<'_>, resource: &Resource, record: &mut Record) {
    for (name, given) in cx.params() {
        if let Some(field) = resource.field(name).filter(|_| name != "id") {
            let value = match field.shape {
                Shape::Int => given.parse().map_or(Value::Null, |number: i64| Value::from(number)),
                _ => Value::String(given.clone()),
            };
            record.insert(name.clone(), value);
        }
    }
}
