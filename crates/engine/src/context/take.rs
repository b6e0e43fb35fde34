//! Records taken as they stand outside of a tenant, whole; what waits for an activation along with them.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use zuno_model::{Fault, Id, Record};
use zuno_store::{Row, Stretch};

use super::Context;
use super::in_force::Ordered;
use crate::images::{Images, ORDER, PART};
use crate::taken::{FormerOrder, Taken, Waiting};
use crate::{Baselines, Stored, sort};

/// What is in force of one record, by the product whose activation its change waits for.
type InForce = Vec<(String, Option<Vec<u8>>)>;

/// All that waits for activations at a moment.
#[derive(Default)]
pub struct Waits {
    records: HashMap<String, BTreeMap<Id, InForce>>,
    /// By product: its parts of long lists.
    images: HashMap<String, Images>,
    beside: BTreeMap<String, Waiting>,
}

impl Waits {
    /// What waits beside changes of records, by product.
    pub fn beside_records(&self) -> &BTreeMap<String, Waiting> {
        &self.beside
    }
}

impl Context<'_> {
    /// All that waits for an activation, of any product.
    ///
    /// # Errors
    /// The store failed.
    pub fn waits(&self) -> Result<Waits, Fault> {
        let mut waits = Waits::default();
        for product in self.catalogue().products() {
            let name = product.name.as_str();
            let staged = self.store().staged(self.tenant().id, name).map_err(Fault::broken)?;
            let mut waiting = Waiting { editors: self.editors(name)?, ..Waiting::default() };
            for change in &staged {
                match (change.kind.as_str(), &change.active) {
                    (ORDER, Some(order)) => waiting.orders.push(former(&change.id, order)?),
                    (ORDER | PART, _) => {}
                    (kind, active) => {
                        let of_kind = waits.records.entry(kind.to_owned()).or_default();
                        let of_record = of_kind.entry(change.id.clone()).or_default();
                        of_record.push((name.to_owned(), active.clone()));
                    }
                }
            }
            if !staged.is_empty() {
                waits.images.insert(name.to_owned(), Images::of(staged));
            }
            if waiting != Waiting::default() {
                waits.beside.insert(name.to_owned(), waiting);
            }
        }
        Ok(waits)
    }

    /// The kinds of which the tenant has records of its own, or has changed those that it came with, in the order of their
    /// names.
    ///
    /// # Errors
    /// The store failed.
    pub fn own_kinds(&self, waits: &Waits) -> Result<Vec<String>, Fault> {
        let kept: BTreeSet<String> =
            self.store().kinds(self.tenant().id).map_err(Fault::broken)?.into_iter().collect();
        let mut kinds = BTreeSet::new();
        for outline in self.catalogue().outlines() {
            let kind = outline.kind.as_str();
            if self.catalogue().kept_as(kind) != kind || !self.owns(kind)? {
                continue;
            }
            let came_with_some = Baselines::any(self.catalogue(), kind);
            if came_with_some || kept.contains(kind) || waits.records.contains_key(kind) {
                kinds.insert(kind.to_owned());
            }
        }
        Ok(kinds.into_iter().collect())
    }

    /// Shows every record of a kind of the tenant's own, in the order of their ids.
    ///
    /// # Errors
    /// What `each` says, or the store failed.
    pub fn take(
        &self,
        kind: &str,
        waits: &Waits,
        mut each: impl FnMut(Taken) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let none = BTreeMap::new();
        let waiting = waits.records.get(kind).unwrap_or(&none);
        let mut left: BTreeSet<&Id> = waiting.keys().collect();
        let mut rows =
            self.store().list(self.tenant().id, kind, None, Stretch::ALL).map_err(Fault::broken)?;
        rows.sort_by_cached_key(|row| sort::of_id(&row.id, false));
        for row in rows {
            left.remove(&row.id);
            let (id, scope) = (row.id.clone(), row.scope.clone());
            let in_force = self.in_force_of(kind, (&id, &scope), waiting.get(&id), waits)?;
            let stored = self.read_row(kind, row)?;
            let record = Some(self.outside(kind, stored, &Images::default())?);
            each(Taken { id, scope, record, in_force })?;
        }
        for id in left {
            let in_force = self.in_force_of(kind, (id, "0"), waiting.get(id), waits)?;
            each(Taken { id: id.clone(), scope: "0".into(), record: None, in_force })?;
        }
        Ok(())
    }

    /// What is in force of a record that waits.
    fn in_force_of(
        &self,
        kind: &str,
        (id, scope): (&Id, &str),
        waiting: Option<&InForce>,
        waits: &Waits,
    ) -> Result<BTreeMap<String, Option<Record>>, Fault> {
        let mut in_force = BTreeMap::new();
        for (product, image) in waiting.into_iter().flatten() {
            let record = match image {
                None => None,
                Some(body) => {
                    let row = Row {
                        id: id.clone(),
                        scope: scope.to_owned(),
                        sort: String::new(),
                        body: body.clone(),
                    };
                    let none = Images::default();
                    let images = waits.images.get(product).unwrap_or(&none);
                    Some(self.outside(kind, self.read_row(kind, row)?, images)?)
                }
            };
            in_force.insert(product.clone(), record);
        }
        Ok(in_force)
    }

    /// A record with its lists in it, and its secrets sealed.
    fn outside(&self, kind: &str, mut stored: Stored, images: &Images) -> Result<Record, Fault> {
        self.fill(kind, &stored.id, &mut stored.record, images)?;
        let tenant = self.tenant().id;
        let sealed = self.engine.sealed().seal(self.seal(), tenant, kind, &stored.id, &stored.record)?;
        Ok(sealed.unwrap_or(stored.record))
    }
}

/// An order that is in force, out of how it waits.
fn former(name: &Id, order: &[u8]) -> Result<FormerOrder, Fault> {
    let Ordered { ids } = serde_json::from_slice(order).map_err(Fault::broken)?;
    let mut parts = name.as_str().splitn(3, ' ');
    let mut part = || parts.next().unwrap_or_default().to_owned();
    let (kind, scope, within) = (part(), part(), part());
    Ok(FormerOrder { kind, scope, within: Some(within).filter(|within| !within.is_empty()), ids })
}
