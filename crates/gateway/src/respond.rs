//! From an answer to an HTTP response: media type, the family's headers, the gateway's own, compression.

use std::io::Write as _;
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::header::{
    CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue, SERVER, STRICT_TRANSPORT_SECURITY, VARY,
};
use http::{HeaderMap, Method, StatusCode};
use http_body_util::Full;
use serde_json::Value;
use zuno_dialect::{Answer, Body, Dialect};

use crate::quota::QuotaStatus;
use crate::request::Request;

/// How many headers a product's answer has that came through the gateway, about: room for all of them is made at once.
const HEADERS: usize = 24;

/// What every service answers with.
pub type Response = http::Response<Full<Bytes>>;

/// A response with these bytes.
pub fn respond(status: u16, media_type: Option<&str>, body: impl Into<Bytes>) -> Response {
    let mut response = http::Response::new(Full::new(body.into()));
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    if let Some(value) = media_type.and_then(|media| HeaderValue::from_str(media).ok()) {
        response.headers_mut().insert(CONTENT_TYPE, value);
    }
    response
}

/// The answer of a service of the cloud that is not here.
pub fn absent(service: &str) -> Response {
    let answer = zuno_dialect::absent_service(service);
    let Body::Json(body) = answer.body else { unreachable!("it is written as JSON") };
    respond(answer.status, Some("application/json"), body)
}

/// An answer in JSON.
pub fn in_json(status: u16, value: &Value) -> Response {
    respond(status, Some("application/json"), value.to_string())
}

/// Sets a header; text that no header can hold is left out.
pub fn set(headers: &mut HeaderMap, name: &'static str, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

/// The body of the gateway's own refusals, byte for byte (seen for 401; 403 is told by analogy).
pub fn refusal(detail: &str) -> String {
    format!("{{\n \"detail\": \"{detail}\",\n \"type\": \"\",\n \"title\": \"\",\n \"status\": \"\"\n}}")
}

/// The gateway's own 401: missing, malformed, expired or revoked token. Only these headers (seen).
pub fn unauthorized(request: &Request) -> Response {
    let mut response = respond(401, Some("application/json"), refusal("unauthorized"));
    let headers = response.headers_mut();
    set(headers, "x-oneapi-api-category", "public");
    gateway_headers(headers, request);
    response
}

// Read once, as the program is compiled.
const BY: HeaderValue = HeaderValue::from_static("Zscaler");
const TRANSPORT: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains; preload");
const HOST: HeaderValue = HeaderValue::from_static("https://apiusw2.zsapi.net");
const BETA_HOST: HeaderValue = HeaderValue::from_static("https://apiusw2.beta.zsapi.net");
const VERSION: HeaderValue = HeaderValue::from_static("109.1.146");
const ENCODING: HeaderValue = HeaderValue::from_static("Accept-Encoding");

/// The headers that every answer of the gateway has (seen).
pub fn gateway_headers(headers: &mut HeaderMap, request: &Request) {
    headers.insert(SERVER, BY);
    headers.insert(STRICT_TRANSPORT_SECURITY, TRANSPORT);
    let id = uuid::Builder::from_random_bytes(fastrand::u128(..).to_be_bytes()).into_uuid();
    set(headers, "x-oneapi-request-id", id.hyphenated().encode_lower(&mut [0; 36]));
    let beta = request.host().contains(".beta.");
    headers.insert("x-oneapi-host", if beta { BETA_HOST } else { HOST });
    headers.insert("x-oneapi-version", VERSION);
}

/// What the gateway puts on a product's answer.
pub struct Envelope<'a> {
    /// The same for all calls with one token (seen).
    pub transaction: &'a str,
    /// The quota's header, and how it stands.
    pub quota: Option<(&'a str, QuotaStatus)>,
    /// How long the product took, in milliseconds.
    pub took_ms: u64,
}

/// Marks a product's answer as one that came through the gateway.
pub fn through_gateway(request: &Request, response: &mut Response, envelope: &Envelope<'_>) {
    let headers = response.headers_mut();
    gateway_headers(headers, request);
    set(headers, "x-transaction-id", envelope.transaction);
    headers.insert("x-envoy-upstream-service-time", envelope.took_ms.into());
    if let Some((quota, status)) = envelope.quota {
        set(headers, "x-ratelimit-limit", quota);
        headers.insert("x-ratelimit-remaining", status.remaining.into());
        headers.insert("x-ratelimit-reset", status.reset.into());
    }
}

/// Puts a family's answer on the wire, under its own host or on the way to the gateway. `mode` is `read-write` or
/// `read-only`, for the families that tell.
pub fn product(
    request: &Request,
    dialect: &dyn Dialect,
    answer: Answer,
    mode: Option<&'static str>,
) -> Response {
    let (media, body): (Option<&'static str>, Bytes) = match answer.body {
        Body::Empty => (None, Bytes::new()),
        Body::Json(bytes) => (Some(dialect.media_type(&request.path)), bytes.into()),
        Body::Shared(bytes) => (Some(dialect.media_type(&request.path)), bytes),
        Body::Text(media, text) => (Some(media), text.into()),
        Body::Bytes(media, bytes) => (Some(media), bytes.into()),
    };
    let offered = request.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip"));
    let packed = (offered && body.len() >= dialect.compresses_from()).then(|| gzip(&body));
    let compressed = packed.is_some();
    let mut response = respond(answer.status, None, packed.unwrap_or(body));
    let headers = response.headers_mut();
    headers.reserve(HEADERS);
    if let Some(media) = media {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(media));
    }
    headers.insert(SERVER, BY);
    let passed = !(answer.status == 429 && dialect.throttled_before());
    for (name, value) in dialect.headers().iter().filter(|_| passed) {
        headers.insert(*name, HeaderValue::from_static(value));
    }
    let read = request.head.method == Method::GET || request.head.method == Method::HEAD;
    if let Some(secs) = dialect.kept_secs().filter(|_| read) {
        set(headers, "cache-control", &format!("max-age={secs}"));
        let until = SystemTime::now() + Duration::from_secs(secs);
        set(headers, "expires", &httpdate::fmt_http_date(until));
    }
    if let Some(mode) = mode {
        headers.insert("x-zscaler-mode", HeaderValue::from_static(mode));
    }
    headers.append(VARY, ENCODING);
    if compressed {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    }
    for (name, value) in &answer.headers {
        set(headers, name, value);
    }
    response
}

/// Bytes, compressed.
pub fn gzip(body: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::with_capacity(body.len() / 3), Compression::fast());
    let written = encoder.write_all(body).and_then(|()| encoder.finish());
    written.expect("memory takes all that is written").into()
}
