//! A tenant's records as they are in force, whatever waits for an activation.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::json;
use zuno_model::{Fault, Id};
use zuno_store::Row;

use super::Context;
use crate::Stored;
use crate::images::Images;

/// An order of rules as it was.
#[derive(Deserialize)]
pub(super) struct Ordered {
    pub ids: Vec<Id>,
}

impl Context<'_> {
    /// What is in force of what has changed of some products.
    ///
    /// # Errors
    /// The store failed.
    pub fn images(&self, products: &[&str]) -> Result<Images, Fault> {
        let mut staged = Vec::new();
        for product in products {
            staged.extend(self.store().staged(self.tenant().id, product).map_err(Fault::broken)?);
        }
        Ok(Images::of(staged))
    }

    /// Every record of a kind as it is in force, with the number of its place; long lists stay apart.
    ///
    /// # Errors
    /// The store failed.
    pub fn all_in_force(&self, kind: &str, images: &Images) -> Result<Vec<Stored>, Fault> {
        let home = self.catalogue().kept_as(kind);
        let mut records = self.all(home, None)?;
        if let Some(changed) = images.of_kind(home) {
            let mut gone: BTreeMap<&Id, &Option<Vec<u8>>> = changed.iter().collect();
            for stored in std::mem::take(&mut records) {
                match gone.remove(&stored.id) {
                    None => records.push(stored),
                    // It was made since.
                    Some(None) => {}
                    Some(Some(body)) => {
                        let Stored { id, scope, sort, .. } = stored;
                        records.push(self.read_row(home, Row { id, scope, sort, body: body.clone() })?);
                    }
                }
            }
            for (id, body) in gone {
                let Some(body) = body.clone() else { continue };
                let row = Row { id: id.clone(), scope: String::new(), sort: String::new(), body };
                records.push(self.read_row(home, row)?);
            }
        }
        if let Some(numbering) = self.numbering(self.resource(home)?) {
            for order in images.orders(home) {
                let Ordered { ids } = serde_json::from_slice(order).map_err(Fault::broken)?;
                let places: HashMap<Id, i64> = ids.into_iter().zip(1..).collect();
                for stored in &mut records {
                    if let Some(place) = places.get(&stored.id) {
                        stored.record.insert(numbering.member.clone(), json!(place));
                    }
                }
            }
        }
        Ok(records)
    }

    /// The one record of a singleton as it is in force; before its first change it has its defaults.
    ///
    /// # Errors
    /// The store failed.
    pub fn only_in_force(&self, kind: &str, images: &Images) -> Result<Stored, Fault> {
        let now = self.only(kind)?;
        match images.of_kind(self.catalogue().kept_as(kind)).and_then(|changed| changed.get(&now.id)) {
            None => Ok(now),
            Some(None) => Ok(Stored::first(self.resource(kind)?)),
            Some(Some(body)) => {
                let Stored { id, scope, sort, .. } = now;
                self.read_row(kind, Row { id, scope, sort, body: body.clone() })
            }
        }
    }
}
