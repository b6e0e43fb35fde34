//! API clients as the gateway reads them: who may ask for tokens, and what their roles reach now.

use std::sync::Arc;

use zuno_behaviours::zia::load_administrator;
use zuno_behaviours::zidentity::{ensure_first_client, load_api_client};
use zuno_behaviours::zpa::load_api_key;
use zuno_identity::{ApiClient, Secret};
use zuno_model::{Fault, Id, Tenant};
use zuno_store::Aspect;

use crate::Cloud;
use crate::entry_point::EntryPoint;

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

    /// The API client of this id, as it is now. At the older hosts of private access its API keys count as well, at those of
    /// internet access its administrators do before.
    pub(crate) fn api_client(
        &self,
        tenant: &Arc<Tenant>,
        id: &str,
        entry_point: EntryPoint,
    ) -> Result<Option<Arc<ApiClient>>, Fault> {
        let version = self.store.version(tenant.id, Aspect::Callers)?;
        if let Some(client) = self.clients.get(tenant.id, id, entry_point, version) {
            return Ok(Some(client));
        }
        let found = self.read(&self.own(tenant)?, |cx| {
            if entry_point == EntryPoint::InternetAccess
                && let Some(administrator) = load_administrator(cx, id)?
            {
                return Ok::<_, Fault>(Some(administrator));
            }
            match load_api_client(cx, &Id(id.to_owned()))? {
                None if entry_point == EntryPoint::PrivateAccess => load_api_key(cx, id),
                found => Ok(found),
            }
        })?;
        let Some(client) = found.map(Arc::new) else { return Ok(None) };
        self.clients.remember(tenant.id, id, entry_point, (version, Arc::clone(&client)));
        Ok(Some(client))
    }
}
