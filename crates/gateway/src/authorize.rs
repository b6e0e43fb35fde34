//! Who asks: a bearer token, verified once and then known, with the client's roles as they are now.

use std::sync::Arc;

use zuno_identity::{ApiClient, KnownToken, ONE_API_AUDIENCE};
use zuno_model::{Actor, Fault, Rights};
use zuno_store::Aspect;

use crate::Cloud;
use crate::request::Request;
use crate::state::caller::Caller;

/// The audience of the older private-access tokens, which tells them from the gateway's.
pub const LEGACY_AUDIENCE: &str = "https://config.private.zscaler.com";

/// The issuer under which a tenant's tokens are made, whatever host the client used.
pub fn issuer(vanity: &str) -> String {
    format!("https://{vanity}.zslogin.net")
}

impl Cloud {
    /// Finds who holds the request's token, if it counts at the older host or at the gateway.
    ///
    /// # Errors
    /// The store failed, or what it keeps of the client cannot be read.
    pub(crate) fn caller(
        &self,
        request: &Request,
        legacy: bool,
    ) -> Result<Option<KnownToken<Caller>>, Fault> {
        let Some(token) = request.bearer() else { return Ok(None) };
        let audience = if legacy { LEGACY_AUDIENCE } else { ONE_API_AUDIENCE };
        if let Some(known) = self.callers.get(token) {
            let tenant = known.value.tenant.id;
            if known.claims.is_over(self.now(tenant)?) {
                self.callers.forget(token);
                return Ok(None);
            }
            if known.value.read_at == self.store.version(tenant, Aspect::Callers)? {
                return Ok(known.claims.is_for(audience).then_some(known));
            }
            self.callers.forget(token);
        }
        let Ok(claims) = self.keyring.verify(token) else { return Ok(None) };
        if !claims.is_for(audience) {
            return Ok(None);
        }
        let vanity = claims.iss.strip_prefix("https://").and_then(|host| host.strip_suffix(".zslogin.net"));
        let Some(vanity) = vanity else { return Ok(None) };
        let Some(tenant) = self.tenant(Some(vanity))? else { return Ok(None) };
        if claims.is_over(self.now(tenant.id)?) {
            return Ok(None);
        }
        // The version first: what changes while the client is read makes it be read again.
        let read_at = self.store.version(tenant.id, Aspect::Callers)?;
        let counts = |client: &Arc<ApiClient>| client.enabled && client.session == claims.sid;
        let Some(client) = self.api_client(&tenant, &claims.sub, legacy)?.filter(counts) else {
            return Ok(None);
        };
        if self.is_revoked(&tenant, &claims)? {
            return Ok(None);
        }
        let granted = client.grants.iter().map(|grant| (grant.product.clone(), grant.right.clone()));
        let actor = Actor {
            client_id: client.id.clone(),
            number: client.number,
            name: client.name.clone(),
            rights: Rights::Of(granted.collect()),
        };
        let caller = Caller { tenant, actor: Arc::new(actor), read_at };
        Ok(Some(self.callers.remember(token, claims, Arc::new(caller))))
    }
}
