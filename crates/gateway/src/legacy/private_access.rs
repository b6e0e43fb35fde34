//! The older private-access sign-in: an API key for a session, and its end.

use std::sync::Arc;

use http::Method;
use zuno_catalogue::handles::zpa::api_key;
use zuno_identity::{SIGN_IN_FAILURE_STATUS, SessionToken, SignInRefused, SignInRequest};
use zuno_model::{Entry, Fault};

use super::attempts::broken;
use crate::Cloud;
use crate::entry_point::EntryPoint;
use crate::request::Request;
use crate::respond::{Response, respond, unauthorized};
use crate::tokens::SIGN_OUT;

const MEDIA: &str = "application/json";
const ENTRY_POINT: EntryPoint = EntryPoint::PrivateAccess;

/// Answers `/signin`, `/signout` and `/logout`.
pub fn answer(cloud: &Arc<Cloud>, request: &Request) -> Response {
    match (request.path.as_str(), &request.head.method) {
        ("/signin", &Method::POST) => match sign_in(cloud, request) {
            Ok(Some(token)) => respond(200, Some(MEDIA), token.in_private_access()),
            Ok(None) => respond(SIGN_IN_FAILURE_STATUS, Some(MEDIA), SignInRefused.body()),
            Err(cause) => broken(&cause),
        },
        ("/signout", &Method::POST) | ("/logout", &Method::GET) => sign_out(cloud, request),
        _ => respond(405, None, ""),
    }
}

/// The key alone tells the tenant: its id is looked for in all of them.
fn sign_in(cloud: &Cloud, request: &Request) -> Result<Option<SessionToken>, Fault> {
    let Ok(shown) = SignInRequest::parse(&request.body) else { return Ok(None) };
    // Unknown ids are not counted: there is nothing to lock, and the list stays as short as that of the keys.
    let Some(found) = cloud.found(&cloud.tenants()?, shown.client_id(), ENTRY_POINT)? else {
        return Ok(None);
    };
    let prove = move |client: &_, pepper: &_, now| shown.proves(client, pepper, now);
    match cloud.attempt(&found, ENTRY_POINT, request.address(), prove, |_| Ok(()))? {
        Some(()) => cloud.session_token(&found, ENTRY_POINT).map(Some),
        None => Ok(None),
    }
}

fn sign_out(cloud: &Cloud, request: &Request) -> Response {
    let known = match cloud.caller(request, ENTRY_POINT) {
        Ok(Some(known)) => known,
        Ok(None) => return unauthorized(request),
        Err(cause) => return broken(&cause),
    };
    let actor = &known.value.actor;
    let entry = Entry {
        kind: api_key::KIND.into(),
        operation: SIGN_OUT.into(),
        client_id: actor.client_id.clone(),
        name: actor.name.clone(),
        object: actor.name.clone(),
        roles: actor.roles.clone(),
        address: request.address(),
        trace: known.claims.jti.clone(),
        ..Entry::default()
    };
    let tenant = &known.value.tenant;
    let told = || cloud.write_and_wait(cloud.own(tenant)?, move |cx| cx.log(&entry));
    match cloud.revoke(tenant, &known.claims).map_err(Fault::from).and_then(|()| told()) {
        Ok(()) => respond(200, None, ""),
        Err(cause) => broken(&cause),
    }
}
