//! The bodies of the older sign-ins, nested too, and the obfuscated key with any time.
#![no_main]

mod deep;

use deep::JSON;
use libfuzzer_sys::fuzz_target;
use zuno_identity::{KeySignIn, OrganizationKey, Pepper, SessionRequest, SignInRequest};

deep!(Json, JSON);

fuzz_target!(|input: (Json, &[u8], &str, &str)| {
    let (Json(json), raw, shown, timestamp) = input;
    let nested = format!("{{\"timestamp\":\"1\",\"key_id\":\"a\",\"x\":{json}}}");
    for body in [nested.as_bytes(), json.as_bytes(), raw] {
        let _ = SignInRequest::parse(body);
        let _ = KeySignIn::of_client_connector(body);
        let _ = KeySignIn::of_digital_experience(body);
        if let Ok(request) = SessionRequest::parse(body) {
            let _ = request.is_timely(0);
            let _ = request.client_id();
        }
    }
    let _ = OrganizationKey::of(&Pepper::new(&[1; 32]), 1).fits(shown, timestamp);
});
