//! Bodies that a caller may have already, as RFC 9110 tells: entity tags, dates, 304.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::HeaderMap;
use zuno_model::fingerprint;

use crate::request::Request;
use crate::respond::{Response, gzip, respond, set};

/// A body smaller than this is not compressed.
const COMPRESSED_FROM: usize = 1024;

/// A strong entity tag of a body.
pub fn entity_tag(body: &[u8]) -> String {
    format!("\"{:032x}\"", fingerprint(body))
}

/// A body, or 304 when the caller has it already; compressed where that is worth it and the caller can.
pub fn conditional(
    request: &Request,
    etag: &str,
    modified: Option<u64>,
    media: &str,
    body: &[u8],
) -> Response {
    let date = modified.map(|at| UNIX_EPOCH + Duration::from_secs(at));
    let offered = request.header("accept-encoding").is_some_and(|accepted| accepted.contains("gzip"));
    let mut answer = if has_already(request, etag, date) {
        respond(304, None, "")
    } else if offered && body.len() >= COMPRESSED_FROM {
        let mut packed = respond(200, Some(media), gzip(body));
        set(packed.headers_mut(), "content-encoding", "gzip");
        packed
    } else {
        respond(200, Some(media), body.to_vec())
    };
    let headers: &mut HeaderMap = answer.headers_mut();
    set(headers, "etag", etag);
    if let Some(date) = date {
        set(headers, "last-modified", &httpdate::fmt_http_date(date));
    }
    set(headers, "vary", "Accept-Encoding");
    set(headers, "cache-control", "no-cache");
    answer
}

/// The conditions of RFC 9110: a tag counts before a date.
fn has_already(request: &Request, etag: &str, modified: Option<SystemTime>) -> bool {
    let plain = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    if let Some(tags) = request.header("if-none-match") {
        return tags.trim() == "*" || tags.split(',').any(|tag| plain(tag) == plain(etag));
    }
    let since = request.header("if-modified-since").and_then(|text| httpdate::parse_http_date(text).ok());
    since.zip(modified).is_some_and(|(since, modified)| modified <= since)
}
