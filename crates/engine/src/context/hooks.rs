//! What behaviours do to a record that is read, and by which plan the records of a resource are written out.

use std::sync::Arc;

use zuno_catalogue::{Resource, Verb};
use zuno_model::Fault;

use super::{Bound, Context};
use crate::Stored;
use crate::plan::{Around, Plan};

impl Context<'_> {
    /// Gives a record, or those members of it that behaviours name, what they complete before it is shown.
    pub(crate) fn hooked(&self, resource: &Resource, verb: Verb, stored: &mut Stored) -> Result<(), Fault> {
        let home = self.catalogue().home(resource);
        let theirs = (home.number != resource.number).then(|| &self.engine.bound(home).0);
        for named in self.engine.bound(resource).0.iter().chain(theirs.into_iter().flatten()) {
            if named.idle.get() == Some(&true) {
                continue;
            }
            self.idle.set(false);
            named.behaviour.on_read(self, verb, &stored.id, &mut stored.record)?;
            named.idle.get_or_init(|| self.idle.get());
        }
        // Whoever shows this record while it is read itself is not idle.
        self.idle.set(false);
        Ok(())
    }

    /// Whether the records of a resource are written out by a plan in the answers of a verb, as soon as one was read.
    pub fn is_planned(&self, resource: &Resource, verb: Verb, view: Option<&str>) -> bool {
        self.plan(resource, verb, view).is_some()
    }

    /// By which plan a resource's records are written out in the answers of a verb. None where a behaviour may change any
    /// member, or where that is not known since no record was read yet; nor of another kind's records.
    pub(crate) fn plan(&self, resource: &Resource, verb: Verb, view: Option<&str>) -> Option<Arc<Plan>> {
        let key = (resource.number, verb, view.map(str::to_owned));
        if let Some(known) = self.engine.plans.lock().get(&key) {
            return Some(Arc::clone(known));
        }
        if resource.records.is_some() {
            return None;
        }
        let around = Around {
            touched: touched(self.engine.bound(resource), verb)?,
            numbering: self.numbering(resource),
            sealed: self.engine.sealed().of_kind(&resource.kind),
            nulls: resource.wire.as_ref().unwrap_or(&self.catalogue().owner(resource).wire).nulls,
        };
        let plan = Arc::new(Plan::of(resource, verb, view, around));
        self.engine.plans.lock().insert(key, Arc::clone(&plan));
        Some(plan)
    }
}

/// The members that behaviours look at or change as a record is read; none where it may be any.
fn touched(bound: &Bound, verb: Verb) -> Option<Vec<String>> {
    let mut touched = Vec::new();
    for named in bound.0.iter().filter(|named| named.idle.get() != Some(&true)) {
        touched.extend(named.behaviour.on_read_members(verb)?.into_iter().map(str::to_owned));
    }
    Some(touched)
}
