//! The older ZPA sign-in: `/signin` with an API key's id and secret, answered in its own spelling.

use std::fmt;

use zuno_model::Time;

use crate::exchange::is_known_secret;
use crate::{ApiClient, Attempt, Attempts, Authentication, Claims, Pepper, SigningKey};

/// The longest that a session may last, in seconds (documented: "Session Validity Interval").
const SESSION_MAX: Time = 3600;

/// The status of a refused sign-in (seen in an issue thread).
pub const SIGN_IN_FAILURE_STATUS: u16 = 401;

/// The product code of the grant that a session carries.
const PRODUCT: &str = "ZPA";

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
            return Err(SignInRefused { locked_until: None });
        }
        Ok(SignInRequest { client_id, client_secret })
    }

    /// Makes an attempt with the API key of that id; `pepper` is the key under which secrets are digested. Three failures
    /// in a row lock the key for half an hour.
    ///
    /// # Errors
    /// The proof does not hold, or is not looked at.
    pub fn attempt(
        &self,
        client: &ApiClient,
        attempts: &mut Attempts,
        pepper: &Pepper,
        now: Time,
    ) -> Result<(), SignInRefused> {
        let attempt = attempts.attempt(now, || {
            let Authentication::Secrets(live) = &client.authentication else { return false };
            client.enabled
                && client.id == self.client_id
                && is_known_secret(pepper, live, std::slice::from_ref(&self.client_secret), now)
        });
        match attempt {
            Attempt::Passed => Ok(()),
            Attempt::Failed => Err(SignInRefused { locked_until: None }),
            Attempt::Locked { until } => Err(SignInRefused { locked_until: Some(until) }),
        }
    }

    /// The API key's id, to look it up by.
    pub fn client_id(&self) -> &str {
        &self.client_id
    }
}

/// All that a sign-in needs besides the request and the API key.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// The `iss` of the token, by which the gateway finds the tenant: the tenant's identity URL.
    pub issuer: &'a str,
    /// The `aud` of the token, `https://config.private.zscaler.com`: what tells it from a OneAPI token.
    pub audience: &'a str,
    /// The key that signs the token.
    pub signer: &'a SigningKey,
    /// The server's time in seconds.
    pub now: Time,
}

impl SignIn<'_> {
    /// The token of an API key that has proved itself.
    ///
    /// # Errors
    /// It cannot be signed.
    pub fn answer(&self, client: &ApiClient) -> Result<SignInAnswer, SignInRefused> {
        let refused = |locked_until| SignInRefused { locked_until };
        let lifetime = client.token_lifetime.clamp(1, SESSION_MAX);
        let mut claims = Claims::new(self.issuer, Some(self.audience), client, self.now, lifetime);
        claims.service_info.retain(|service| service.prd == PRODUCT);
        let access_token = self.signer.sign(&claims).ok_or(refused(None))?;
        Ok(SignInAnswer { access_token, expires_in: lifetime, claims })
    }
}

/// A session's token, on its way to the client.
#[derive(Clone, PartialEq, Eq)]
pub struct SignInAnswer {
    /// The signed token.
    pub access_token: String,
    /// For how many seconds it counts.
    pub expires_in: Time,
    /// What it says.
    pub claims: Claims,
}

impl fmt::Debug for SignInAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SignInAnswer").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl SignInAnswer {
    /// The body, spaced as documented; `expires_in` is a *string*, and the Go SDK fails on a number (client).
    pub fn body(&self) -> Vec<u8> {
        format!(
            r#"{{"token_type" : "Bearer","access_token" : "{}","expires_in" : "{}"}}"#,
            self.access_token, self.expires_in
        )
        .into_bytes()
    }
}

/// A refused sign-in; the wire tells nobody why.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("sign-in refused")]
pub struct SignInRefused {
    /// For the log: until when the API key is locked.
    pub locked_until: Option<Time>,
}

impl SignInRefused {
    /// The body for [`SIGN_IN_FAILURE_STATUS`] (seen in an issue thread).
    pub fn body(&self) -> &'static [u8] {
        br#"{"id" : "invalid_client","reason" : "Client authentication failed."}"#
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoredSecret;
    use crate::testing::{CLIENT_ID, NOW, client, ring, rsa_key_pair};

    const HOST: &str = "https://config.private.zscaler.com";
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

    fn sign_in(
        attempts: &mut Attempts,
        now: Time,
        secret: &str,
        key: &ApiClient,
    ) -> Result<SignInAnswer, SignInRefused> {
        let body = form_urlencoded::Serializer::new(String::new())
            .append_pair("client_id", CLIENT_ID)
            .append_pair("client_secret", secret)
            .finish();
        let request = SignInRequest::parse(body.as_bytes())?;
        assert!(!format!("{request:?}").contains(secret));
        request.attempt(key, attempts, &pepper(), now)?;
        let issuer = "https://acme.zslogin.net";
        SignIn { issuer, audience: HOST, signer: rsa_key_pair(), now }.answer(key)
    }

    #[test]
    fn a_sign_in_is_answered_in_its_own_spelling() {
        let answer = sign_in(&mut Attempts::default(), NOW, SECRET, &api_key()).unwrap();
        let body = String::from_utf8(answer.body()).unwrap();
        let token = &answer.access_token;
        assert_eq!(
            body,
            format!(r#"{{"token_type" : "Bearer","access_token" : "{token}","expires_in" : "3600"}}"#)
        );
        let claims = ring().verify(token).unwrap();
        assert!(claims.is_for(HOST) && !claims.is_for(crate::ONE_API_AUDIENCE));
        assert_eq!(claims.exp, NOW + 3600);
        assert_eq!(claims.service_info.len(), 1, "ZPA alone");
        assert_eq!(claims.service_info[0].tnt, "216196257331281920");
    }

    #[test]
    fn a_session_lasts_an_hour_at_most() {
        let mut key = api_key();
        key.token_lifetime = 86_400;
        assert_eq!(sign_in(&mut Attempts::default(), NOW, SECRET, &key).unwrap().expires_in, 3600);
        key.token_lifetime = 300;
        assert_eq!(sign_in(&mut Attempts::default(), NOW, SECRET, &key).unwrap().expires_in, 300);
    }

    #[test]
    fn every_failure_reads_the_same() {
        let mut disabled = api_key();
        disabled.enabled = false;
        let mut other = api_key();
        other.id = "other".into();
        let mut attempts = Attempts::default();
        for (secret, key) in [("wrong", &api_key()), (SECRET, &other), (SECRET, &disabled), ("", &api_key())]
        {
            let refused = sign_in(&mut attempts, NOW, secret, key).unwrap_err();
            assert_eq!(
                refused.body(),
                br#"{"id" : "invalid_client","reason" : "Client authentication failed."}"#
            );
        }
    }

    #[test]
    fn three_failures_lock_the_key_for_half_an_hour() {
        let mut attempts = Attempts::default();
        let key = api_key();
        for _ in 0..3 {
            sign_in(&mut attempts, NOW, "wrong", &key).unwrap_err();
        }
        let locked = sign_in(&mut attempts, NOW + 1799, SECRET, &key).unwrap_err();
        assert_eq!(locked.locked_until, Some(NOW + 1800));
        assert!(sign_in(&mut attempts, NOW + 1800, SECRET, &key).is_ok());
    }
}
