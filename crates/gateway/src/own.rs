//! What this server says of itself to whoever asks: that it lives, whom to trust, what it serves. What it lets its operator
//! do stands in [`operator`](crate::operator).

use std::sync::Arc;

use http::Method;
use serde_json::json;
use zuno_catalogue::openapi;

use crate::request::Request;
use crate::respond::{Response, in_json, respond};
use crate::{Cloud, health, metrics, operator, what_if};

/// Whether a request asks only how the server is, which is answered even where there is no room for more.
pub fn is_health(request: &Request) -> bool {
    matches!(request.path.as_str(), "/health" | "/ready" | "/_zuno/health")
}

/// Answers a request to the server itself.
pub async fn answer(cloud: &Arc<Cloud>, request: &Request) -> Response {
    if request.path == "/ready" {
        return health::ready(cloud).await;
    }
    match page(cloud, request) {
        Some(page) => page,
        None => operator::answer(cloud, request).await,
    }
}

/// What is told to everybody, if that is asked for.
pub fn page(cloud: &Cloud, request: &Request) -> Option<Response> {
    let path = request.path.as_str();
    Some(match path {
        "/" => {
            let text = format!("Zuno {}: the OneAPI cloud you can run yourself\n", env!("CARGO_PKG_VERSION"));
            respond(200, Some("text/plain; charset=utf-8"), text)
        }
        "/health" | "/_zuno/health" => health::alive(),
        "/metrics" => match &cloud.metrics {
            Some(metrics) => respond(200, Some(metrics::MEDIA), metrics.told()),
            None => in_json(404, &json!({"error": "this server was started without --metrics"})),
        },
        // A certificate is no secret, and whoever is to trust it may be on another machine.
        "/_zuno/ca" if matches!(request.head.method, Method::GET | Method::HEAD) => {
            match &cloud.options.local_ca {
                Some(ca) => respond(200, Some("application/x-pem-file"), ca.certificate_pem()),
                None => in_json(404, &json!({"error": "this server intercepts nothing and has no local CA"})),
            }
        }
        "/openapi/what-if.json" => in_json(200, &what_if::document()),
        "/openapi.json" => in_json(200, &openapi(&cloud.catalogue(), None)),
        _ => {
            let name = path.strip_prefix("/openapi/").and_then(|file| file.strip_suffix(".json"))?;
            match cloud.catalogue().product(name) {
                Some(_) => in_json(200, &openapi(&cloud.catalogue(), Some(name))),
                None => in_json(404, &json!({"error": format!("there is no product `{name}`")})),
            }
        }
    })
}
