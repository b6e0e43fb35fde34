//! Digital Experience and ZIdentity: plain refusals. Of neither is a recorded one known to differ from
//! `{"code", "message"}`, which every client reads.

use serde_json::json;
use zuno_catalogue::{Operation, Spacing};
use zuno_engine::Search;
use zuno_model::Fault;

use crate::answer::status_of;
use crate::{ABSENT, Answer, Dialect, Throttled};

/// A family with plain refusals.
pub struct Plain {
    headers: &'static [(&'static str, &'static str)],
    folds_names: bool,
}

/// Digital Experience.
pub static DIGITAL_EXPERIENCE: Plain = Plain { headers: &[("cache-control", "no-store")], folds_names: true };

/// ZIdentity.
pub static ZIDENTITY: Plain = Plain {
    headers: &[
        ("cache-control", "no-cache, no-store, max-age=0, must-revalidate"),
        ("pragma", "no-cache"),
        ("expires", "0"),
    ],
    folds_names: false,
};

fn said(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, &json!({"code": code, "message": message}), Spacing::Compact)
}

fn plain(fault: &Fault) -> Answer {
    let text = fault.to_string();
    match fault {
        Fault::NotFound { .. } => said(404, "RESOURCE_NOT_FOUND", &text),
        Fault::Duplicate { .. } => said(409, "DUPLICATE_ITEM", &text),
        Fault::InUse { .. } => said(409, "RESOURCE_IN_USE", &text),
        Fault::Invalid { .. } => said(400, "INVALID_INPUT_ARGUMENT", &text),
        Fault::Unreadable(_) => said(400, "INVALID_REQUEST_BODY", &text),
        Fault::Refused { class, code, message, .. } => said(status_of(*class), code, message),
        Fault::Predefined { .. } => said(403, "INVALID_OPERATION", &text),
        Fault::Misplaced { .. } => said(400, "INVALID_INPUT_ARGUMENT", &text),
        Fault::Quota { message, .. } => said(403, "LIMIT_EXCEEDED", message.as_ref().unwrap_or(&text)),
        Fault::Locked { .. } => said(409, "CONFLICT", &text),
        Fault::Stale { .. } => said(409, "CONFLICT", &text),
        Fault::Unavailable { retry_after } => {
            said(503, "SERVICE_UNAVAILABLE", &text).with("retry-after", retry_after.as_secs().to_string())
        }
        Fault::ReadOnly => said(503, "SERVICE_UNAVAILABLE", &text).with("retry-after", "10"),
        // Guessed: as internet access names it.
        Fault::NotSubscribed { .. } => said(403, "NOT_SUBSCRIBED", &text),
        Fault::Forbidden(_) => said(403, "ACCESS_DENIED", &text),
        Fault::NotBuilt(_) => said(ABSENT, "NOT_IMPLEMENTED", &text),
        Fault::Broken(_) => said(500, "INTERNAL_ERROR", &text),
    }
}

/// The answer of a service of the cloud that Zuno lacks whole, named as people call it: its own shape is not known here,
/// and every client reads this one.
pub fn absent_service(named: &str) -> Answer {
    plain(&Fault::NotBuilt(named.to_owned()))
}

impl Dialect for Plain {
    fn fault(&self, fault: &Fault, _: Option<&Operation>) -> Answer {
        plain(fault)
    }

    fn unknown_path(&self) -> Answer {
        said(404, "RESOURCE_NOT_FOUND", "no such path")
    }

    fn other_method(&self) -> Answer {
        said(405, "METHOD_NOT_ALLOWED", "this path has other methods")
    }

    fn wrong_media_type(&self) -> Answer {
        said(415, "UNSUPPORTED_MEDIA_TYPE", "Content-Type must be application/json")
    }

    fn throttled(&self, limit: &Throttled) -> Answer {
        let text = format!("the limit of {} calls a {} is used up", limit.calls, limit.unit.to_lowercase());
        said(429, "TOO_MANY_REQUESTS", &text).with("retry-after", limit.retry_after_secs.to_string())
    }

    /// `search` and `q` are filters of single lists (seen: an unknown `search` brought the whole list).
    fn search(&self, _: &str) -> Option<Search> {
        None
    }

    fn folds_names(&self) -> bool {
        self.folds_names
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        self.headers
    }
}
