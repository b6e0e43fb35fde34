//! A way back in for whoever has lost the secret of a tenant's first API client: a new one, for the operator alone.

use std::sync::Arc;

use serde_json::json;
use zuno_behaviours::zidentity::{ensure_first_client, first_client};
use zuno_identity::Secret;
use zuno_model::{Fault, Id, Tenant};
use zuno_store::StoreError;

use crate::respond::{Response, in_json};
use crate::{Cloud, NewTenant};

impl Cloud {
    /// Gives the first API client of a tenant a new secret in the place of the one that came with the tenant; makes the
    /// client again, with every role, if it is gone. The client is the one of this id, or else the oldest. `told` hears of
    /// it before it counts, and may refuse.
    ///
    /// # Errors
    /// The store failed, or `told` refused.
    pub fn new_first_secret(
        &self,
        tenant: &Arc<Tenant>,
        id: Option<String>,
        mut told: impl FnMut(&NewTenant) -> Result<(), StoreError> + Send + 'static,
    ) -> Result<NewTenant, Fault> {
        let (tenant, pepper) = (Arc::clone(tenant), Arc::clone(&self.pepper));
        self.write_and_wait(self.own(&tenant)?, move |cx| {
            let oldest = if id.is_none() { first_client(cx)? } else { None };
            let client_id = match id.clone().or(oldest) {
                Some(known) => known,
                None => Id::opaque("i", cx.draw()?).0,
            };
            let client_secret = Secret::of(cx.random()?);
            ensure_first_client(cx, &client_id, pepper.digest(client_secret.reveal()))?;
            let made = NewTenant { tenant: Arc::clone(&tenant), client_id, client_secret };
            told(&made)?;
            Ok(made)
        })
    }
}

/// Answers the operator.
pub fn answer(cloud: &Cloud, tenant: &Arc<Tenant>, id: Option<String>) -> Response {
    match cloud.new_first_secret(tenant, id, |_| Ok(())) {
        Ok(made) => in_json(201, &made.to_json()),
        Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
    }
}
