//! The older private-access sign-in: an API key for a session, and its end.

use std::sync::Arc;

use http::Method;
use tokio::task::block_in_place;
use zuno_behaviours::zpa::{api_key_closed_until, close_api_key};
use zuno_engine::{Access, Context};
use zuno_identity::{ApiClient, SIGN_IN_FAILURE_STATUS, SignIn, SignInAnswer, SignInRefused, SignInRequest};
use zuno_model::Tenant;
use zuno_store::{StoreError, write};

use crate::Cloud;
use crate::authorize::{LEGACY_AUDIENCE, issuer};
use crate::request::Request;
use crate::respond::{Whole, unauthorized, whole};

const MEDIA: &str = "application/json";

/// Answers `/signin`, `/signout` and `/logout`.
pub fn answer(cloud: &Arc<Cloud>, request: &Request) -> Whole {
    match (request.path.as_str(), &request.head.method) {
        ("/signin", &Method::POST) => sign_in(cloud, request),
        ("/signout", &Method::POST) | ("/logout", &Method::GET) => sign_out(cloud, request),
        _ => whole(405, None, ""),
    }
}

/// The key alone tells the tenant: its id is looked for in all of them.
fn sign_in(cloud: &Arc<Cloud>, request: &Request) -> Whole {
    let refused = |refused: SignInRefused| whole(SIGN_IN_FAILURE_STATUS, Some(MEDIA), refused.body());
    let parsed = match SignInRequest::parse(&request.body) {
        Ok(parsed) => parsed,
        Err(reason) => return refused(reason),
    };
    let mut found = None;
    for tenant in cloud.tenants.all() {
        match cloud.api_client(&tenant, parsed.client_id(), true) {
            Ok(Some(client)) => {
                found = Some((tenant, client));
                break;
            }
            Ok(None) => {}
            Err(cause) => {
                tracing::error!(%cause, "the store failed");
                return whole(500, None, "");
            }
        }
    }
    let signer = match cloud.signer() {
        Ok(signer) => signer,
        Err(cause) => {
            tracing::error!(%cause, "there is no signing key");
            return whole(500, None, "");
        }
    };
    let iss = found.as_ref().map(|(tenant, _)| issuer(&tenant.vanity)).unwrap_or_default();
    let sign_in = SignIn {
        issuer: &iss,
        audience: LEGACY_AUDIENCE,
        pepper: &cloud.pepper,
        signer,
        lockouts: &cloud.lockouts,
        now: cloud.clock.now(),
    };
    let outcome = match &found {
        Some((tenant, client)) => cloud.guarded(tenant, client, || sign_in.answer(&parsed, Some(client))),
        None => Ok(sign_in.answer(&parsed, None)),
    };
    match outcome {
        Ok(Ok(answer)) => whole(200, Some(MEDIA), answer.body()),
        Ok(Err(reason)) => refused(reason),
        Err(cause) => {
            tracing::error!(%cause, "the store failed");
            whole(500, None, "")
        }
    }
}

impl Cloud {
    /// Signs in unless the key's record says that it is closed, and writes there that it is when this attempt closes
    /// it: so it is told, an administrator may open it, and a restart does not.
    fn guarded(
        &self,
        tenant: &Arc<Tenant>,
        client: &ApiClient,
        attempt: impl FnOnce() -> Result<SignInAnswer, SignInRefused>,
    ) -> Result<Result<SignInAnswer, SignInRefused>, StoreError> {
        let (call, id) = (self.own_call(tenant), client.id.clone());
        let failed = |fault| StoreError::because("an API key cannot be read or kept", fault);
        let mut closed = Ok(None);
        self.store.view(&mut |tx| {
            closed = api_key_closed_until(&Context::new(&self.engine, &call, Access::Read(tx)), &id);
        })?;
        let Some(until) = closed.map_err(failed)? else { return Ok(attempt()) };
        if call.now < until {
            return Ok(Err(SignInRefused { locked_until: Some(until) }));
        }
        if self.lockouts.locked_until(&id, call.now).is_some() {
            self.lockouts.unlock(&id);
        }
        let outcome = attempt();
        if let Some(until) = self.lockouts.locked_until(&id, call.now) {
            let (engine, tenant) = (Arc::clone(&self.engine), tenant.id);
            block_in_place(|| {
                write(self.store.as_ref(), move |tx| {
                    let mut cx = Context::new(&engine, &call, Access::Write(tx));
                    close_api_key(&mut cx, &id, until).map_err(failed)
                })
            })?;
            self.rendered.outdate(tenant);
        }
        Ok(outcome)
    }
}

fn sign_out(cloud: &Arc<Cloud>, request: &Request) -> Whole {
    let Some(known) = cloud.caller(request, true) else { return unauthorized(request) };
    cloud.revocations.revoke(&known.claims.jti, known.claims.exp);
    whole(200, None, "")
}
