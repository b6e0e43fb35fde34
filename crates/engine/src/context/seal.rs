//! Between a record and how it is kept: sealed members are opened as it is read and sealed as it is kept.

use std::sync::Arc;

use zuno_model::{Fault, Id, Record};
use zuno_store::{Row, Stretch};

use super::Context;
use crate::Stored;
use crate::seal::Seal;

impl Context<'_> {
    pub(super) fn seal(&self) -> Option<&Arc<dyn Seal>> {
        self.engine.given()
    }

    /// A record as the store keeps it.
    pub(super) fn kept(&self, kind: &str, id: &Id, record: &Record) -> Result<Vec<u8>, Fault> {
        let sealed = self.engine.sealed().seal(self.seal(), self.tenant().id, kind, id, record)?;
        serde_json::to_vec(sealed.as_ref().unwrap_or(record)).map_err(Fault::broken)
    }

    /// A record out of what the store keeps, with the number of its place where it has one.
    pub(crate) fn read_row(&self, kind: &str, row: Row) -> Result<Stored, Fault> {
        let record = serde_json::from_slice(&row.body).map_err(|cause| {
            Fault::broken(format!("the record {} of {kind} is damaged, restore a back-up: {cause}", row.id))
        })?;
        let mut stored = Stored { id: row.id, scope: row.scope, sort: row.sort, record };
        self.settle_row(kind, &mut stored)?;
        Ok(stored)
    }

    /// Makes of a record, or of some members of it, as they were kept what they are: sealed ones are opened, and it has
    /// the number of its place.
    pub(crate) fn settle_row(&self, kind: &str, stored: &mut Stored) -> Result<(), Fault> {
        let (tenant, sealed) = (self.tenant().id, self.engine.sealed());
        sealed.open(self.seal(), tenant, kind, &stored.id, &mut stored.record)?;
        self.number(kind, stored)
    }

    /// Seals what the tenant's records of all kinds still hold in clear, since it became kept sealed only later; tells
    /// how many records that were.
    ///
    /// # Errors
    /// The store failed.
    pub fn seal_what_is_in_clear(&mut self) -> Result<u64, Fault> {
        let (engine, tenant) = (self.engine, self.tenant().id);
        let mut count = 0;
        let mut kinds: Vec<&str> = engine.sealed().kinds().collect();
        kinds.sort_unstable();
        for kind in &kinds {
            for row in self.store().list(tenant, kind, None, Stretch::ALL).map_err(Fault::broken)? {
                if let Some(body) = self.sealed_anew(kind, &row.id, &row.body)? {
                    self.change()?.put(tenant, kind, &Row { body, ..row }).map_err(Fault::broken)?;
                    count += 1;
                }
            }
        }
        let mut products: Vec<&str> = kinds.iter().map(|kind| product(kind)).collect();
        products.dedup();
        for product in products {
            count += self.seal_staged(product)?;
        }
        Ok(count)
    }

    /// What is active of records that are about to change: all of a product's are remembered anew.
    fn seal_staged(&mut self, product: &str) -> Result<u64, Fault> {
        let tenant = self.tenant().id;
        let mut staged = self.store().staged(tenant, product).map_err(Fault::broken)?;
        let mut count = 0;
        for image in &mut staged {
            let Some(active) = &image.active else { continue };
            if let Some(sealed) = self.sealed_anew(&image.kind, &image.id, active)? {
                image.active = Some(sealed);
                count += 1;
            }
        }
        if count > 0 {
            let change = self.change()?;
            change.activate(tenant, product).map_err(Fault::broken)?;
            for image in staged {
                let active = image.active.as_deref();
                change.stage(tenant, product, &image.kind, &image.id, active).map_err(Fault::broken)?;
            }
        }
        Ok(count)
    }

    /// A kept record with everything sealed that should be; nothing where it is so already.
    fn sealed_anew(&self, kind: &str, id: &Id, body: &[u8]) -> Result<Option<Vec<u8>>, Fault> {
        if !self.engine.sealed().kinds().any(|sealed| sealed == kind) {
            return Ok(None);
        }
        let mut record = serde_json::from_slice(body).map_err(Fault::broken)?;
        let in_clear = self.engine.sealed().open(self.seal(), self.tenant().id, kind, id, &mut record)?;
        in_clear.then(|| self.kept(kind, id, &record)).transpose()
    }
}

fn product(kind: &str) -> &str {
    kind.split('.').next().unwrap_or(kind)
}
