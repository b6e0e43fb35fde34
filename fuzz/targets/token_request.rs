//! The token endpoint's body and header, nested too.
#![no_main]

mod deep;

use deep::JSON;
use libfuzzer_sys::fuzz_target;
use zuno_identity::TokenRequest;

deep!(Json, JSON);

fuzz_target!(|input: (Option<&str>, Json, &[u8], Option<&str>)| {
    let (content_type, Json(json), raw, authorization) = input;
    let nested = format!("{{\"grant_type\":\"client_credentials\",\"x\":{json}}}");
    for body in [nested.as_bytes(), raw] {
        let _ = TokenRequest::parse(content_type, body, authorization);
        let _ = TokenRequest::parse(Some("application/json"), body, authorization);
        let _ = TokenRequest::parse(Some("application/x-www-form-urlencoded"), body, authorization);
    }
});
