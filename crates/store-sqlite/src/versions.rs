//! How far each version has moved, held ready: the writer is the only one that moves them.

use std::collections::HashMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use parking_lot::RwLock;
use zuno_model::TenantId;
use zuno_store::{Aspect, Result};

use crate::moment::Touched;

/// The versions that were asked for or moved since the start.
#[derive(Debug, Default)]
pub struct Versions(RwLock<HashMap<(TenantId, Aspect), Arc<AtomicU64>>>);

impl Versions {
    /// How far a version has moved; `kept` reads what the database keeps of it, once.
    pub fn at(&self, tenant: TenantId, aspect: Aspect, kept: impl FnOnce() -> Result<u64>) -> Result<u64> {
        if let Some(known) = self.0.read().get(&(tenant, aspect)) {
            return Ok(known.load(Ordering::Acquire));
        }
        let number = kept()?;
        // It may have moved on since it was read.
        Ok(self.entry(tenant, aspect).fetch_max(number, Ordering::AcqRel).max(number))
    }

    /// Takes note of what a commit has moved, before anybody is told of the commit.
    pub fn moved(&self, touched: &[Touched]) {
        for (tenant, aspect, number) in touched {
            let known = self.0.read().get(&(*tenant, *aspect)).cloned();
            known.unwrap_or_else(|| self.entry(*tenant, *aspect)).fetch_max(*number, Ordering::AcqRel);
        }
    }

    fn entry(&self, tenant: TenantId, aspect: Aspect) -> Arc<AtomicU64> {
        Arc::clone(self.0.write().entry((tenant, aspect)).or_default())
    }
}
