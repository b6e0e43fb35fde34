//! Delete: refused while others point at the record, unless the caller insists.

use std::collections::HashSet;

use zuno_catalogue::{Operation, Resource};
use zuno_model::{Fault, Id, Kind};

use crate::{Context, Stored, pointers};

/// Removes a record.
pub fn run<'a>(
    cx: &mut Context<'a>,
    resource: &'a Resource,
    operation: &Operation,
    id: &Id,
) -> Result<(), Fault> {
    let old = cx.need(&resource.kind, id)?;
    let forced = operation.force.as_deref().is_some_and(|flag| cx.flag(flag));
    erase(cx, resource, &old, operation.unless.is_some(), forced)
}

/// Removes every record that the path speaks of by what they belong to, or none of them.
pub fn all<'a>(cx: &mut Context<'a>, resource: &'a Resource, operation: &Operation) -> Result<(), Fault> {
    let owner = |(name, named): &(String, String)| {
        let kind = resource.field(name)?.shape.target()?;
        Some((name.clone(), kind.to_owned(), Id(named.clone())))
    };
    let owners: Vec<(String, String, Id)> = cx.params().iter().filter_map(owner).collect();
    for (_, kind, id) in &owners {
        cx.need(kind, id)?;
    }
    // The innermost has the fewest; whether they belong to the others as well is looked at one by one.
    let Some((name, kind, id)) = owners.last() else { return Ok(()) };
    let mut found = cx.pointing(&resource.kind, name, kind, id)?;
    found.retain(|stored| cx.belongs(resource, &stored.record));
    found.iter().try_for_each(|stored| erase(cx, resource, stored, operation.unless.is_some(), false))
}

/// Refuses what others point at.
pub fn free(cx: &Context<'_>, resource: &Resource, id: &Id) -> Result<(), Fault> {
    let by = cx.referrers(&resource.kind, id)?;
    match by.is_empty() {
        true => Ok(()),
        false => Err(Fault::InUse { kind: Kind(resource.kind.clone()), id: id.clone(), by }),
    }
}

/// Removes a record with all hooks: refused while it is pointed at if `guarded`, detached first if `forced`.
fn erase<'a>(
    cx: &mut Context<'a>,
    resource: &'a Resource,
    stored: &Stored,
    guarded: bool,
    forced: bool,
) -> Result<(), Fault> {
    // Who points at a tenant's first objects is known once they are its own.
    cx.make_own(&resource.kind)?;
    for (follower, id) in followers(cx, resource, &stored.id)? {
        let follower = cx.resource(&follower)?;
        let stored = cx.need(&follower.kind, &id)?;
        remove(cx, follower, &stored, guarded, forced)?;
    }
    remove(cx, resource, stored, guarded, forced)
}

/// Removes a record that none follows any more.
fn remove<'a>(
    cx: &mut Context<'a>,
    resource: &'a Resource,
    stored: &Stored,
    guarded: bool,
    forced: bool,
) -> Result<(), Fault> {
    for behaviour in cx.engine.guarding(resource) {
        behaviour.before_delete(cx, stored)?;
    }
    if forced {
        for link in cx.referrers(&resource.kind, &stored.id)? {
            cx.detach(link.kind.as_str(), &link.id, &resource.kind, &stored.id)?;
        }
    } else if guarded {
        free(cx, resource, &stored.id)?;
    }
    cx.note_before(resource, &stored.id, Some(&stored.record))?;
    cx.remove(&resource.kind, &stored.id)?;
    for behaviour in cx.engine.guarding(resource).rev() {
        behaviour.after_delete(cx, stored)?;
    }
    Ok(())
}

/// Who goes with a record: those that point at it through a member that `follows`, and those that go with them; each before
/// the one that it follows.
fn followers(cx: &Context<'_>, resource: &Resource, id: &Id) -> Result<Vec<(String, Id)>, Fault> {
    let mut found = vec![(resource.kept_as().to_owned(), id.clone())];
    let mut known = HashSet::from([found[0].clone()]);
    let mut next = 0;
    while let Some((kind, id)) = found.get(next).cloned() {
        next += 1;
        for (from, name) in cx.catalogue().pointing_at(&kind) {
            if from.field(name).is_some_and(|field| field.follows) {
                for stored in cx.pointing(&from.kind, name, &kind, &id)? {
                    let follower = (from.kind.clone(), stored.id);
                    if known.insert(follower.clone()) {
                        found.push(follower);
                    }
                }
            }
        }
    }
    Ok(found.into_iter().skip(1).rev().collect())
}

impl<'a> Context<'a> {
    /// Removes a record with all hooks, as if a caller had asked for it; `guarded` refuses while it is pointed at.
    ///
    /// # Errors
    /// [`Fault::NotFound`], [`Fault::InUse`], another refusal, or the store failed.
    pub fn erase(&mut self, resource: &'a Resource, id: &Id, guarded: bool) -> Result<(), Fault> {
        let old = self.need(&resource.kind, id)?;
        erase(self, resource, &old, guarded, false)
    }

    /// Takes the pointers at a record out of another one; its hooks for changes do not run.
    ///
    /// # Errors
    /// The store failed.
    pub fn detach(&mut self, from: &str, id: &Id, kind: &str, target: &Id) -> Result<(), Fault> {
        let Some(mut stored) = self.get(from, id)? else { return Ok(()) };
        let resource = self.resource(from)?;
        pointers::detach(resource, &mut stored.record, kind, target);
        for behaviour in self.engine.bound(resource).all() {
            behaviour.detach(&mut stored.record, kind, target);
        }
        self.save(from, &stored)
    }
}
