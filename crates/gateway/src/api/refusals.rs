//! What a call is refused with before a product sees it, or where none of its own refusals says it.

use zuno_dialect::Throttled;
use zuno_identity::SessionRefused;
use zuno_model::Fault;

use crate::entry_point::EntryPoint;
use crate::health::chain;
use crate::quota::QuotaStatus;
use crate::request::Request;
use crate::respond::{Response, gateway_headers, refusal, respond, unauthorized};

/// The answer to whoever shows nothing that counts at the entry point.
pub fn stranger(request: &Request, entry_point: EntryPoint) -> Response {
    let (status, body) = match entry_point {
        EntryPoint::Gateway | EntryPoint::PrivateAccess => return unauthorized(request),
        EntryPoint::InternetAccess | EntryPoint::Connectors => SessionRefused::Session.answer(),
        // Their bodies are not known: as each product tells its other refusals (guessed).
        EntryPoint::SandboxPortal => (401, r#"{"code":401,"message":"the API token is missing or over"}"#),
        EntryPoint::ClientConnector => (
            401,
            "{\n  \"title\" : \"UNAUTHORIZED\",\n  \"errorCode\" : null,\n  \"errorMessage\" : \"the token is missing or over\"\n}",
        ),
        EntryPoint::DigitalExperience => {
            (401, r#"{"code":"UNAUTHORIZED","message":"the token is missing or over"}"#)
        }
    };
    respond(status, Some("application/json"), body)
}

/// The gateway's own answer where something of ours is broken.
pub(super) fn broken(request: &Request, what: &str, cause: &Fault) -> Response {
    tracing::error!(cause = %chain(cause), "{what}");
    let mut response = respond(500, Some("application/json"), refusal("internal server error"));
    gateway_headers(response.headers_mut(), request);
    response
}

/// A limit that was run into, as a family's refusal prints it.
pub fn throttled(over: QuotaStatus) -> Throttled {
    let unit = match over.window.seconds {
        ..60 => "SECOND",
        60..3600 => "MINUTE",
        3600..86_400 => "HOUR",
        _ => "DAY",
    };
    Throttled {
        calls: u32::try_from(over.window.calls).unwrap_or(u32::MAX),
        unit,
        retry_after_secs: over.reset.max(1).unsigned_abs(),
    }
}
