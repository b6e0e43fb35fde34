//! Internet Access, and Cloud & Branch Connector, which speaks the same: `{"code", "message"}`.

use serde_json::{Map, Value, json};
use zuno_catalogue::{Operation, Spacing};
use zuno_model::{Fault, Fix, Kind, Link, Misplacement};

use crate::answer::status_of;
use crate::{ABSENT, Answer, Dialect, Throttled};

/// A family of this dialect.
pub struct Coded {
    headers: &'static [(&'static str, &'static str)],
    tells_mode: bool,
    kept_secs: Option<u64>,
    exact_names: bool,
}

/// Internet Access.
pub static INTERNET_ACCESS: Coded = Coded {
    headers: &[
        ("content-disposition", "attachment; filename=\"api.json\""),
        ("cache-control", "no-store, no-cache"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "SAMEORIGIN"),
        ("x-xss-protection", "1; mode=block"),
        // Seen to be there and long; its words are guessed.
        ("content-security-policy", "default-src 'self'; frame-ancestors 'self'; object-src 'none'"),
    ],
    tells_mode: true,
    kept_secs: None,
    // Seen: `pagesize` is passed over.
    exact_names: true,
};

/// Cloud & Branch Connector.
pub static CONNECTORS: Coded = Coded {
    headers: &[("cache-control", "private"), ("referrer-policy", "no-referrer")],
    tells_mode: false,
    kept_secs: Some(10),
    exact_names: false,
};

/// The page of the server that the family stands on (seen).
const NOT_ACCEPTABLE: &str = "<!doctype html><html lang=\"en\"><head><title>HTTP Status 406 – Not Acceptable</title>\
    <style type=\"text/css\">body {font-family:Tahoma,Arial,sans-serif;} h1, h2, h3, b {color:white;\
    background-color:#525D76;} h1 {font-size:22px;} h2 {font-size:16px;} h3 {font-size:14px;} p {font-size:12px;} \
    a {color:black;} .line {height:1px;background-color:#525D76;border:none;}</style></head>\
    <body><h1>HTTP Status 406 – Not Acceptable</h1></body></html>";

fn said(status: u16, code: &str, message: &str) -> Answer {
    let mut members = Map::new();
    if !code.is_empty() {
        members.insert("code".into(), json!(code));
    }
    if !message.is_empty() {
        members.insert("message".into(), json!(message));
    }
    if members.is_empty() {
        return Answer::empty(status);
    }
    Answer::json(status, &Value::Object(members), Spacing::Compact)
}

/// The body that cannot be bound to the model has no code (seen).
fn unbound() -> Answer {
    said(400, "", "Request body is invalid.")
}

fn invalid(field: &str, fix: &Fix) -> Answer {
    let argument = |message: String| said(400, "INVALID_INPUT_ARGUMENT", &message);
    match fix {
        Fix::Type(_) | Fix::Enum(_) | Fix::Unknown => unbound(),
        Fix::Missing => argument(format!("{field} cannot be null")),
        Fix::Range { min, max } => argument(match (min, max) {
            (Some(min), Some(max)) => format!("{field} must be between {min} and {max}"),
            (Some(min), None) => format!("{field} must be at least {min}"),
            (None, Some(max)) => format!("{field} must be at most {max}"),
            (None, None) => format!("{field} is out of range"),
        }),
        Fix::Length(limit) => {
            let mut letters = field.chars();
            let name: String =
                letters.next().map(|c| c.to_ascii_uppercase()).into_iter().chain(letters).collect();
            argument(format!("{name} exceeds the max length {limit} characters"))
        }
        Fix::Unresolved(kind) => argument(format!("{field} refers to no known {kind}")),
        Fix::Said(words) => argument(words.clone()),
    }
}

/// What a group in use is told with (client: terraform zia); the words for other kinds, and for users that are no rules,
/// follow it (guessed).
fn in_use(kind: &Kind, by: &[Link]) -> String {
    let noun = kind.noun();
    let noun = noun.rsplit(' ').next().unwrap_or_default();
    let rules = by.iter().all(|link| link.kind.noun().ends_with("rule"));
    let users = if rules { "rule(s)" } else { "object(s)" };
    let (name, count) = (noun.to_uppercase(), by.len());
    format!("{name} is associated with {count} {users}. Deletion of this {noun} is not allowed.")
}

/// The first two are what clients look for (client: terraform zia); a rule that stays where it is has no such place
/// either (guessed), and no operation names a whole order.
fn misplaced(why: &Misplacement) -> String {
    match why {
        Misplacement::Rank { rank, order } => {
            format!("Rule with rank {rank} is not allowed at order {order}")
        }
        Misplacement::Beyond(order) => format!("Rule is not allowed at order {order}"),
        Misplacement::Last(_)
        | Misplacement::Restricted(_)
        | Misplacement::Length
        | Misplacement::Foreign(_)
        | Misplacement::Missing(_) => why.to_string(),
    }
}

fn fault(fault: &Fault) -> Answer {
    match fault {
        Fault::NotFound { kind, id } => {
            let noun = kind.noun();
            said(404, "RESOURCE_NOT_FOUND", &format!("No {noun} is found with the id {id}"))
        }
        Fault::Duplicate { .. } => said(400, "DUPLICATE_ITEM", "DUPLICATE_ITEM"),
        Fault::InUse { kind, by, .. } => said(409, "RESOURCE_IN_USE", &in_use(kind, by)),
        Fault::Invalid { field, fix, .. } => invalid(field, fix),
        Fault::Unreadable(_) => unbound(),
        Fault::Refused { class, code, message, .. } => said(status_of(*class), code, message),
        Fault::Predefined { kind, verb, .. } => {
            let noun = kind.noun();
            said(400, "INVALID_INPUT_ARGUMENT", &format!("A predefined {noun} cannot be {verb}"))
        }
        Fault::Misplaced { why, .. } => said(400, "INVALID_INPUT_ARGUMENT", &misplaced(why)),
        Fault::Quota { kind, limit, message } => {
            let noun = kind.noun();
            let own = || format!("Maximum {limit} {noun} objects are allowed. Limit has exceeded.");
            said(403, "LIMIT_EXCEEDED", &message.clone().unwrap_or_else(own))
        }
        Fault::Locked { .. } => said(409, "EDIT_LOCK_NOT_AVAILABLE", ""),
        // The code is known, its words and its status, of two that are told of, are guessed.
        Fault::Stale { .. } => said(409, "STALE_CONFIGURATION_ERROR", &fault.to_string()),
        // Only the statuses are known (documented).
        Fault::Unavailable { retry_after } => said(503, "SERVICE_UNAVAILABLE", &fault.to_string())
            .with("retry-after", retry_after.as_secs().to_string()),
        Fault::ReadOnly => {
            let message = "The API service is undergoing a scheduled upgrade and is in read-only mode.";
            said(403, "STATE_READONLY", message).with("x-zscaler-mode", "read-only")
        }
        Fault::NotSubscribed { feature, .. } => {
            let message = format!("{feature} subscription is required, but it is currently not started.");
            said(403, "NOT_SUBSCRIBED", &message)
        }
        Fault::Forbidden(_) => said(403, "ACCESS_DENIED", "You do not have permission"),
        Fault::NotBuilt(_) => said(ABSENT, "NOT_IMPLEMENTED", &fault.to_string()),
        Fault::Broken(_) => {
            // In words of our own, so that a failure that the cloud is known for can be told from one of ours.
            said(500, "UNEXPECTED_ERROR", "the server failed; its log tells why")
        }
    }
}

fn throttled(limit: &Throttled) -> Answer {
    let seconds = limit.retry_after_secs;
    let body = json!({
        "message": format!("Rate Limit ({}/{}) exceeded", limit.calls, limit.unit),
        "Retry-After": format!("{seconds} seconds"),
    });
    Answer::json(429, &body, Spacing::Compact).with("retry-after", seconds.to_string())
}

impl Dialect for Coded {
    fn fault(&self, reason: &Fault, _: Option<&Operation>) -> Answer {
        fault(reason)
    }

    fn unknown_path(&self) -> Answer {
        Answer::empty(404)
    }

    fn other_method(&self) -> Answer {
        Answer::empty(405)
    }

    fn not_acceptable(&self) -> Answer {
        Answer::text(406, "text/html;charset=utf-8", NOT_ACCEPTABLE)
    }

    fn wrong_media_type(&self) -> Answer {
        Answer::empty(415)
    }

    fn throttled(&self, limit: &Throttled) -> Answer {
        throttled(limit)
    }

    fn headers(&self) -> &'static [(&'static str, &'static str)] {
        self.headers
    }

    fn kept_secs(&self) -> Option<u64> {
        self.kept_secs
    }

    fn tells_mode(&self) -> bool {
        self.tells_mode
    }

    fn exact_names(&self) -> bool {
        self.exact_names
    }
}
