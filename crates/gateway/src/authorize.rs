//! Who asks: a bearer token, verified once and then known, with the client's roles as they are now.

use std::sync::Arc;

use zuno_identity::{Access, Grant, Known, ONE_API_AUDIENCE};
use zuno_model::{Actor, Tenant};

use crate::Cloud;
use crate::request::Request;

/// The audience of the older private-access tokens, which tells them from the gateway's.
pub const LEGACY_AUDIENCE: &str = "https://config.private.zscaler.com";

/// Who holds a token.
#[derive(Debug)]
pub struct Caller {
    /// Whose cloud it is.
    pub tenant: Arc<Tenant>,
    /// The client as audit members name it.
    pub actor: Arc<Actor>,
    /// What its roles reach now.
    pub grants: Vec<Grant>,
    /// The state of clients and roles that this was read from.
    generation: u64,
}

impl Caller {
    /// What the caller may do with a product, if anything.
    pub fn access(&self, product: &str) -> Option<Access> {
        self.grants.iter().find(|grant| grant.product == product).map(|grant| grant.access)
    }
}

/// The issuer under which a tenant's tokens are made, whatever host the client used.
pub fn issuer(vanity: &str) -> String {
    format!("https://{vanity}.zslogin.net")
}

impl Cloud {
    /// Finds who holds the request's token, if it counts at the older host or at the gateway.
    pub(crate) fn caller(&self, request: &Request, legacy: bool) -> Option<Known<Caller>> {
        let token = request.bearer()?;
        let now = self.clock.now();
        let audience = if legacy { LEGACY_AUDIENCE } else { ONE_API_AUDIENCE };
        if let Some(known) = self.callers.get(token, now, &self.revocations)
            && known.value.generation == self.generation()
        {
            return known.claims.is_for(audience).then_some(known);
        }
        let claims = self.keyring.verify(token, now).ok()?;
        if !claims.is_for(audience) || self.revocations.is_revoked(&claims) {
            return None;
        }
        let generation = self.generation();
        let vanity = claims.iss.strip_prefix("https://")?.strip_suffix(".zslogin.net")?;
        let tenant = self.tenants.named(Some(vanity))?;
        let client =
            self.api_client(&tenant, &claims.sub, legacy).ok().flatten().filter(|client| client.enabled)?;
        let actor = Actor { client_id: client.id.clone(), number: client.number, name: client.name.clone() };
        let caller = Caller { tenant, actor: Arc::new(actor), grants: client.grants.clone(), generation };
        Some(self.callers.remember(token, claims, Arc::new(caller)))
    }
}
