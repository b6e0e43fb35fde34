//! Private Access: `{"id", "reason", "params"}`, pretty-printed, and missing objects under status 400.

use serde_json::{Map, Value, json};
use zuno_catalogue::{Operation, Spacing};
use zuno_engine::Search;
use zuno_model::{Fault, Fix, Id, Misplacement, Refusal};

use crate::{ABSENT, Answer, Dialect, Throttled, search};

/// Private Access.
pub struct Zpa;

fn said(status: u16, id: &str, reason: &str, params: &[&str]) -> Answer {
    let mut members = Map::new();
    if !params.is_empty() {
        members.insert("params".into(), json!(params));
    }
    members.insert("id".into(), json!(id));
    members.insert("reason".into(), json!(reason));
    Answer::json(status, &Value::Object(members), Spacing::Jackson)
}

fn argument(field: &str) -> Answer {
    said(
        400,
        "invalid.resource.argument",
        &format!("One or more input fields {field} are not valid."),
        &[field],
    )
}

/// What a list of rules, in a policy set, is not ordered like (documented by the errors that clients match).
fn misplaced(set: &str, why: &Misplacement) -> Answer {
    let argument = |reason: String, params: &[&str]| said(400, "invalid.resource.argument", &reason, params);
    match why {
        Misplacement::Rank { rank, order } => {
            argument(format!("Rule with rank {rank} is not allowed at order {order}"), &[])
        }
        Misplacement::Beyond(order) => argument(format!("Rule is not allowed at order {order}"), &[]),
        Misplacement::Restricted(id) => {
            let reason = format!("Rule id {id} is a restricted entity and cannot be reordered");
            argument(reason, &[id.as_str()])
        }
        Misplacement::Length => argument("resource input length is not valid".into(), &[]),
        Misplacement::Foreign(id) => {
            let reason = format!("The ruleId: {id} does not belong to the policySetId: {set}");
            argument(reason, &[id.as_str(), set])
        }
        Misplacement::Last(id) => {
            let reason = format!("Reordering not allowed for default rule {id}");
            said(400, "default.rule.reorder.notallowed", &reason, &[id.as_str()])
        }
        Misplacement::Missing(ids) => {
            let ids: Vec<&str> = ids.iter().map(Id::as_str).collect();
            let reason = format!("Missing ruleIds: {} from policySet {set}", ids.join(", "));
            said(400, "missing.rule", &reason, &ids)
        }
    }
}

fn unreadable() -> Answer {
    let reason = "Failed to read http message, Please check the input/format of the message";
    said(400, "read.message.failed", reason, &[])
}

/// A failure that a later try may not meet (documented).
fn retryable(seconds: u64) -> Answer {
    let reason = "An error occurred. Refer to the Retry-After header, and then try again.";
    said(503, "retryable.server.error", reason, &[]).with("retry-after", format!("{seconds}s"))
}

impl Dialect for Zpa {
    fn fault(&self, fault: &Fault, _: Option<&Operation>) -> Answer {
        match fault {
            Fault::NotFound { id, .. } => {
                let reason = format!("No resource exists with the given id/name :{id}");
                said(400, "resource.not.found", &reason, &[id.as_str()])
            }
            Fault::Duplicate { field, value, .. } => {
                // No source shows this body; the shape is the one of other wrong members (guessed).
                let reason = format!("One or more input fields {field} are not valid.");
                said(400, "invalid.resource.argument", &reason, &[value])
            }
            Fault::InUse { by, .. } => {
                let (noun, name) =
                    by.first().map_or(("", ""), |link| (link.noun.as_str(), link.name.as_str()));
                let reason = format!("Resource is being referenced in {noun} : {name}.");
                said(400, "resource.referenced", &reason, &[noun, name])
            }
            Fault::Invalid { field, fix, .. } => match fix {
                // A misspelt word or a wrong type cannot be read into the model (seen in an issue thread).
                Fix::Type(_) | Fix::Enum(_) => unreadable(),
                Fix::Missing | Fix::Range { .. } | Fix::Length(_) | Fix::Unresolved(_) | Fix::Unknown => {
                    argument(field)
                }
                Fix::Said(_) => argument(field),
            },
            Fault::Unreadable(_) => unreadable(),
            // Refusals about matching together come in another shape, and one of them has no code (documented).
            Fault::Refused { class: Refusal::Together, code, message, .. } => {
                let body = match code.as_str() {
                    "" => json!({ "message": message }),
                    code => json!({ "code": code, "message": message }),
                };
                Answer::json(400, &body, Spacing::Jackson)
            }
            Fault::Refused { class, code, message, params } => {
                let status = match class {
                    Refusal::BadRequest | Refusal::NotFound | Refusal::Together => 400,
                    Refusal::Conflict => 409,
                    Refusal::Forbidden => 403,
                    Refusal::Failure => 500,
                };
                let params: Vec<&str> = params.iter().map(String::as_str).collect();
                said(status, code, message, &params)
            }
            Fault::Predefined { kind, id, .. } => {
                let noun = kind.as_str().rsplit('.').next().unwrap_or_default();
                let reason = format!("One or more input fields {noun} are not valid.");
                said(400, "invalid.resource.argument", &reason, &[id.as_str()])
            }
            Fault::Misplaced { list, why, .. } => misplaced(list, why),
            Fault::Quota { limit, message, .. } => {
                let own = || format!("The maximum of {limit} objects has been reached.");
                said(400, "max.limit.reached", &message.clone().unwrap_or_else(own), &[])
            }
            Fault::Locked { .. } => {
                let reason = "Unable to modify the resource due to concurrent change requests. Try again";
                said(409, "api.concurrent.access.error", reason, &["com.zscaler.zpn.model.PolicySet"])
            }
            // Told as two writers at once are (guessed).
            Fault::Stale { .. } => {
                let reason = "Unable to modify the resource due to concurrent change requests. Try again";
                said(409, "api.concurrent.access.error", reason, &[])
            }
            Fault::Unavailable { retry_after } => retryable(retry_after.as_secs()),
            Fault::ReadOnly => retryable(10),
            // A 401, and words as they were reported; which flag is of which resource is not known.
            Fault::NotSubscribed { feature, customer } => {
                let (flag, customer) =
                    (format!("ui.{}", feature.to_lowercase().replace(' ', ".")), customer.to_string());
                let reason = format!("Feature flag {flag} disabled for customer {customer}");
                said(401, "authz.featureflag.permission.denied", &reason, &[&flag, &customer])
            }
            Fault::Forbidden(_) => said(403, "access.denied", "Access denied", &[]),
            Fault::NotBuilt(operation) => said(ABSENT, "not.implemented", &fault.to_string(), &[operation]),
            Fault::Broken(_) => said(500, "internal.error", "An internal error occurred", &[]),
        }
    }

    fn unknown_path(&self) -> Answer {
        let body = json!({ "reason": "No handler found", "id": "resource.not.found" });
        Answer::json(404, &body, Spacing::Jackson)
    }

    fn other_method(&self) -> Answer {
        said(405, "method.not.allowed", "Request method is not supported here", &[])
    }

    fn wrong_media_type(&self) -> Answer {
        said(415, "unsupported.media.type", "Content-Type must be application/json", &[])
    }

    fn throttled(&self, limit: &Throttled) -> Answer {
        let body = json!({
            "exception": "invalid.toomanyrequests",
            "id": "invalid.toomanyrequests",
            "reason": "Exceeded the number of requests allowed.",
        });
        Answer::json(429, &body, Spacing::Jackson).with("retry-after", format!("{}s", limit.retry_after_secs))
    }

    fn search(&self, text: &str) -> Option<Search> {
        search::parse(text)
    }

    fn media_type(&self, path: &str) -> &'static str {
        // The services beside the management one name no character set (seen).
        let beside = ["/userconfig/", "/cbiconfig/"].iter().any(|base| path.contains(base));
        if beside { "application/json" } else { "application/json;charset=utf-8" }
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[
            ("cache-control", "no-store"),
            ("pragma", "no-cache"),
            ("expires", "Thu, 01 Jan 1970 00:00:00 GMT"),
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("content-security-policy", "default-src 'none'; upgrade-insecure-requests"),
            ("referrer-policy", "strict-origin-when-cross-origin"),
            ("vary", "Origin, Access-Control-Request-Method, Access-Control-Request-Headers"),
        ]
    }

    fn throttled_before(&self) -> bool {
        true
    }

    fn compresses_from(&self) -> usize {
        35
    }
}
