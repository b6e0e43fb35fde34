//! Private access: `/signin` with an API key's id and secret in a form.

use std::fmt;

use zuno_model::Time;

use super::proof::holds;
use crate::{ApiClient, Pepper};

/// The status of a refused sign-in (seen in an issue thread).
pub const SIGN_IN_FAILURE_STATUS: u16 = 401;

/// The body of `POST /signin`. Nothing in it has been verified.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInRequest {
    client_id: String,
    client_secret: String,
}

impl fmt::Debug for SignInRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInRequest").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl SignInRequest {
    /// Reads the form; what is missing makes it a failed sign-in. Any bytes are safe.
    pub fn parse(body: &[u8]) -> Result<SignInRequest, SignInRefused> {
        let (mut client_id, mut client_secret) = (String::new(), String::new());
        for (name, value) in form_urlencoded::parse(body) {
            match &*name {
                "client_id" => client_id = value.into_owned(),
                "client_secret" => client_secret = value.into_owned(),
                _ => {}
            }
        }
        if client_id.is_empty() || client_secret.is_empty() {
            return Err(SignInRefused);
        }
        Ok(SignInRequest { client_id, client_secret })
    }

    /// The API key's id, to look it up by.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }

    /// Whether it proves to be this client; `pepper` is the key under which secrets are digested.
    pub fn proves(&self, client: &ApiClient, pepper: &Pepper, now: Time) -> bool {
        holds(client, &self.client_id, &self.client_secret, pepper, now)
    }
}

/// A refused sign-in; the wire tells nobody why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sign-in refused")]
pub struct SignInRefused;

impl SignInRefused {
    /// The body for [`SIGN_IN_FAILURE_STATUS`] (seen in an issue thread).
    pub fn body(&self) -> &'static [u8] {
        br#"{"id" : "invalid_client","reason" : "Client authentication failed."}"#
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{CLIENT_ID, NOW, client};
    use crate::{Attempt, Attempts, Authentication, StoredSecret};

    const SECRET: &str = "O2k:0vs#,x,0N9";

    fn pepper() -> Pepper {
        Pepper::new(&[5; 32])
    }

    fn api_key() -> ApiClient {
        let digest = pepper().digest(SECRET);
        client(Authentication::Secrets(vec![StoredSecret {
            id: "s".into(),
            digest,
            created_at: 0,
            expires_at: None,
        }]))
    }

    fn sign_in(attempts: &mut Attempts, now: Time, secret: &str, key: &ApiClient) -> Attempt {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", CLIENT_ID)
            .append_pair("client_secret", secret)
            .finish();
        let request = SignInRequest::parse(body.as_bytes()).unwrap();
        assert!(!format!("{request:?}").contains(secret));
        attempts.attempt(now, || request.proves(key, &pepper(), now))
    }

    #[test]
    fn a_key_signs_in_by_its_own_id_and_secret_while_it_is_on() {
        let mut disabled = api_key();
        disabled.enabled = false;
        let mut other = api_key();
        other.id = "other".into();
        let attempts = &mut Attempts::default();
        for (secret, key) in [("wrong", &api_key()), (SECRET, &other), (SECRET, &disabled)] {
            *attempts = Attempts::default();
            assert_eq!(sign_in(attempts, NOW, secret, key), Attempt::Failed, "{secret}");
        }
        assert_eq!(sign_in(attempts, NOW, SECRET, &api_key()), Attempt::Passed);
        assert_eq!(SignInRequest::parse(b"client_id=a&client_secret="), Err(SignInRefused));
    }

    #[test]
    fn three_failures_lock_the_key_for_half_an_hour() {
        let attempts = &mut Attempts::default();
        let key = api_key();
        for _ in 0..3 {
            sign_in(attempts, NOW, "wrong", &key);
        }
        assert_eq!(sign_in(attempts, NOW + 1799, SECRET, &key), Attempt::Locked { until: NOW + 1800 });
        assert_eq!(sign_in(attempts, NOW + 1800, SECRET, &key), Attempt::Passed);
    }
}
