//! The older sign-in of internet access and connectors: a name and a password for a session, whose cookie goes with every
//! call until it is signed out or nobody uses it.

use std::sync::Arc;

use http::Method;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, HeaderValue, SERVER, SET_COOKIE};
use uuid::Builder;
use zuno_catalogue::Window;
use zuno_catalogue::handles::ztw::api_key;
use zuno_identity::{OrganizationKey, SESSION, SessionRefused, SessionRequest, WITHOUT_SESSION, random};
use zuno_intercept::Scheme;
use zuno_model::{Fault, Tenant, TenantId};
use zuno_store::read;

use super::attempts::{Found, broken};
use crate::authorize::COOKIE;
use crate::entry_point::EntryPoint;
use crate::request::Request;
use crate::respond::{Response, product, respond};
use crate::sessions::{Session, cookie};
use crate::{Clock, Cloud, api};

/// How often an organization may sign in at internet access, and how often ask whether it is (documented); at connectors there
/// is no limit (documented).
const LIMIT: [Window; 2] = [Window { calls: 2, seconds: 1 }, Window { calls: 1000, seconds: 3600 }];

/// Answers the sign-in's one path: who has a session, a new one, and its end.
pub async fn answer(cloud: &Arc<Cloud>, request: &Request, entry_point: EntryPoint) -> Response {
    let outcome = match request.head.method {
        Method::POST if !request.is_json() => Ok(respond(415, None, "")),
        Method::POST => sign_in(cloud, request, entry_point),
        Method::GET => session_status(cloud, request, entry_point),
        Method::DELETE => sign_out(cloud, request, entry_point).await,
        _ => Ok(respond(405, None, "")),
    };
    outcome.unwrap_or_else(|cause| broken(&cause))
}

/// Whether there is a session: always 200 (documented).
fn session_status(cloud: &Cloud, request: &Request, entry_point: EntryPoint) -> Result<Response, Fault> {
    let Some(shown) = cloud.shown_session(request, entry_point)? else {
        return Ok(told(200, WITHOUT_SESSION));
    };
    let over = too_many(cloud, request, shown.known.value.tenant.id, entry_point)?;
    Ok(over.unwrap_or_else(|| told(200, SESSION)))
}

/// The refusal of a call beyond the sign-in's own limit, where limits are kept.
fn too_many(
    cloud: &Cloud,
    request: &Request,
    tenant: TenantId,
    entry_point: EntryPoint,
) -> Result<Option<Response>, Fault> {
    if !cloud.options.real_limits || entry_point != EntryPoint::InternetAccess {
        return Ok(None);
    }
    let what = format!("{} {} {COOKIE}", tenant.0, request.head.method);
    let status = cloud.quota.count(&what, &LIMIT, cloud.now(tenant)?);
    let catalogue = cloud.catalogue();
    let family = entry_point.product().and_then(|name| catalogue.product(name));
    let over = status.filter(|status| status.over).zip(family);
    Ok(over.map(|(over, family)| {
        let dialect = zuno_dialect::of(family.dialect);
        product(request, dialect, dialect.throttled(&api::throttled(over)), None)
    }))
}

/// An answer with the headers that were seen on one in an issue thread.
fn told(status: u16, body: &'static str) -> Response {
    let mut response = respond(status, Some("application/json"), body);
    let headers = response.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(CONTENT_DISPOSITION, HeaderValue::from_static("attachment; filename=\"api.json\""));
    headers.insert(SERVER, HeaderValue::from_static("Zscaler"));
    response
}

fn refused(why: SessionRefused) -> Response {
    let (status, body) = why.answer();
    told(status, body)
}

fn sign_in(cloud: &Cloud, request: &Request, entry_point: EntryPoint) -> Result<Response, Fault> {
    let shown = match SessionRequest::parse(&request.body) {
        Ok(shown) => shown,
        Err(why) => return Ok(refused(why)),
    };
    // Clients write the time by real clocks, as they do in assertions.
    if !shown.is_timely(Clock::real()) {
        return Ok(refused(SessionRefused::Key));
    }
    let tenants = whose_key(cloud, &shown, entry_point)?;
    let Some(first) = tenants.first() else { return Ok(refused(SessionRefused::Key)) };
    if let Some(over) = too_many(cloud, request, first.id, entry_point)? {
        return Ok(over);
    }
    let Some(found) = who(cloud, &tenants, &shown, entry_point)? else {
        return Ok(refused(SessionRefused::Person));
    };
    let Some(cookie) = begin(cloud, request, &found, shown, entry_point)? else {
        return Ok(refused(SessionRefused::Person));
    };
    let mut response = told(200, SESSION);
    // Over plain HTTP a client would not send a cookie back that is for TLS alone.
    let plain = request.via().is_some_and(|via| via.scheme == Scheme::Http);
    let secure = if plain { "" } else { "; Secure" };
    let line = format!("{COOKIE}={cookie}; Path=/{secure}; HttpOnly");
    if let Ok(line) = HeaderValue::from_str(&line) {
        response.headers_mut().insert(SET_COOKIE, line);
    }
    Ok(response)
}

/// The tenants whose key is shown: the organization's, or at connectors one that was made there and is on. Those are read
/// when no organization's is shown, of the one tenant that the name tells where it tells one.
fn whose_key(
    cloud: &Cloud,
    shown: &SessionRequest,
    entry_point: EntryPoint,
) -> Result<Vec<Arc<Tenant>>, Fault> {
    let tenants: Vec<Arc<Tenant>> = cloud.tenants()?;
    let of_organization = tenants.iter().filter(|tenant| shown.shows(&cloud.organization_key(tenant)));
    let mut found: Vec<Arc<Tenant>> = of_organization.cloned().collect();
    if found.is_empty() && entry_point == EntryPoint::Connectors {
        for tenant in tenants.into_iter().filter(|tenant| shown.may_be_of(tenant.org_id)) {
            // Keys are read of tenants that know the name alone: anybody may ask.
            if who(cloud, std::slice::from_ref(&tenant), shown, entry_point)?.is_none() {
                continue;
            }
            let keys = cloud.read(&cloud.own(&tenant)?, |cx| cx.all(api_key::KIND, None))?;
            let fits = keys.iter().filter(|key| api_key::ENABLED.of(&key.record)).any(|key| {
                let key = api_key::KEY_VALUE.of(&key.record).and_then(OrganizationKey::read);
                key.is_some_and(|key| shown.shows(&key))
            });
            if fits {
                found.push(tenant);
            }
        }
    }
    Ok(found)
}

/// Whom the name means: an administrator or an API client by all of it, or an API client by what stands before a domain.
fn who(
    cloud: &Cloud,
    tenants: &[Arc<Tenant>],
    shown: &SessionRequest,
    entry_point: EntryPoint,
) -> Result<Option<Found>, Fault> {
    match cloud.found(tenants, shown.username(), entry_point)? {
        None if shown.client_id() != shown.username() => cloud.found(tenants, shown.client_id(), entry_point),
        found => Ok(found),
    }
}

/// The cookie of a new session, if the password is right.
fn begin(
    cloud: &Cloud,
    request: &Request,
    found: &Found,
    shown: SessionRequest,
    entry_point: EntryPoint,
) -> Result<Option<String>, Fault> {
    let (tenant, now) = (found.tenant.id, cloud.now(found.tenant.id)?);
    let cookie = cookie(tenant);
    let note = cloud.session_note(entry_point, &cookie);
    let session = Session {
        client: found.client.id.clone(),
        sid: found.client.session.clone(),
        jti: Builder::from_random_bytes(random()).into_uuid().to_string(),
        used: now,
        until: now.saturating_add(cloud.session_lasts(&found.tenant, entry_point)?),
    };
    let text = session.note()?;
    let prove = move |client: &_, pepper: &_, now| shown.proves(client, pepper, now);
    let kept = cloud.attempt(found, entry_point, request.address(), prove, move |cx| {
        cx.change()?.set_note(tenant, &note, Some(&text)).map_err(Fault::from)
    })?;
    Ok(kept.map(|()| cookie))
}

/// Signing out puts what waits in force (documented), where the caller may; the session ends in any case.
async fn sign_out(cloud: &Arc<Cloud>, request: &Request, entry_point: EntryPoint) -> Result<Response, Fault> {
    let Some(shown) = cloud.shown_session(request, entry_point)? else {
        return Ok(refused(SessionRefused::Session));
    };
    let (product, path) = match entry_point {
        EntryPoint::Connectors => ("ztw", "/ztw/api/v1/auth"),
        _ => ("zia", "/zia/api/v1/authenticatedSession"),
    };
    let answer = api::answer(cloud, request, path.to_owned(), entry_point, None).await;
    let tenant: TenantId = shown.known.value.tenant.id;
    cloud.end_session(tenant, &shown.note)?;
    if answer.status().is_success() {
        return Ok(answer);
    }
    let waits = read(cloud.store.as_ref(), |tx| tx.is_staged(tenant, product))?;
    Ok(told(200, if waits { r#"{"status":"PENDING"}"# } else { r#"{"status":"ACTIVE"}"# }))
}
