//! API clients as the gateway reads them: who may ask for tokens, and what their roles reach now.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use zuno_behaviours::zidentity::{ensure_first_client, load_api_client};
use zuno_behaviours::zpa::load_api_key;
use zuno_identity::{ApiClient, Secret};
use zuno_model::{Fault, Id, Tenant, TenantId};
use zuno_store::Aspect;

use crate::Cloud;

/// How many clients are remembered; they cost only the time to read them again.
const REMEMBERED: usize = 4096;

/// A client with the version it was read at.
type Seen = (u64, Arc<ApiClient>);

/// Clients as they were last read, for the older address or not.
#[derive(Debug, Default)]
pub struct Clients {
    known: RwLock<HashMap<(TenantId, String, bool), Seen>>,
}

impl Cloud {
    /// Sees to it that a tenant has the client it is administered with, and that this secret opens it.
    pub(crate) fn ensure_first_client(
        &self,
        tenant: &Arc<Tenant>,
        id: &str,
        secret: &Secret,
    ) -> Result<(), Fault> {
        let (id, digest) = (id.to_owned(), self.pepper.digest(secret.reveal()));
        self.write_and_wait(self.own(tenant)?, move |cx| ensure_first_client(cx, &id, digest.clone()))
    }

    /// The API client of this id, as it is now; at the older private-access address its API keys count as well.
    pub(crate) fn api_client(
        &self,
        tenant: &Arc<Tenant>,
        id: &str,
        legacy: bool,
    ) -> Result<Option<Arc<ApiClient>>, Fault> {
        let key = (tenant.id, id.to_owned(), legacy);
        let version = self.store.version(tenant.id, Aspect::Callers)?;
        if let Some((read_at, client)) = self.clients.known.read().get(&key)
            && *read_at == version
        {
            return Ok(Some(Arc::clone(client)));
        }
        let found = self.read(&self.own(tenant)?, |cx| match load_api_client(cx, &Id(id.to_owned()))? {
            None if legacy => load_api_key(cx, id),
            found => Ok(found),
        })?;
        let Some(client) = found.map(Arc::new) else { return Ok(None) };
        let mut known = self.clients.known.write();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, (version, Arc::clone(&client)));
        Ok(Some(client))
    }
}
