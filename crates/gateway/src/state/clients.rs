//! API clients as they were last read.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use zuno_identity::ApiClient;
use zuno_model::TenantId;

use crate::entry_point::EntryPoint;

/// How many clients are remembered; they cost only the time to read them again.
const REMEMBERED: usize = 4096;

/// A client with the version it was read at.
pub type Seen = (u64, Arc<ApiClient>);

/// Clients as they were last read, for each entry point.
#[derive(Debug, Default)]
pub struct Clients {
    known: RwLock<HashMap<(TenantId, String, EntryPoint), Seen>>,
}

impl Clients {
    /// A client as it was read at this version.
    pub fn get(
        &self,
        tenant: TenantId,
        id: &str,
        entry_point: EntryPoint,
        version: u64,
    ) -> Option<Arc<ApiClient>> {
        let known = self.known.read();
        let (read_at, client) = known.get(&(tenant, id.to_owned(), entry_point))?;
        (*read_at == version).then(|| Arc::clone(client))
    }

    /// Remembers a client as it was read at a version.
    pub fn remember(&self, tenant: TenantId, id: &str, entry_point: EntryPoint, seen: Seen) {
        let mut known = self.known.write();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert((tenant, id.to_owned(), entry_point), seen);
    }
}
