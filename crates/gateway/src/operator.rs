//! What the server's operator may do with it: whoever shows the operator's token, from wherever, and calls the server by a
//! name of its own. A web page whose name was pointed here knows neither.

use std::sync::Arc;

use http::{HeaderValue, Method, header};
use serde_json::{Value, json};
use tokio::task::block_in_place;
use zuno_catalogue::handles::zidentity::{api_client, api_client_secret};
use zuno_engine::Context;
use zuno_identity::Secret;
use zuno_model::{AudienceRule, Fault, Tenant, TenantId};
use zuno_store::Aspect;

use crate::members::Members;
use crate::request::{Request, decoded};
use crate::respond::{Response, in_json, respond};
use crate::state::settings::{Mode, Settings};
use crate::{
    Cloud, FirstTenant, StartError, audit, clocks, domains, faults, journal, machines, policy_review,
    published, recover, revoked, snapshots, trust, what_if,
};

/// What stands in the way of a request to the operator's API, if anything does.
pub fn barred(cloud: &Cloud, request: &Request) -> Option<Response> {
    if !cloud.names.mean_us(request) {
        return Some(wrong(
            403,
            "the operator's API answers under loopback names and addresses, the address that was dialled, and names \
             given with `zuno serve --host NAME`: call it by one of these",
        ));
    }
    let Some(secret) = &cloud.options.operator else {
        return Some(wrong(
            403,
            "this server was started without an operator's token: nobody may operate it",
        ));
    };
    if request.bearer().is_some_and(|shown| secret.is(shown)) {
        return None;
    }
    let mut refused = wrong(
        401,
        "only for the operator: send `Authorization: Bearer` with the token that the data folder keeps in the file \
         `operator-token`, or that ZUNO_OPERATOR_TOKEN gave the server",
    );
    refused.headers_mut().insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
    Some(refused)
}

/// Carries a request of the operator's out.
pub async fn answer(cloud: &Arc<Cloud>, request: &Request) -> Response {
    if let Some(refused) = barred(cloud, request) {
        return refused;
    }
    let path = request.path.trim_start_matches("/_zuno").trim_matches('/');
    let parts: Vec<String> = path.split('/').map(decoded).collect();
    let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
    if let ["snapshots", rest @ ..] = parts.as_slice() {
        return snapshots::answer(cloud, request, rest);
    }
    let body = match request.body.is_empty() {
        true => Value::Null,
        false => match serde_json::from_slice(&request.body) {
            Ok(body) => body,
            Err(cause) => return wrong(400, &format!("the body is no JSON: {cause}")),
        },
    };
    match parts.as_slice() {
        ["requests", rest @ ..] => journal::answer(cloud, request, rest).await,
        ["lists", rest @ ..] => published::lists::administer(cloud, request, rest, &body),
        ["policy", asked @ ("rules" | "lint" | "diff" | "snapshot")]
            if request.head.method == Method::POST =>
        {
            let answered = block_in_place(|| match *asked {
                "rules" => policy_review::rules(cloud, &body),
                "lint" => policy_review::findings(cloud, &body),
                "snapshot" => policy_review::configuration(cloud, &body),
                _ => policy_review::differences(cloud, &body),
            });
            answered.unwrap_or_else(|why| wrong(400, &why))
        }
        ["what-if"] if request.head.method == Method::POST => {
            block_in_place(|| what_if::answer(cloud, &body)).unwrap_or_else(|why| wrong(400, &why))
        }
        ["trust", rest @ ..] => trust::administer(cloud, request, rest, &body),
        parts => carried_out(cloud, request, parts, &body).unwrap_or_else(|why| wrong(400, &why)),
    }
}

fn wrong(status: u16, why: &str) -> Response {
    in_json(status, &json!({ "error": why }))
}

fn broken(cause: &impl std::fmt::Display) -> Response {
    tracing::error!(%cause, "the operator's call failed");
    wrong(500, &cause.to_string())
}

/// The answer, or what is wrong with what was written.
fn carried_out(
    cloud: &Arc<Cloud>,
    request: &Request,
    parts: &[&str],
    body: &Value,
) -> Result<Response, String> {
    let mut members = Members::of(body)?;
    let method = request.head.method.clone();
    Ok(match (method, parts) {
        (Method::GET, ["tenants"]) => {
            members.end()?;
            match cloud.tenants() {
                Ok(tenants) => in_json(200, &tenants.iter().map(|tenant| told(cloud, tenant)).collect()),
                Err(cause) => broken(&cause),
            }
        }
        (Method::POST, ["tenants"]) => new_tenant(cloud, members)?,
        (Method::DELETE, ["tenants", vanity]) => {
            members.end()?;
            let also_the_last = said(request, "last")?;
            of_tenant(cloud, vanity, |tenant| remove_tenant(cloud, tenant, also_the_last))
        }
        (Method::PATCH, ["tenants", vanity]) => {
            let (audience, domains) = (members.text("audience")?, members.texts("domains")?);
            members.end()?;
            let audience = match (audience, domains) {
                (None, Some(wanted)) => {
                    return Ok(of_tenant(cloud, vanity, |tenant| domains::answer(cloud, tenant, wanted)));
                }
                (audience, None) => audience.and_then(|word| serde_json::from_value(json!(word)).ok()),
                (Some(_), Some(_)) => None,
            };
            let words = "give one of the two: `audience`, as `either`, `required` or `refused`; or `domains`";
            let audience = audience.ok_or(words)?;
            of_tenant(cloud, vanity, |tenant| change_tenant(cloud, tenant, audience))
        }
        (Method::GET, ["tenants", vanity, "legacy", client]) => {
            members.end()?;
            of_tenant(cloud, vanity, |tenant| older_keys(cloud, tenant, client))
        }
        (Method::POST, ["tenants", vanity, "reset"]) => {
            let to = members.text("to")?;
            members.end()?;
            of_tenant(cloud, vanity, |tenant| match &to {
                Some(name) => snapshots::reset(cloud, tenant, name),
                None => reset_tenant(cloud, tenant),
            })
        }
        (Method::GET, ["tenants", vanity, "audit"]) => {
            members.end()?;
            match tenant_named(cloud, vanity) {
                Ok(tenant) => audit::answer(cloud, &tenant, request)?,
                Err(refused) => *refused,
            }
        }
        (Method::POST, ["tenants", vanity, "first-client"]) => {
            let client = members.text("client_id")?;
            members.end()?;
            of_tenant(cloud, vanity, |tenant| recover::answer(cloud, tenant, client))
        }
        (Method::POST, ["tenants", vanity, "idps", idp, "scim-token"]) => {
            members.end()?;
            of_tenant(cloud, vanity, |tenant| scim_token(cloud, tenant, idp))
        }
        (Method::PUT, ["tenants", vanity, "modes", product, mode]) => {
            let on = members.flag("on")?;
            members.end()?;
            let on = on.ok_or("send `{\"on\": true}` or `{\"on\": false}`")?;
            of_tenant(cloud, vanity, |tenant| turn(cloud, tenant, product, mode, on))
        }
        (_, ["tenants", vanity, "faults", rest @ ..]) => match tenant_named(cloud, vanity) {
            Ok(tenant) => faults::answer(cloud, request, &tenant, rest, members)?.unwrap_or_else(|| {
                wrong(404, &format!("there is no {} {}", request.head.method, request.path))
            }),
            Err(refused) => *refused,
        },
        (Method::POST, ["machines"]) => {
            members.text("key")?;
            members.whole("count")?;
            members.text("name")?;
            members.text("vanity")?;
            members.end()?;
            machines::enrol(cloud, body)
        }
        (Method::GET, ["tenants", vanity, "machines"]) => {
            members.end()?;
            of_tenant(cloud, vanity, |tenant| machines::list(cloud, tenant))
        }
        (Method::PUT, ["tenants", vanity, "machines"]) => {
            members.text("named")?;
            members.flag("connected")?;
            members.text("waits")?;
            members.end()?;
            of_tenant(cloud, vanity, |tenant| machines::turn(cloud, tenant, body))
        }
        (Method::POST, ["tenants", vanity, "fleet"]) => {
            for name in ["devices", "users", "locations", "seed"] {
                members.whole(name)?;
            }
            members.end()?;
            of_tenant(cloud, vanity, |tenant| machines::company(cloud, tenant, body))
        }
        (_, ["clock"]) => clocks::answer(cloud, request, TenantId::SERVER, members)?,
        (_, ["tenants", vanity, "clock"]) => match tenant_named(cloud, vanity) {
            Ok(tenant) => clocks::answer(cloud, request, tenant.id, members)?,
            Err(refused) => *refused,
        },
        (method, _) => wrong(404, &format!("there is no {method} {}", request.path)),
    })
}

/// Whether a query says yes.
fn said(request: &Request, name: &str) -> Result<bool, String> {
    let Some((_, value)) = request.query.iter().find(|(given, _)| given == name) else { return Ok(false) };
    value.parse().map_err(|_| format!("`{name}` is `true` or `false`, not `{value}`"))
}

/// A tenant as its operator is told of it; its ids are text, since not every reader of JSON keeps large numbers.
fn told(cloud: &Cloud, tenant: &Tenant) -> Value {
    json!({
        "id": tenant.id.0.to_string(),
        "vanity": tenant.vanity,
        "customer_id": tenant.customer_id.to_string(),
        "org_id": tenant.org_id.to_string(),
        "cloud": tenant.cloud,
        "created": tenant.created,
        "sample_fleet": tenant.sample_fleet,
        "api_key": cloud.organization_key(tenant).reveal(),
    })
}

/// What an API client signs in with at the older hosts.
fn older_keys(cloud: &Cloud, tenant: &Arc<Tenant>, client: &str) -> Response {
    match cloud.older_keys(tenant, client) {
        Ok(Some(keys)) => in_json(200, &json!(keys)),
        Ok(None) => wrong(404, &format!("the tenant has no API client `{client}`")),
        Err(cause) => broken(&cause),
    }
}

fn new_tenant(cloud: &Cloud, mut members: Members) -> Result<Response, String> {
    let vanity = members.text("vanity")?;
    let wanted = FirstTenant {
        vanity: vanity.clone().unwrap_or_default(),
        customer_id: members.id("customer_id")?,
        client_id: members.text("client_id")?,
        client_secret: members.text("client_secret")?.map(Secret::chosen),
        bare: members.flag("bare")?.unwrap_or(false),
        from: members.text("from")?,
    };
    members.end()?;
    vanity.ok_or("give `vanity`, the tenant's label in host names")?;
    Ok(match cloud.new_tenant(wanted) {
        Ok(made) => in_json(201, &made.to_json()),
        Err(StartError::Option(why)) => return Err(why),
        Err(cause) => broken(&cause),
    })
}

/// The tenant of this label, or the refusal where there is none.
fn tenant_named(cloud: &Cloud, vanity: &str) -> Result<Arc<Tenant>, Box<Response>> {
    match cloud.tenant(Some(vanity)) {
        Ok(Some(tenant)) => Ok(tenant),
        Ok(None) => Err(Box::new(wrong(404, &format!("there is no tenant `{vanity}`")))),
        Err(cause) => Err(Box::new(broken(&cause))),
    }
}

fn of_tenant(cloud: &Cloud, vanity: &str, answer: impl FnOnce(&Arc<Tenant>) -> Response) -> Response {
    tenant_named(cloud, vanity).map_or_else(|refused| *refused, |tenant| answer(&tenant))
}

/// What becomes of a request for a token that names an audience, or none.
fn change_tenant(cloud: &Cloud, tenant: &Tenant, audience: AudienceRule) -> Response {
    match cloud.set_audience(tenant, audience) {
        Ok(()) => respond(204, None, ""),
        Err(cause) => broken(&cause),
    }
}

fn remove_tenant(cloud: &Cloud, tenant: &Arc<Tenant>, also_the_last: bool) -> Response {
    let all = match cloud.tenants() {
        Ok(all) => all,
        Err(cause) => return broken(&cause),
    };
    if !also_the_last && all.len() == 1 {
        let text = format!(
            "`{}` is the last tenant, and a server without one answers nobody: say `?last=true` to remove it all the same",
            tenant.vanity
        );
        return in_json(409, &json!({"error": text, "last": true}));
    }
    match cloud.remove_tenant(tenant) {
        Ok(()) => respond(204, None, ""),
        Err(cause) => broken(&cause),
    }
}

/// Makes a tenant fresh again, but for its API clients and their secrets, so that callers need not be told anew, and for
/// the tokens that were revoked.
fn reset_tenant(cloud: &Cloud, tenant: &Arc<Tenant>) -> Response {
    let reset = |cx: &mut Context<'_>| {
        let id = cx.tenant().id;
        let revoked = cx.store().notes(id, revoked::NOTES)?;
        let mut kept = Vec::new();
        for kind in [api_client::KIND, api_client_secret::KIND] {
            kept.extend(cx.all(kind, None)?.into_iter().map(|stored| (kind, stored)));
        }
        cx.clear()?;
        for (key, note) in &revoked {
            cx.change()?.set_note(id, key, Some(note))?;
        }
        cx.change()?.touch(id, Aspect::Settings)?;
        kept.iter().try_for_each(|(kind, stored)| cx.save(kind, stored))
    };
    let outcome = cloud.own(tenant).map_err(Fault::from).and_then(|own| cloud.write_and_wait(own, reset));
    match outcome {
        Ok(()) => respond(204, None, ""),
        Err(cause) => broken(&cause),
    }
}

/// Makes a token for an identity provider to provision with, in the place of the one it has: in the real console an
/// administrator does, and no call of the API can.
fn scim_token(cloud: &Cloud, tenant: &Arc<Tenant>, idp: &str) -> Response {
    match cloud.new_scim_token(tenant, idp) {
        Ok(Some((endpoint, token))) => in_json(201, &json!({"endpoint": endpoint, "token": token.reveal()})),
        Ok(None) => wrong(404, &format!("the tenant has no identity provider {idp} that provisions")),
        Err(cause) => broken(&cause),
    }
}

fn turn(cloud: &Cloud, tenant: &Arc<Tenant>, product: &str, mode: &str, on: bool) -> Response {
    let Some(mode) = Mode::named(mode) else {
        return wrong(404, &format!("there is no mode `{mode}`: name `read-only` or `locked`"));
    };
    if cloud.catalogue().product(product).is_none() {
        return wrong(404, &format!("there is no product `{product}`"));
    }
    let product = product.to_owned();
    match cloud.set(tenant.id, move |settings: &mut Settings| settings.turn(&product, mode, on)) {
        Ok(()) => respond(204, None, ""),
        Err(cause) => broken(&cause),
    }
}
