//! The domains that a tenant's people and sites sign in with: in the real cloud support enters them, and no call of the API can.

use std::sync::Arc;

use serde_json::json;
use zuno_behaviours::zia::set_domains;
use zuno_catalogue::Format;
use zuno_model::{Fault, Tenant};

use crate::Cloud;
use crate::respond::{Response, in_json, respond};

/// The most domains of one tenant.
const MOST: usize = 100;

/// Answers the operator.
pub fn answer(cloud: &Cloud, tenant: &Arc<Tenant>, domains: Vec<String>) -> Response {
    let wrong = domains.iter().find_map(|domain| Format::Host.check(domain).err());
    if domains.is_empty() || domains.len() > MOST || wrong.is_some() {
        let why = wrong.unwrap_or_else(|| format!("give 1 to {MOST} `domains`, as `[\"example.com\"]`"));
        return in_json(400, &json!({ "error": why }));
    }
    let kept = cloud.own(tenant).map_err(Fault::from);
    match kept.and_then(|own| cloud.write_and_wait(own, move |cx| set_domains(cx, &domains))) {
        Ok(()) => respond(204, None, ""),
        Err(cause) => in_json(500, &json!({ "error": cause.to_string() })),
    }
}
