//! The older private-access sign-in: an API key for a session, and its end.

use std::sync::Arc;

use http::Method;
use zuno_identity::{SIGN_IN_FAILURE_STATUS, SignIn, SignInRefused, SignInRequest};

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
    match sign_in.answer(&parsed, found.as_ref().map(|(_, client)| client.as_ref())) {
        Ok(answer) => whole(200, Some(MEDIA), answer.body()),
        Err(reason) => refused(reason),
    }
}

fn sign_out(cloud: &Arc<Cloud>, request: &Request) -> Whole {
    let Some(known) = cloud.caller(request, true) else { return unauthorized(request) };
    cloud.revocations.revoke(&known.claims.jti, known.claims.exp);
    whole(200, None, "")
}
