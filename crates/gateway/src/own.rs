//! What this server says of itself, and what its operator may do with it: only from this machine, and only with a
//! header that no web page can send unasked.

use std::sync::Arc;

use http::Method;
use serde_json::{Value, json};
use zuno_catalogue::handles::zidentity::{api_client, api_client_secret};
use zuno_catalogue::openapi;
use zuno_engine::{Access, Context};
use zuno_identity::Secret;
use zuno_intercept::Via;
use zuno_model::Tenant;
use zuno_store::{StoreError, write};

use crate::machines;
use crate::modes::Mode;
use crate::request::Request;
use crate::respond::{Whole, in_json, whole};
use crate::{Cloud, FirstTenant, StartError, published, trust};

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
        (&Method::GET, ["tenants"]) => {
            let tenants: Vec<Value> = cloud.tenants().iter().map(|tenant| json!(**tenant)).collect();
            in_json(200, &Value::Array(tenants))
        }
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
            turn(cloud, vanity, product, mode, body.get("on").and_then(Value::as_bool).unwrap_or(true))
        }
        (&Method::POST, ["machines"]) => machines::enrol(cloud, &body),
        (&Method::GET, ["tenants", vanity, "machines"]) => {
            of_tenant(cloud, vanity, |tenant| machines::list(cloud, tenant))
        }
        (&Method::PUT, ["tenants", vanity, "machines"]) => {
            of_tenant(cloud, vanity, |tenant| machines::turn(cloud, tenant, &body))
        }
        (&Method::PUT, ["clock"]) => match body.get("offset").and_then(Value::as_i64) {
            Some(seconds) => {
                cloud.clock().set_offset(seconds);
                cloud.tidy();
                in_json(200, &json!({"now": cloud.clock().now()}))
            }
            None => in_json(400, &json!({"error": "give `offset`, in seconds ahead of real time"})),
        },
        (_, ["lists", ..]) => published::lists::administer(cloud, request, &parts[1..], &body),
        (_, ["trust", ..]) => trust::administer(cloud, request, &parts[1..], &body),
        _ => in_json(404, &json!({"error": format!("there is no {} {path}", request.head.method)})),
    }
}

fn about(cloud: &Cloud) -> String {
    let tenants: Vec<String> = cloud.tenants().iter().map(|tenant| tenant.vanity.clone()).collect();
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
    match cloud.tenants.named(Some(vanity)) {
        Some(tenant) => answer(&tenant),
        None => in_json(404, &json!({"error": format!("there is no tenant `{vanity}`")})),
    }
}

fn remove_tenant(cloud: &Cloud, tenant: &Arc<Tenant>) -> Whole {
    let removed = cloud.remove_tenant(tenant);
    // The next tenant may get the same number.
    cloud.rendered.outdate(tenant.id);
    match removed {
        Ok(()) => whole(204, None, ""),
        Err(cause) => in_json(500, &json!({"error": cause.to_string()})),
    }
}

/// Makes a tenant fresh again, but for its API clients and their secrets, so that callers need not be told anew.
fn reset_tenant(cloud: &Cloud, tenant: &Arc<Tenant>) -> Whole {
    let (engine, call, id) = (Arc::clone(&cloud.engine), cloud.own_call(tenant), tenant.id);
    let failed = |fault| StoreError::because("an API client cannot be kept", fault);
    let outcome = write(cloud.store.as_ref(), move |tx| {
        let mut kept = Vec::new();
        {
            let cx = Context::new(&engine, &call, Access::Write(tx));
            for kind in [api_client::KIND, api_client_secret::KIND] {
                kept.extend(cx.all(kind, None).map_err(failed)?.into_iter().map(|stored| (kind, stored)));
            }
        }
        tx.clear_tenant(id)?;
        let mut cx = Context::new(&engine, &call, Access::Write(tx));
        kept.iter().try_for_each(|(kind, stored)| cx.save(kind, stored).map_err(failed))
    });
    cloud.raise_generation();
    cloud.rendered.outdate(id);
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

fn turn(cloud: &Cloud, vanity: &str, product: &str, mode: &str, on: bool) -> Whole {
    let (Some(tenant), Some(mode)) = (cloud.tenants.named(Some(vanity)), Mode::named(mode)) else {
        let text = "name a tenant, and `read-only` or `locked`";
        return in_json(404, &json!({"error": text}));
    };
    if cloud.catalogue().product(product).is_none() {
        return in_json(404, &json!({"error": format!("there is no product `{product}`")}));
    }
    cloud.modes.set(tenant.id, product, mode, on);
    whole(204, None, "")
}
