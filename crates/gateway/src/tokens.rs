//! The authorization server: tokens, published keys, discovery.

use std::sync::Arc;

use http::Method;
use zuno_catalogue::Window;
use zuno_identity::{
    ApiClient, Exchange, Issuer, JWKS_PATH, OAuthCode, OAuthError, TOKEN_PATH, TokenAnswer, TokenRequest,
    discovery,
};
use zuno_intercept::Host;
use zuno_model::{Entry, Fault, Refused, Tenant};

use crate::authorize::issuer;
use crate::entry_point::EntryPoint;
use crate::health::chain;
use crate::journal::{Client, Seen};
use crate::request::Request;
use crate::respond::{Response, respond, set};
use crate::{Clock, Cloud};

/// The media type of the token endpoint, which differs from the products' (seen).
const MEDIA: &str = "application/json;charset=UTF-8";

/// What the log calls a sign-in.
pub const SIGN_IN: &str = "sign-in";

/// What it calls a sign-out.
pub const SIGN_OUT: &str = "sign-out";

/// How many failed sign-ins of one client the log tells.
const KEPT_OUT: Window = Window { calls: 30, seconds: 60 };

/// Answers a request to the authorization server.
pub async fn answer(cloud: &Arc<Cloud>, request: &Request, vanity: Option<&str>) -> Response {
    let tenant = match cloud.tenant(vanity) {
        Ok(Some(tenant)) => tenant,
        Ok(None) => return respond(404, None, ""),
        Err(cause) => return broken(&cause.into()),
    };
    let get = request.head.method == Method::GET;
    let mut seen = Seen::of(&tenant);
    let mut response = match request.path.as_str() {
        TOKEN_PATH if request.head.method == Method::POST => token(cloud, request, &tenant, &mut seen).await,
        TOKEN_PATH => {
            let mut response = respond(405, None, "");
            set(response.headers_mut(), "allow", "POST");
            response
        }
        JWKS_PATH if get => {
            if let Err(cause) = cloud.signer() {
                return broken(&cause.into());
            }
            json(200, cloud.keyring.jwks().to_string().into_bytes())
        }
        "/.well-known/openid-configuration" | "/.well-known/oauth-authorization-server" if get => {
            let named = Issuer::new(request.origin());
            json(200, discovery(&named).to_string().into_bytes())
        }
        _ => respond(404, None, ""),
    };
    seen.go_with(&mut response);
    response
}

async fn token(cloud: &Arc<Cloud>, request: &Request, tenant: &Arc<Tenant>, seen: &mut Seen) -> Response {
    let parsed =
        TokenRequest::parse(request.header("content-type"), &request.body, request.header("authorization"));
    let parsed = match parsed {
        Ok(parsed) => parsed,
        Err(refused) => return refusal(&refused, seen),
    };
    let mut client = None;
    for id in parsed.client_ids() {
        match cloud.api_client(tenant, id, EntryPoint::Gateway) {
            Ok(Some(found)) => {
                client = Some(found);
                break;
            }
            Ok(None) => {}
            Err(cause) => return broken(&cause),
        }
    }
    let blocks = client.as_ref().is_some_and(|client| Exchange::may_block(&parsed, client));
    let mut named = Issuer::new(issuer(&tenant.vanity));
    // A name that anybody could point here, or write into `Host`, is no audience: an assertion that was made for another
    // server would count.
    let is_tenants = match Host::of(request.host()) {
        Host::Token { vanity, .. } => vanity.eq_ignore_ascii_case(&tenant.vanity),
        _ => cloud.names.mean_us(request),
    };
    if is_tenants {
        named.also.push(request.origin());
    }
    let now = match cloud.now(tenant.id) {
        Ok(now) => now,
        Err(cause) => return broken(&cause.into()),
    };
    let audience = tenant.audience;
    let known = client.clone();
    seen.now = Some(now);
    let shown = |client: &Arc<ApiClient>| Client::Named { id: client.id.clone(), name: client.name.clone() };
    seen.client = known.as_ref().map(shown);
    let exchange = {
        let cloud = Arc::clone(cloud);
        move || -> Result<TokenAnswer, OAuthError> {
            let signer = cloud.signer().map_err(|cause| {
                OAuthError::new(OAuthCode::ServerError, "the server cannot sign")
                    .with_detail(cause.to_string())
            })?;
            let exchange = Exchange {
                issuer: &named,
                pepper: &cloud.pepper,
                jwks: &cloud.jwks,
                signer,
                audience,
                now,
                real_now: Clock::real(),
            };
            exchange.answer(&parsed, client.as_deref())
        }
    };
    let first_key = cloud.keyring.get(cloud.algorithm()).is_none();
    let outcome = if blocks || first_key {
        tokio::task::spawn_blocking(exchange).await.unwrap_or_else(|_| {
            Err(OAuthError::new(
                OAuthCode::ServerError,
                "the exchange was interrupted; send the request again",
            ))
        })
    } else {
        exchange()
    };
    if let Some(client) = &known
        && let Err(cause) = signed_in(cloud, request, tenant, client, outcome.as_ref()).await
    {
        return broken(&cause);
    }
    match outcome {
        Ok(answer) => json(200, answer.body()),
        Err(refused) => refusal(&refused, seen),
    }
}

/// Tells in the tenant's log that a client signed in, or was kept out. Nobody waits for the first; but whoever tries many
/// secrets waits for each, and is told of a few in a minute.
async fn signed_in(
    cloud: &Arc<Cloud>,
    request: &Request,
    tenant: &Arc<Tenant>,
    client: &ApiClient,
    outcome: Result<&TokenAnswer, &OAuthError>,
) -> Result<(), Fault> {
    let entry = Entry {
        operation: SIGN_IN.into(),
        client_id: client.id.clone(),
        name: client.name.clone(),
        object: client.name.clone(),
        roles: client.roles(),
        address: request.address(),
        trace: outcome.map(|answer| answer.claims.jti.clone()).unwrap_or_default(),
        refused: outcome.err().map(|refused| Refused {
            status: None,
            code: refused.code.as_str().into(),
            words: refused.description.clone(),
        }),
        ..Entry::default()
    };
    let refused = entry.refused.is_some();
    let whose = format!("{} kept out {}", tenant.id.0, client.id);
    let over = || cloud.quota.count(&whose, &[KEPT_OUT], Clock::real()).is_some_and(|status| status.over);
    if refused && over() {
        return Ok(());
    }
    let kept = cloud.note(tenant, entry)?;
    if refused {
        // What becomes of it is told to nobody here.
        let _ = kept.await;
    }
    Ok(())
}

fn refusal(refused: &OAuthError, seen: &mut Seen) -> Response {
    seen.refused_since(refused.detail.as_deref().unwrap_or(&refused.description));
    json(refused.status(), refused.body())
}

fn broken(cause: &Fault) -> Response {
    tracing::error!(cause = %chain(cause), "the store failed");
    json(500, OAuthError::new(OAuthCode::ServerError, "the server's store failed").body())
}

/// The headers of the token endpoint as recorded; it stands outside the gateway and has none of its own.
fn json(status: u16, body: Vec<u8>) -> Response {
    let mut response = respond(status, Some(MEDIA), body);
    let headers = response.headers_mut();
    for (name, value) in [
        ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
        ("pragma", "no-cache"),
        ("expires", "0"),
        ("server", "ingress-gateway"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "DENY"),
        ("x-xss-protection", "0"),
        ("strict-transport-security", "max-age=31536000; includeSubDomains; preload"),
        ("x-ratelimit-limit", "500, 500;w=1, 100000;w=60"),
        ("x-ratelimit-remaining", "499"),
        ("x-ratelimit-reset", "1"),
    ] {
        set(headers, name, value);
    }
    response
}
