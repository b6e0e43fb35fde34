//! The exchange of a proof for an access token.

use std::fmt;

use zuno_model::{AudienceRule, Time};

use crate::assertion::{check_claims, verdict};
use crate::error::{OAuthCode, OAuthError, quoted};
use crate::issuer::names_one_api;
use crate::jws::Compact;
use crate::keys::Verdict;
use crate::{
    ApiClient, AssertionError, Authentication, Claims, Issuer, JwksCache, JwksError, KeySet,
    ONE_API_AUDIENCE, Pepper, Proof, SigningKey, StoredSecret, TokenRequest,
};

/// One text for an unknown client, a disabled one, a wrong secret and an expired one, so that it tells a stranger
/// nothing (guessed; its first words are the ones that clients' own tests expect).
const DENIED: &str = "Client authentication failed: check the client id and its secret or signature, that the secret \
                      has not expired, and that the client is enabled";

/// The longest a token lives, in seconds (documented: 24 hours).
const LIFETIME_MAX: Time = 86_400;

/// All that an exchange needs besides the request and the client.
#[derive(Clone, Copy, Debug)]
pub struct Exchange<'a> {
    /// The identity service the request was sent to.
    pub issuer: &'a Issuer,
    /// The key under which secrets are digested.
    pub pepper: &'a Pepper,
    /// Where clients' published keys come from.
    pub jwks: &'a JwksCache,
    /// The key that signs the token; RS256 unless the operator wants ES256.
    pub signer: &'a SigningKey,
    /// What the tenant wants of a request's audience.
    pub audience: AudienceRule,
    /// The server's time in seconds, which an administrator may have moved: tokens and secrets go by it.
    pub now: Time,
    /// Real time in seconds: clients write their assertions by it.
    pub real_now: Time,
}

impl Exchange<'_> {
    /// Whether [`Exchange::answer`] may wait for a network, and so belongs on a thread that may.
    pub fn may_block(request: &TokenRequest, client: &ApiClient) -> bool {
        matches!((&client.authentication, request.proof()), (Authentication::Jwks(_), Proof::Assertion(_)))
    }

    /// Answers a request. `client` is what the store has under the first of [`TokenRequest::client_ids`] it knows.
    pub fn answer(
        &self,
        request: &TokenRequest,
        client: Option<&ApiClient>,
    ) -> Result<TokenAnswer, OAuthError> {
        let client = self.authenticate(request, client)?;
        if let Some(rule) = &client.blocked_by {
            let text = format!("the access policy rule {} gives this client no token now", quoted(rule));
            return Err(OAuthError::new(OAuthCode::UnauthorizedClient, text));
        }
        self.check_audience(request.audience())?;
        let lifetime = client.token_lifetime.clamp(1, LIFETIME_MAX);
        let claims = Claims::new(&self.issuer.url, Some(ONE_API_AUDIENCE), client, self.now, lifetime);
        let access_token = self.signer.sign(&claims).ok_or_else(|| {
            OAuthError::new(OAuthCode::ServerError, "the token could not be signed; try again")
        })?;
        // One second less than the lifetime (seen: 83999 for 84000, 86399 for 86400).
        Ok(TokenAnswer { access_token, expires_in: lifetime - 1, claims })
    }

    /// Whatever the request says, there is one audience, and the token is for it.
    fn check_audience(&self, asked: Option<&str>) -> Result<(), OAuthError> {
        match (asked, self.audience) {
            (Some(_), AudienceRule::Refused) => Err(OAuthError::invalid_request(
                "this tenant takes no audience; leave the parameter `audience` out",
            )),
            (Some(audience), _) if names_one_api(audience) => Ok(()),
            (Some(audience), _) => Err(OAuthError::new(
                OAuthCode::InvalidTarget,
                format!("the audience {} is unknown; send audience={ONE_API_AUDIENCE}", quoted(audience)),
            )),
            (None, AudienceRule::Either | AudienceRule::Refused) => Ok(()),
            (None, AudienceRule::Required) => Err(OAuthError::invalid_request(format!(
                "the audience is missing; send audience={ONE_API_AUDIENCE}"
            ))),
        }
    }

    fn authenticate<'c>(
        &self,
        request: &TokenRequest,
        client: Option<&'c ApiClient>,
    ) -> Result<&'c ApiClient, OAuthError> {
        let client = client
            .filter(|client| client.enabled && request.client_ids().contains(&client.id))
            .ok_or_else(|| OAuthError::invalid_client(DENIED))?;
        match (&client.authentication, request.proof()) {
            (Authentication::Secrets(live), Proof::Secret(shown)) => {
                if !is_known_secret(self.pepper, live, shown, self.now) {
                    return Err(OAuthError::invalid_client(DENIED));
                }
            }
            (Authentication::Keys(keys), Proof::Assertion(assertion)) => {
                let compact = self.check_claims(assertion, client)?;
                verdict(keys.verify(&compact)).map_err(|error| refused_by(error, keys))?;
            }
            (Authentication::Jwks(url), Proof::Assertion(assertion)) => {
                let compact = self.check_claims(assertion, client)?;
                self.verify_with_published(&compact, url)?;
            }
            (Authentication::Secrets(_), Proof::Assertion(_)) => {
                return Err(OAuthError::invalid_client(
                    "Client authentication failed: this client proves itself with a secret; send client_secret",
                ));
            }
            (Authentication::Keys(_) | Authentication::Jwks(_), Proof::Secret(_)) => {
                return Err(OAuthError::invalid_client(
                    "Client authentication failed: this client proves itself with a signature; send client_assertion",
                ));
            }
        }
        Ok(client)
    }

    fn check_claims<'t>(&self, assertion: &'t str, client: &ApiClient) -> Result<Compact<'t>, OAuthError> {
        check_claims(assertion, &client.id, self.issuer, self.real_now).map_err(refused)
    }

    /// Verifies with the keys at `url`; a key that is not there yet may have been published since they were fetched.
    fn verify_with_published(&self, compact: &Compact<'_>, url: &str) -> Result<(), OAuthError> {
        let keys = self.jwks.keys(url, self.real_now).map_err(unreachable)?;
        let first = keys.verify(compact);
        if first == Verdict::Good {
            return Ok(());
        }
        match self.jwks.newer(url, &keys, self.real_now) {
            Some(newer) => {
                let keys = newer.map_err(unreachable)?;
                verdict(keys.verify(compact)).map_err(|error| refused_by(error, &keys))
            }
            None => verdict(first).map_err(|error| refused_by(error, &keys)),
        }
    }
}

/// Whether one of the readings of a shown secret is one of the live ones.
pub(crate) fn is_known_secret(pepper: &Pepper, live: &[StoredSecret], shown: &[String], now: Time) -> bool {
    let mut live = live.iter().filter(|secret| secret.is_live(now));
    live.any(|secret| shown.iter().any(|shown| pepper.matches(shown, &secret.digest)))
}

fn refused(error: AssertionError) -> OAuthError {
    OAuthError::invalid_client(format!("Client authentication failed: {error}"))
}

/// The refusal of a signature, with the reason for which keys of the client were left out.
fn refused_by(error: AssertionError, keys: &KeySet) -> OAuthError {
    match keys.refused().first() {
        Some(reason) => OAuthError::invalid_client(format!(
            "Client authentication failed: {error}. A registered key was left out: {reason}"
        )),
        None => refused(error),
    }
}

fn unreachable(error: JwksError) -> OAuthError {
    let refused = OAuthError::invalid_client(format!("Client authentication failed: {error}"));
    match error.detail() {
        Some(detail) => refused.with_detail(detail),
        None => refused,
    }
}

/// A token, on its way to the client.
#[derive(Clone, PartialEq, Eq)]
pub struct TokenAnswer {
    /// The signed token.
    pub access_token: String,
    /// For how many seconds it counts, less one.
    pub expires_in: Time,
    /// What it says, for the list of issued tokens.
    pub claims: Claims,
}

impl fmt::Debug for TokenAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TokenAnswer").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl TokenAnswer {
    /// The body: exactly three members in this order, `expires_in` a number (seen; the Go SDK decodes a number).
    pub fn body(&self) -> Vec<u8> {
        format!(
            r#"{{"access_token":"{}","token_type":"Bearer","expires_in":{}}}"#,
            self.access_token, self.expires_in
        )
        .into_bytes()
    }
}

#[cfg(test)]
mod tests;
