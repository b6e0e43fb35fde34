//! Delete: refused while others point at the record, unless the caller insists.

use zuno_catalogue::{Operation, Resource};
use zuno_model::{Fault, Id, Kind};

use crate::{Change, Context, pointers};

/// Removes a record.
pub fn run<'a>(
    cx: &mut Context<'a>,
    resource: &'a Resource,
    operation: &Operation,
    id: &Id,
) -> Result<Change, Fault> {
    let old = cx.need(&resource.kind, id)?;
    let forced = operation.force.as_deref().is_some_and(|flag| cx.flag(flag));
    erase(cx, resource, Change::removal(old), operation.unless.is_some(), forced)
}

/// Removes a record with all hooks: refused while it is pointed at if `guarded`, detached first if `forced`.
fn erase<'a>(
    cx: &mut Context<'a>,
    resource: &'a Resource,
    mut change: Change,
    guarded: bool,
    forced: bool,
) -> Result<Change, Fault> {
    for behaviour in cx.engine.bound(resource).all() {
        behaviour.before_write(cx, &mut change)?;
    }
    // Who points at a tenant's first objects is known once they are its own.
    cx.make_own(&resource.kind)?;
    let by = cx.referrers(&resource.kind, &change.id)?;
    if !by.is_empty() {
        if forced {
            for link in &by {
                cx.detach(link.kind.as_str(), &link.id, &resource.kind, &change.id)?;
            }
        } else if guarded {
            return Err(Fault::InUse { kind: Kind(resource.kind.clone()), id: change.id, by });
        }
    }
    cx.remove(&resource.kind, &change.id)?;
    for behaviour in cx.engine.bound(resource).all() {
        behaviour.after_write(cx, &change)?;
    }
    Ok(change)
}

impl<'a> Context<'a> {
    /// Removes a record with all hooks, as if a caller had asked for it; `guarded` refuses while it is pointed at.
    ///
    /// # Errors
    /// [`Fault::NotFound`], [`Fault::InUse`], another refusal, or the store failed.
    pub fn erase(&mut self, resource: &'a Resource, id: &Id, guarded: bool) -> Result<(), Fault> {
        let old = self.need(&resource.kind, id)?;
        erase(self, resource, Change::removal(old), guarded, false).map(|_| ())
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
