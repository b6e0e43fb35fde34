//! The token endpoint's body and header, and the older sign-in's body.
#![no_main]

use libfuzzer_sys::fuzz_target;
use zuno_identity::{SignInRequest, TokenRequest};

fuzz_target!(|input: (Option<&str>, &[u8], Option<&str>)| {
    let (content_type, body, authorization) = input;
    let _ = TokenRequest::parse(content_type, body, authorization);
    let _ = TokenRequest::parse(Some("application/x-www-form-urlencoded"), body, authorization);
    let _ = SignInRequest::parse(body);
});
