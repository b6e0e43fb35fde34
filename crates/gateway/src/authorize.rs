//! Who asks: a bearer token or a session's cookie, verified once and then known, with the client's roles as they are now.

use std::sync::Arc;

use zuno_identity::{ApiClient, Claims, KnownToken, SandboxToken};
use zuno_model::{Actor, Fault, Rights, Tenant, TenantId};
use zuno_store::Aspect;

use crate::Cloud;
use crate::entry_point::EntryPoint;
use crate::request::Request;
use crate::sessions::{is_due, tenant_of};
use crate::state::caller::Caller;

/// The cookie of a session.
pub const COOKIE: &str = "JSESSIONID";

/// The header of client connector's tokens (documented).
const TOKEN_HEADER: &str = "auth-token";

/// The query's parameter that holds the sandbox portal's tokens (documented).
const TOKEN_PARAMETER: &str = "api_token";

/// How many cookies of the name are looked at: a client's jar may hold an older one under another path.
const COOKIES: usize = 4;

/// The issuer under which a tenant's tokens are made, whatever host the client used.
pub fn issuer(vanity: &str) -> String {
    format!("https://{vanity}.zslogin.net")
}

/// A session that counts, by the cookie that was shown.
pub struct Shown {
    /// Who it is.
    pub known: KnownToken<Caller>,
    /// The key of its note.
    pub note: String,
}

impl Cloud {
    /// Finds who asks, if what is shown counts at the entry point.
    ///
    /// # Errors
    /// The store failed, or what it keeps of the client cannot be read.
    pub(crate) fn caller(
        &self,
        request: &Request,
        entry_point: EntryPoint,
    ) -> Result<Option<KnownToken<Caller>>, Fault> {
        let token = match entry_point {
            EntryPoint::InternetAccess | EntryPoint::Connectors => {
                return Ok(self.shown_session(request, entry_point)?.map(|shown| shown.known));
            }
            EntryPoint::SandboxPortal => {
                let token = request.query.iter().find(|(name, _)| name == TOKEN_PARAMETER);
                return token.map_or(Ok(None), |(_, token)| self.submitter(token));
            }
            EntryPoint::ClientConnector => request.header(TOKEN_HEADER),
            EntryPoint::Gateway | EntryPoint::PrivateAccess | EntryPoint::DigitalExperience => {
                request.bearer()
            }
        };
        token.map_or(Ok(None), |token| self.token_holder(token, entry_point))
    }

    fn token_holder(
        &self,
        token: &str,
        entry_point: EntryPoint,
    ) -> Result<Option<KnownToken<Caller>>, Fault> {
        if let Some(known) = self.callers.get(token) {
            let tenant = &known.value.tenant;
            if known.claims.is_over(self.now(tenant.id)?) {
                self.callers.forget(token);
                return Ok(None);
            }
            if known.value.read_at == self.store.version(tenant.id, Aspect::Callers)? {
                let counts = known.claims.is_for(&entry_point.audience(tenant));
                return Ok(counts.then_some(known));
            }
            self.callers.forget(token);
        }
        let Ok(claims) = self.keyring.verify(token) else { return Ok(None) };
        let vanity = claims.iss.strip_prefix("https://").and_then(|host| host.strip_suffix(".zslogin.net"));
        let Some(vanity) = vanity else { return Ok(None) };
        let Some(tenant) = self.tenant(Some(vanity))? else { return Ok(None) };
        if claims.is_over(self.now(tenant.id)?) || !claims.is_for(&entry_point.audience(&tenant)) {
            return Ok(None);
        }
        // The version first: what changes while the client is read makes it be read again.
        let read_at = self.store.version(tenant.id, Aspect::Callers)?;
        let Some(client) = self.still_signed_in(&tenant, entry_point, &claims.sub, &claims.sid)? else {
            return Ok(None);
        };
        if self.is_revoked(&tenant, &claims)? {
            return Ok(None);
        }
        Ok(Some(self.callers.remember(token, claims, Arc::new(caller(tenant, &client, read_at)))))
    }

    /// The session whose cookie is shown, if it counts; it is used by that.
    ///
    /// # Errors
    /// As for [`Cloud::caller`].
    pub(crate) fn shown_session(
        &self,
        request: &Request,
        entry_point: EntryPoint,
    ) -> Result<Option<Shown>, Fault> {
        for cookie in request.cookies(COOKIE).take(COOKIES) {
            if let Some(shown) = self.session_holder(cookie, entry_point)? {
                return Ok(Some(shown));
            }
        }
        Ok(None)
    }

    fn session_holder(&self, cookie: &str, entry_point: EntryPoint) -> Result<Option<Shown>, Fault> {
        let tenant = tenant_of(cookie).map(|id| self.numbered_tenant(id)).transpose()?.flatten();
        let Some(tenant) = tenant else { return Ok(None) };
        let note = self.session_note(entry_point, cookie);
        let (now, audience) = (self.now(tenant.id)?, entry_point.audience(&tenant));
        let read_at = self.store.version(tenant.id, Aspect::Callers)?;
        if let Some(known) = self.callers.get(cookie) {
            let lasts = !known.claims.is_over(now) && !is_due(known.claims.nbf, now);
            if known.value.read_at == read_at && known.claims.is_for(&audience) && lasts {
                return Ok(Some(Shown { known, note }));
            }
            self.callers.forget(cookie);
        }
        let Some(kept) = self.session(tenant.id, &note, now)? else { return Ok(None) };
        let Some(client) = self.still_signed_in(&tenant, entry_point, &kept.client, &kept.sid)? else {
            return Ok(None);
        };
        let used = if is_due(kept.used, now) {
            let used = kept.used(now, self.session_lasts(&tenant, entry_point)?);
            self.keep_session(tenant.id, &note, &used)?;
            used
        } else {
            kept
        };
        let mut claims = Claims::new(&issuer(&tenant.vanity), Some(&audience), &client, used.used, 0);
        claims.exp = used.until;
        claims.jti = used.jti;
        let known = self.callers.remember(cookie, claims, Arc::new(caller(tenant, &client, read_at)));
        Ok(Some(Shown { known, note }))
    }

    /// Whose token of the sandbox portal this is. Nothing of it is kept, and it ends with the client's session.
    fn submitter(&self, token: &str) -> Result<Option<KnownToken<Caller>>, Fault> {
        const ENTRY_POINT: EntryPoint = EntryPoint::SandboxPortal;
        let Some((tenant, name)) = SandboxToken::names(token) else { return Ok(None) };
        let Some(tenant) = self.numbered_tenant(TenantId(tenant))? else { return Ok(None) };
        let (now, read_at) = (self.now(tenant.id)?, self.store.version(tenant.id, Aspect::Callers)?);
        let Some(client) = self.api_client(&tenant, name, ENTRY_POINT)? else { return Ok(None) };
        if !client.enabled || !SandboxToken::of(&self.pepper, tenant.id.0, &client).is(token) {
            return Ok(None);
        }
        let claims =
            Claims::new(&issuer(&tenant.vanity), Some(&ENTRY_POINT.audience(&tenant)), &client, now, 0);
        let value = Arc::new(caller(tenant, &client, read_at));
        Ok(Some(KnownToken { claims: Arc::new(claims), value }))
    }

    /// The client of this name, if its session is still the one that was signed in.
    fn still_signed_in(
        &self,
        tenant: &Arc<Tenant>,
        entry_point: EntryPoint,
        name: &str,
        sid: &str,
    ) -> Result<Option<Arc<ApiClient>>, Fault> {
        let client = self.api_client(tenant, name, entry_point)?;
        Ok(client.filter(|client| client.enabled && client.session == sid))
    }
}

fn caller(tenant: Arc<Tenant>, client: &ApiClient, read_at: u64) -> Caller {
    let granted = client.grants.iter().map(|grant| (grant.product.clone(), grant.right.clone()));
    let actor = Actor {
        client_id: client.id.clone(),
        number: client.number,
        name: client.name.clone(),
        roles: client.roles(),
        rights: Rights::Of(granted.collect()),
    };
    Caller { tenant, actor: Arc::new(actor), read_at }
}
