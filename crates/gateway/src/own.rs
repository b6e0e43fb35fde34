//! What this server says of itself, and what its operator may do with it: only from this machine, and only with a
//! header that no web page can send unasked.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};
use zuno_catalogue::handles::zidentity::{api_client, api_client_secret};
use zuno_catalogue::openapi;
use zuno_engine::Context;
use zuno_identity::Secret;
use zuno_intercept::Via;
use zuno_model::{Fault, Tenant, TenantId};
use zuno_store::Aspect;

use crate::request::Request;
use crate::respond::{Whole, in_json, whole};
use crate::settings::{Mode, Settings};
use crate::{Cloud, FirstTenant, StartError, published, trust};
use crate::{machines, revoked};

/// The header that an operator's request carries.
const HEADER: &str = "x-zuno-operator";

/// Answers a request to the server itself.
pub async fn answer(cloud: &Arc<Cloud>, request: &Request) -> Whole {
    let path = request.path.as_str();
    match path {
        "/" => return whole(200, Some("text/plain; charset=utf-8"), about(cloud)),
        "/health" | "/ready" | "/_zuno/health" => return in_json(200, &json!({"status": "ok"})),
        // A certificate is no secret, and whoever is to trust it may be on another machine.
        "/_zuno/ca" if request.head.method == Method::GET => {
            return match &cloud.options.local_ca {
                Some(pem) => whole(200, Some("application/x-pem-file"), pem.clone()),
                None => in_json(404, &json!({"error": "this server intercepts nothing and has no local CA"})),
            };
        }
        "/openapi.json" => return in_json(200, &openapi(&cloud.catalogue(), None)),
        _ => {}
    }
    if let Some(name) = path.strip_prefix("/openapi/").and_then(|file| file.strip_suffix(".json")) {
        return match cloud.catalogue().product(name) {
            Some(_) => in_json(200, &openapi(&cloud.catalogue(), Some(name))),
            None => in_json(404, &json!({"error": format!("there is no product `{name}`")})),
        };
    }
    let from_here = request.head.extensions.get::<Arc<Via>>().is_none_or(|via| via.from_this_machine());
    if !from_here || request.header(HEADER).is_none() {
        let text = format!("only for the operator: call it from this machine, with the header `{HEADER}: 1`");
        return in_json(403, &json!({"error": text}));
    }
    let parts: Vec<&str> = path.trim_start_matches("/_zuno/").split('/').collect();
    let body: Value = serde_json::from_slice(&request.body).unwrap_or(Value::Null);
    match (&request.head.method, parts.as_slice()) {
        (&Method::GET, ["tenants"]) => match cloud.tenants() {
            Ok(tenants) => in_json(200, &tenants.iter().map(|tenant| json!(**tenant)).collect()),
            Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
        },
        (&Method::POST, ["tenants"]) => new_tenant(cloud, &body),
        (&Method::DELETE, ["tenants", vanity]) => {
            of_tenant(cloud, vanity, |tenant| remove_tenant(cloud, tenant))
        }
        (&Method::POST, ["tenants", vanity, "reset"]) => {
            of_tenant(cloud, vanity, |tenant| reset_tenant(cloud, tenant))
        }
        (&Method::POST, ["tenants", vanity, "idps", idp, "scim-token"]) => {
            of_tenant(cloud, vanity, |tenant| scim_token(cloud, tenant, idp))
        }
        (&Method::PUT, ["tenants", vanity, "modes", product, mode]) => {
            let on = body.get("on").and_then(Value::as_bool).unwrap_or(true);
            of_tenant(cloud, vanity, |tenant| turn(cloud, tenant, product, mode, on))
        }
        (&Method::POST, ["machines"]) => machines::enrol(cloud, &body),
        (&Method::GET, ["tenants", vanity, "machines"]) => {
            of_tenant(cloud, vanity, |tenant| machines::list(cloud, tenant))
        }
        (&Method::PUT, ["tenants", vanity, "machines"]) => {
            of_tenant(cloud, vanity, |tenant| machines::turn(cloud, tenant, &body))
        }
        (&Method::PUT, ["clock"]) => match body.get("offset").and_then(Value::as_i64) {
            Some(seconds) => match cloud.set_clock(TenantId::SERVER, seconds) {
                Ok(now) => in_json(200, &json!({"now": now})),
                Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
            },
            None => in_json(400, &json!({"error": "give `offset`, in seconds ahead of real time"})),
        },
        (_, ["lists", ..]) => published::lists::administer(cloud, request, &parts[1..], &body),
        (_, ["trust", ..]) => trust::administer(cloud, request, &parts[1..], &body),
        _ => in_json(404, &json!({"error": format!("there is no {} {path}", request.head.method)})),
    }
}

fn about(cloud: &Cloud) -> String {
    let tenants: Vec<String> =
        cloud.tenants().unwrap_or_default().iter().map(|tenant| tenant.vanity.clone()).collect();
    format!(
        "Zuno {}: the OneAPI cloud you can run yourself\ntenants: {}\n",
        env!("CARGO_PKG_VERSION"),
        tenants.join(", ")
    )
}

fn new_tenant(cloud: &Cloud, body: &Value) -> Whole {
    let text = |name: &str| body.get(name).and_then(Value::as_str).map(str::to_owned);
    let Some(vanity) = text("vanity") else {
        return in_json(400, &json!({"error": "give `vanity`, the tenant's label in host names"}));
    };
    let wanted = FirstTenant {
        vanity,
        customer_id: text("customer_id").and_then(|id| id.parse().ok()),
        client_id: text("client_id"),
        client_secret: text("client_secret").map(Secret::chosen),
        bare: body.get("bare").and_then(Value::as_bool).unwrap_or(false),
    };
    match cloud.new_tenant(wanted) {
        Ok(made) => in_json(
            201,
            &json!({
                "vanity": made.tenant.vanity,
                "customer_id": made.tenant.customer_id.to_string(),
                "client_id": made.client_id,
                "client_secret": made.client_secret.reveal(),
            }),
        ),
        Err(StartError::Option(wrong)) => in_json(400, &json!({"error": wrong})),
        Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
    }
}

fn of_tenant(cloud: &Cloud, vanity: &str, answer: impl FnOnce(&Arc<Tenant>) -> Whole) -> Whole {
    match cloud.tenant(Some(vanity)) {
        Ok(Some(tenant)) => answer(&tenant),
        Ok(None) => in_json(404, &json!({"error": format!("there is no tenant `{vanity}`")})),
        Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
    }
}

fn remove_tenant(cloud: &Cloud, tenant: &Arc<Tenant>) -> Whole {
    match cloud.remove_tenant(tenant) {
        Ok(()) => whole(204, None, ""),
        Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
    }
}

/// Makes a tenant fresh again, but for its API clients and their secrets, so that callers need not be told anew, and for
/// the tokens that were revoked.
fn reset_tenant(cloud: &Cloud, tenant: &Arc<Tenant>) -> Whole {
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
        Ok(()) => whole(204, None, ""),
        Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
    }
}

/// Makes a token for an identity provider to provision with, in the place of the one it has: in the real console an
/// administrator does, and no call of the API can.
fn scim_token(cloud: &Cloud, tenant: &Arc<Tenant>, idp: &str) -> Whole {
    match cloud.new_scim_token(tenant, idp) {
        Ok(Some((endpoint, token))) => in_json(201, &json!({"endpoint": endpoint, "token": token.reveal()})),
        Ok(None) => in_json(
            404,
            &json!({"error": format!("the tenant has no identity provider {idp} that provisions")}),
        ),
        Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
    }
}

fn turn(cloud: &Cloud, tenant: &Arc<Tenant>, product: &str, mode: &str, on: bool) -> Whole {
    let Some(mode) = Mode::named(mode) else {
        return in_json(404, &json!({"error": "name `read-only` or `locked`"}));
    };
    if cloud.catalogue().product(product).is_none() {
        return in_json(404, &json!({"error": format!("there is no product `{product}`")}));
    }
    let product = product.to_owned();
    let turned = move |settings: &mut Settings| settings.turn(&product, mode, on);
    match cloud.set(tenant.id, turned) {
        Ok(()) => whole(204, None, ""),
        Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
    }
}
