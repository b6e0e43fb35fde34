//! The older private-access sign-in: an API key for a session, and its end.

use std::sync::Arc;

use http::Method;
use zuno_behaviours::zpa::{api_key_closed_until, close_api_key};
use zuno_identity::{
    ApiClient, Attempts, SIGN_IN_FAILURE_STATUS, SignIn, SignInAnswer, SignInRefused, SignInRequest,
};
use zuno_model::{Fault, Tenant};

use crate::Cloud;
use crate::authorize::{LEGACY_AUDIENCE, issuer};
use crate::health::chain;
use crate::request::Request;
use crate::respond::{Response, respond, unauthorized};

const MEDIA: &str = "application/json";

/// Answers `/signin`, `/signout` and `/logout`.
pub fn answer(cloud: &Arc<Cloud>, request: &Request) -> Response {
    match (request.path.as_str(), &request.head.method) {
        ("/signin", &Method::POST) => sign_in(cloud, request),
        ("/signout", &Method::POST) | ("/logout", &Method::GET) => sign_out(cloud, request),
        _ => respond(405, None, ""),
    }
}

/// The key alone tells the tenant: its id is looked for in all of them.
fn sign_in(cloud: &Arc<Cloud>, request: &Request) -> Response {
    let refused = |refused: SignInRefused| respond(SIGN_IN_FAILURE_STATUS, Some(MEDIA), refused.body());
    let parsed = match SignInRequest::parse(&request.body) {
        Ok(parsed) => parsed,
        Err(reason) => return refused(reason),
    };
    match cloud.signed_in(&parsed) {
        Ok(Ok(answer)) => respond(200, Some(MEDIA), answer.body()),
        Ok(Err(reason)) => refused(reason),
        Err(cause) => {
            tracing::error!(cause = %chain(&cause), "a sign-in failed");
            respond(500, None, "")
        }
    }
}

/// The note that keeps a key's failed attempts.
fn note(client: &str) -> String {
    format!("sign-in:{client}")
}

impl Cloud {
    fn signed_in(&self, request: &SignInRequest) -> Result<Result<SignInAnswer, SignInRefused>, Fault> {
        let mut found = None;
        for tenant in self.tenants()? {
            if let Some(client) = self.api_client(&tenant, request.client_id(), true)? {
                found = Some((tenant, client));
                break;
            }
        }
        // Unknown ids are not counted: there is nothing to lock, and the list stays as short as that of the keys.
        let Some((tenant, client)) = found else { return Ok(Err(SignInRefused { locked_until: None })) };
        if let Err(refused) = self.attempt(&tenant, &client, request)? {
            return Ok(Err(refused));
        }
        let iss = issuer(&tenant.vanity);
        let now = self.now(tenant.id)?;
        Ok(SignIn { issuer: &iss, audience: LEGACY_AUDIENCE, signer: self.signer()?, now }.answer(&client))
    }

    /// Makes an attempt and counts it, in one transaction, so that attempts side by side get no more guesses than in
    /// turn. A key that is closed by it says so in its record: so it is told, an administrator may open it, and a restart
    /// does not.
    fn attempt(
        &self,
        tenant: &Arc<Tenant>,
        client: &Arc<ApiClient>,
        request: &SignInRequest,
    ) -> Result<Result<(), SignInRefused>, Fault> {
        let (client, request, pepper) = (Arc::clone(client), request.clone(), Arc::clone(&self.pepper));
        self.write_and_wait(self.own(tenant)?, move |cx| {
            let (tenant, now, key) = (cx.tenant().id, cx.now(), note(&client.id));
            let kept = cx.store().note(tenant, &key)?;
            let before: Attempts = match kept.as_deref().map(serde_json::from_slice) {
                Some(read) => read.map_err(Fault::broken)?,
                None => Attempts::default(),
            };
            let mut attempts = before.clone();
            let closed = api_key_closed_until(cx, &client.id)?;
            if let Some(until) = closed.filter(|until| now < *until) {
                return Ok(Err(SignInRefused { locked_until: Some(until) }));
            }
            if closed.is_some() && attempts.locked_until(now).is_some() {
                // An administrator has opened it.
                attempts = Attempts::default();
            }
            let outcome = request.attempt(&client, &mut attempts, &pepper, now);
            if attempts != before {
                let text = serde_json::to_vec(&attempts).map_err(Fault::broken)?;
                let kept = (attempts != Attempts::default()).then_some(text.as_slice());
                cx.change()?.set_note(tenant, &key, kept)?;
            }
            if outcome.is_err()
                && let Some(until) = attempts.locked_until(now)
            {
                close_api_key(cx, &client.id, until)?;
            }
            Ok(outcome)
        })
    }
}

fn sign_out(cloud: &Arc<Cloud>, request: &Request) -> Response {
    let known = match cloud.caller(request, true) {
        Ok(Some(known)) => known,
        Ok(None) => return unauthorized(request),
        Err(cause) => {
            tracing::error!(cause = %chain(&cause), "who signs out cannot be told");
            return respond(500, None, "");
        }
    };
    match cloud.revoke(&known.value.tenant, &known.claims) {
        Ok(()) => respond(200, None, ""),
        Err(cause) => {
            tracing::error!(cause = %chain(&cause), "a session cannot be ended");
            respond(500, None, "")
        }
    }
}
