//! The fleets that were asked about last, whole, each with what it remembers of what was reckoned of it.
//!
//! A note of the tenant's changes with every record that a fleet is described by, in the same transaction, so that all
//! servers on a store know when what they hold is out of date.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::Mutex;
use zuno_engine::Context;
use zuno_model::{Fault, TenantId};
use zuno_telemetry::Fleet;

/// The note's key.
const NOTE: &str = "measured fleet";

/// How many fleets are held.
const MOST: usize = 32;

/// A note, as it was when a fleet was read.
type Seen = Option<Vec<u8>>;

/// The fleets that a server holds, by tenant, with the note that each is true for.
#[derive(Default)]
pub struct Fleets(Mutex<HashMap<TenantId, (Seen, Arc<Fleet>)>>);

impl Fleets {
    /// Records that describe a tenant's fleet have changed.
    ///
    /// # Errors
    /// The store failed.
    pub fn outdate(cx: &mut Context<'_>) -> Result<(), Fault> {
        let (tenant, note) = (cx.tenant().id, cx.random::<16>()?);
        cx.change()?.set_note(tenant, NOTE, Some(&note)).map_err(Fault::broken)
    }

    /// The note of this moment.
    pub(super) fn seen(cx: &Context<'_>) -> Result<Seen, Fault> {
        cx.store().note(cx.tenant().id, NOTE).map_err(Fault::broken)
    }

    /// A tenant's fleet, if the one that is held is true for a note.
    pub(super) fn held(&self, tenant: TenantId, seen: &Seen) -> Option<Arc<Fleet>> {
        let held = self.0.lock();
        held.get(&tenant).filter(|(of, _)| of == seen).map(|(_, fleet)| Arc::clone(fleet))
    }

    /// Holds a fleet in the place of the one that was held before.
    pub(super) fn hold(&self, tenant: TenantId, seen: Seen, fleet: &Arc<Fleet>) {
        let mut held = self.0.lock();
        if held.len() >= MOST && !held.contains_key(&tenant) {
            let other = held.keys().next().copied();
            other.map(|other| held.remove(&other));
        }
        held.insert(tenant, (seen, Arc::clone(fleet)));
    }
}
