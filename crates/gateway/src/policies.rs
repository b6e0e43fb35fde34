//! What a tenant's configuration says of traffic: read from its records, as they are in force or as they would be with what
//! waits, compiled once for each version of them, and remembered.

use std::sync::Arc;

use zuno_behaviours::zia::Categories;
use zuno_engine::{Context, Images, Stored};
use zuno_model::{Fault, Kind, Record, Tenant};
use zuno_policy::{Doubt, KINDS, Options, Policy, Sites, Snapshot};
use zuno_store::Aspect;

use crate::Cloud;
use crate::state::policies::State;

/// The tenant's categories, as its look-ups resolve sites to them.
struct Sorted(Categories);

impl Sites for Sorted {
    fn look_up(&self, url: &str, each: &mut dyn FnMut(&str)) -> Doubt {
        let found = self.0.resolve(url);
        found.categories.iter().for_each(|category| each(category));
        Doubt { equal_entries: found.ambiguous, five_levels: found.boundary }
    }

    fn family(&self, category: &str) -> Option<&str> {
        self.0.family(category)
    }

    fn example(&self, category: &str) -> Option<&str> {
        self.0.example(category)
    }
}

/// Compiles a snapshot, wherever it was read.
pub fn compile(snapshot: &Snapshot, options: Options) -> Policy {
    let categories: Vec<(String, Record)> = snapshot
        .records("zia.url_category")
        .iter()
        .filter_map(|record| Some((record.get("id")?.as_str()?.to_owned(), record.clone())))
        .collect();
    Policy::compile(snapshot, options, Arc::new(Sorted(Categories::new(&categories))))
}

impl Cloud {
    /// A tenant's policies.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn policies(
        &self,
        tenant: &Arc<Tenant>,
        state: State,
        options: Options,
    ) -> Result<Arc<Policy>, Fault> {
        let version = self.store.version(tenant.id, Aspect::Records)?;
        if let Some(known) = self.policies.known(tenant.id, state, version, options) {
            return Ok(known);
        }
        let policy = Arc::new(compile(&self.snapshot(tenant, state)?, options));
        self.policies.keep(tenant.id, state, version, options, &policy);
        Ok(policy)
    }

    /// What a tenant's policies are made from.
    ///
    /// # Errors
    /// The store failed.
    pub(crate) fn snapshot(&self, tenant: &Arc<Tenant>, state: State) -> Result<Snapshot, Fault> {
        let own = self.own(tenant)?;
        self.read(&own, |cx| snapshot(cx, state))
    }
}

fn snapshot(cx: &mut Context<'_>, state: State) -> Result<Snapshot, Fault> {
    let images = match state {
        State::Active => cx.images(&["zia", "ztw"])?,
        State::Staged => Images::default(),
    };
    let mut snapshot = Snapshot::new();
    for kind in KINDS {
        let Some(resource) = cx.catalogue().resource(kind) else { continue };
        let mut records = match resource.singleton {
            true => vec![cx.only_in_force(kind, &images)?],
            false => cx.all_in_force(kind, &images)?,
        };
        for stored in &mut records {
            cx.fill(kind, &stored.id, &mut stored.record, &images)?;
        }
        match resource.singleton {
            true => records.into_iter().for_each(|only| snapshot.add(kind, only.record)),
            false => snapshot.set(kind, records.into_iter().map(|stored| told(kind, stored)).collect()),
        }
    }
    snapshot.leave_devices_alone();
    Ok(snapshot)
}

/// A record as policies read it: with its id and, in private access, the microtenant that owns it.
fn told(kind: &str, stored: Stored) -> Record {
    let mut record = stored.record;
    record.insert("id".into(), stored.id.0.into());
    if Kind::from(kind).product() == "zpa" && !matches!(stored.scope.as_str(), "" | "0") {
        record.insert("microtenantId".into(), stored.scope.into());
    }
    record
}
