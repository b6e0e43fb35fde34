//! What a tenant's configuration says of traffic: read from its records, as they are in force or as they would be with what
//! waits, compiled once for each version of them, and remembered.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use zuno_behaviours::zia::Categories;
use zuno_engine::{Context, Stored};
use zuno_model::{Fault, Kind, Record, Tenant};
use zuno_policy::{Doubt, KINDS, Options, Policy, Sites, Snapshot};
use zuno_store::{Aspect, Staged};

use crate::Cloud;
use crate::state::policies::State;

/// The kind under which an order of rules waits for activation.
const ORDER: &str = "order";

/// The kind under which a part of a long list does.
const PART: &str = "apart";

/// The member by which rules of staged products tell their place.
const PLACE: &str = "order";

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
    let mut waits = Vec::new();
    if state == State::Active {
        for product in ["zia", "ztw"] {
            waits.extend(cx.store().staged(cx.tenant().id, product).map_err(Fault::broken)?);
        }
    }
    let catalogue = cx.catalogue();
    let mut snapshot = Snapshot::new();
    for kind in KINDS {
        let Some(resource) = catalogue.resource(kind) else { continue };
        if resource.singleton {
            let only = cx.only(kind)?;
            let active = waits.iter().find(|image| image.kind == *kind && image.id == only.id);
            let mut record = match active.map(|image| image.active.as_deref()) {
                None => only.record,
                // Before its first change it had its defaults.
                Some(None) => resource_defaults(cx, kind)?,
                Some(Some(text)) => serde_json::from_slice(text).map_err(Fault::broken)?,
            };
            cx.fill(kind, &only.id, &mut record, |part| image_of(&waits, part))?;
            snapshot.add(kind, record);
            continue;
        }
        let mut records = cx.all(kind, None)?;
        for image in waits.iter().filter(|image| image.kind == *kind) {
            let held = records.iter().position(|stored| stored.id == image.id);
            match (&image.active, held) {
                (None, Some(place)) => drop(records.remove(place)),
                (None, None) => {}
                (Some(text), held) => {
                    let mut record: Record = serde_json::from_slice(text).map_err(Fault::broken)?;
                    if let Some(place) = held {
                        // The number that it shows is its place now, until the order's own image says otherwise.
                        if let Some(number) = records[place].record.get(PLACE) {
                            record.insert(PLACE.to_owned(), number.clone());
                        }
                        records[place].record = record;
                    } else {
                        let stored = Stored {
                            id: image.id.clone(),
                            scope: String::new(),
                            sort: String::new(),
                            record,
                        };
                        records.push(stored);
                    }
                }
            }
        }
        let beginning = format!("{kind} ");
        for image in waits.iter().filter(|image| image.kind == ORDER && image.id.0.starts_with(&beginning)) {
            put_in_order(&mut records, image.active.as_deref())?;
        }
        for stored in &mut records {
            cx.fill(kind, &stored.id, &mut stored.record, |part| image_of(&waits, part))?;
        }
        snapshot.set(kind, records.into_iter().map(|stored| told(kind, stored)).collect());
    }
    Ok(snapshot)
}

/// What was active of a part of a long list.
fn image_of(waits: &[Staged], part: &str) -> Option<Vec<u8>> {
    waits.iter().find(|image| image.kind == PART && image.id.as_str() == part)?.active.clone()
}

/// Numbers records as they stood before their list was changed.
fn put_in_order(records: &mut [Stored], image: Option<&[u8]>) -> Result<(), Fault> {
    let Some(image) = image else { return Ok(()) };
    let image: Value = serde_json::from_slice(image).map_err(Fault::broken)?;
    let ids = image["ids"].as_array().into_iter().flatten();
    let places: HashMap<String, i64> = ids.filter_map(Value::as_str).map(str::to_owned).zip(1..).collect();
    for stored in records {
        if let Some(place) = places.get(&stored.id.0) {
            stored.record.insert(PLACE.to_owned(), json!(place));
        }
    }
    Ok(())
}

fn resource_defaults(cx: &Context<'_>, kind: &str) -> Result<Record, Fault> {
    let catalogue = cx.catalogue();
    let resource = catalogue.resource(kind).ok_or_else(|| Fault::broken(format!("there is no {kind}")))?;
    let defaults = resource.fields.iter().filter_map(|(name, field)| {
        let default = field.default.as_ref()?;
        Some((name.clone(), default.0.clone()))
    });
    Ok(defaults.collect())
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
