//! Client Connector: failures that the product itself finds come under status 200.

use serde_json::{Value, json};
use zuno_catalogue::{Operation, Spacing};
use zuno_model::{Fault, Refusal};

use crate::answer::status_of;
use crate::{ABSENT, Answer, Dialect, Throttled};

/// Client Connector.
pub struct Zcc;

fn failed(operation: Option<&Operation>) -> Answer {
    let own = operation.and_then(|operation| operation.failure.as_ref()).map(|json| json.0.clone());
    Answer::json(200, &own.unwrap_or_else(|| json!({"success": "false", "id": 0})), Spacing::Jackson)
}

fn said(status: u16, title: &str, message: &str) -> Answer {
    let body = json!({"title": title, "errorCode": null, "errorMessage": message});
    Answer::json(status, &body, Spacing::Jackson)
}

/// As the second version refuses; the Go SDK reads no other shape (client: terraform zcc).
fn coded(status: u16, code: impl Into<Value>, message: &str) -> Answer {
    Answer::json(status, &json!({"code": code.into(), "message": message}), Spacing::Jackson)
}

/// Where the second version's addresses begin.
const SECOND: &str = "/papi/public/v2/";

/// A refusal of the second version: a code and a sentence under a status that clients go by. The one code that is known is
/// that of what is not there (client: terraform zcc); the others are guessed.
fn second(fault: &Fault) -> Option<Answer> {
    Some(match fault {
        Fault::NotFound { .. } => coded(404, 3199, "Record not available"),
        Fault::Duplicate { .. } => coded(409, "DUPLICATE", &fault.to_string()),
        Fault::InUse { .. } => coded(409, "IN_USE", &fault.to_string()),
        Fault::Invalid { .. } | Fault::Misplaced { .. } | Fault::Quota { .. } | Fault::Predefined { .. } => {
            coded(400, "INVALID_INPUT", &fault.to_string())
        }
        Fault::Unreadable(message) => coded(400, "INVALID_INPUT", message),
        _ => return None,
    })
}

impl Dialect for Zcc {
    fn fault(&self, fault: &Fault, operation: Option<&Operation>) -> Answer {
        let writes = operation.is_some_and(Operation::writes);
        if operation.is_some_and(|operation| operation.path.starts_with(SECOND))
            && let Some(answer) = second(fault)
        {
            return answer;
        }
        match fault {
            // A read that finds nothing is an empty 400, a write a 200 that says so (seen).
            Fault::NotFound { .. } if !writes => Answer::empty(400),
            Fault::NotFound { .. }
            | Fault::Duplicate { .. }
            | Fault::InUse { .. }
            | Fault::Predefined { .. }
            | Fault::Misplaced { .. }
            | Fault::Quota { .. } => failed(operation),
            Fault::Invalid { .. } if writes => failed(operation),
            Fault::Invalid { .. } => Answer::empty(400),
            Fault::Unreadable(message) => said(400, "INVALID_FIELD_VALUE", message),
            // The one operation that is known to refuse with a body of its own does so under 400 (seen).
            Fault::Refused { class: Refusal::BadRequest, .. }
                if operation.is_some_and(|operation| operation.failure.is_some()) =>
            {
                Answer { status: 400, ..failed(operation) }
            }
            Fault::Refused { class, code, message, .. } => {
                let status = status_of(*class);
                if code.is_empty() && message.is_empty() {
                    Answer::empty(status)
                } else {
                    said(status, code, message)
                }
            }
            Fault::Locked { .. } => said(409, "CONFLICT", "another change is being made"),
            Fault::Stale { .. } => said(409, "CONFLICT", &fault.to_string()),
            Fault::Unavailable { retry_after } => {
                let seconds = retry_after.as_secs().to_string();
                said(503, "SERVICE_UNAVAILABLE", &fault.to_string()).with("retry-after", seconds)
            }
            Fault::ReadOnly => {
                said(503, "SERVICE_UNAVAILABLE", "the service is in read-only mode").with("retry-after", "10")
            }
            // Guessed: as internet access names it.
            Fault::NotSubscribed { .. } => said(403, "NOT_SUBSCRIBED", &fault.to_string()),
            Fault::Forbidden(_) => said(403, "FORBIDDEN", "the API client may not do this"),
            Fault::NotBuilt(_) => coded(ABSENT, "NOT_IMPLEMENTED", &fault.to_string()),
            Fault::Broken(_) => said(500, "INTERNAL_ERROR", "an internal error occurred"),
        }
    }

    /// Not JSON, and announced as JSON (seen).
    fn unknown_path(&self) -> Answer {
        Answer::text(404, "application/json", "404 Not Found")
    }

    fn routed_by_path(&self) -> bool {
        true
    }

    fn remaining_header(&self) -> Option<&'static str> {
        Some("x-rate-limit-remaining")
    }

    fn other_method(&self) -> Answer {
        Answer::empty(405)
    }

    fn wrong_media_type(&self) -> Answer {
        Answer::empty(415)
    }

    fn throttled(&self, limit: &Throttled) -> Answer {
        said(429, "TOO_MANY_REQUESTS", "the number of calls allowed is used up")
            .with("retry-after", limit.retry_after_secs.to_string())
            .with("x-rate-limit-retry-after-seconds", limit.retry_after_secs.to_string())
            .with("x-rate-limit-remaining", "0")
    }

    fn media_type(&self, _: &str) -> &'static str {
        "application/json;charset=UTF-8"
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        &[("cache-control", "no-cache"), ("pragma", "no-cache")]
    }
}
