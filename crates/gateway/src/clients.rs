//! API clients as the gateway reads them: who may ask for tokens, and what their roles reach now.

use std::collections::HashMap;
use std::sync::Arc;

use parking_lot::RwLock;
use zuno_behaviours::zidentity::{ensure_first_client, load_api_client};
use zuno_behaviours::zpa::load_api_key;
use zuno_engine::{Access, Call, Context, Scope, Wish};
use zuno_identity::{ApiClient, Secret};
use zuno_model::{Actor, Fault, Id, Tenant, TenantId};
use zuno_store::{StoreError, write};

use crate::Cloud;

/// How many clients are remembered; they cost only the time to read them again.
const REMEMBERED: usize = 4096;

/// A client with the state it was read from.
type Seen = (u64, Arc<ApiClient>);

/// Clients as they were last read, for the older address or not, each with the state of clients and roles it was read from.
#[derive(Debug, Default)]
pub struct Clients {
    known: RwLock<HashMap<(TenantId, String, bool), Seen>>,
}

impl Cloud {
    /// A call of the server itself, for reading and writing a tenant's records outside of any request.
    pub(crate) fn own_call(&self, tenant: &Arc<Tenant>) -> Call {
        Call {
            tenant: Arc::clone(tenant),
            actor: Arc::new(Actor { client_id: "zuno".into(), number: 1, name: "Zuno".into() }),
            now: self.clock.now(),
            resource: 0,
            operation: 0,
            params: Vec::new(),
            query: Vec::new(),
            body: None,
            scope: Scope::All,
            wish: Wish::default(),
            entropy: uuid::Uuid::new_v4().as_u128(),
        }
    }

    /// Sees to it that a tenant has the client it is administered with, and that this secret opens it.
    pub(crate) fn ensure_first_client(
        &self,
        tenant: &Arc<Tenant>,
        id: &str,
        secret: &Secret,
    ) -> Result<(), StoreError> {
        let (engine, call, id) = (Arc::clone(&self.engine), self.own_call(tenant), id.to_owned());
        let digest = self.pepper.digest(secret.reveal());
        write(self.store.as_ref(), move |tx| {
            let mut cx = Context::new(&engine, &call, Access::Write(tx));
            ensure_first_client(&mut cx, &id, digest.clone()).map_err(failed)
        })?;
        self.raise_generation();
        Ok(())
    }

    /// The API client of this id, as it is now; at the older private-access address its API keys count as well.
    pub(crate) fn api_client(
        &self,
        tenant: &Arc<Tenant>,
        id: &str,
        legacy: bool,
    ) -> Result<Option<Arc<ApiClient>>, StoreError> {
        let key = (tenant.id, id.to_owned(), legacy);
        let generation = self.generation();
        if let Some((read_from, client)) = self.clients.known.read().get(&key)
            && *read_from == generation
        {
            return Ok(Some(Arc::clone(client)));
        }
        let call = self.own_call(tenant);
        let mut found = Ok(None);
        self.store.view(&mut |tx| {
            let cx = Context::new(&self.engine, &call, Access::Read(tx));
            found = load_api_client(&cx, &Id(id.to_owned()));
            if legacy && matches!(found, Ok(None)) {
                found = load_api_key(&cx, id);
            }
        })?;
        let Some(client) = found.map_err(failed)?.map(Arc::new) else { return Ok(None) };
        let mut known = self.clients.known.write();
        if known.len() >= REMEMBERED {
            known.clear();
        }
        known.insert(key, (generation, Arc::clone(&client)));
        Ok(Some(client))
    }
}

/// The server's own reads and writes are refused only when something of ours is broken.
fn failed(fault: Fault) -> StoreError {
    StoreError::because("an API client cannot be read or kept", fault)
}
