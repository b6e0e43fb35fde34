//! The token of an older sign-in, for one product alone.

use std::fmt;

use zuno_model::Time;

use crate::{ApiClient, Claims, SigningKey};

/// The longest that a token of an older sign-in lasts, in seconds (documented: the "Session Validity Interval" of private
/// access; of client connector and digital experience the default).
const LIFETIME_MAX: Time = 3600;

/// All that a token needs besides the client that has proved itself.
#[derive(Clone, Copy, Debug)]
pub struct SignIn<'a> {
    /// The `iss` of the token, by which the gateway finds the tenant: the tenant's identity URL.
    pub issuer: &'a str,
    /// The `aud` of the token: what tells it from a OneAPI token, and from those of other sign-ins.
    pub audience: &'a str,
    /// The code of the one product that it reaches, `ZPA`.
    pub product: &'a str,
    /// The key that signs the token.
    pub signer: &'a SigningKey,
    /// The server's time in seconds.
    pub now: Time,
}

impl SignIn<'_> {
    /// The token of a client that has proved itself; nothing where it cannot be signed.
    pub fn token(&self, client: &ApiClient) -> Option<SessionToken> {
        let lifetime = client.token_lifetime.clamp(1, LIFETIME_MAX);
        let mut claims = Claims::new(self.issuer, Some(self.audience), client, self.now, lifetime);
        claims.service_info.retain(|service| service.prd == self.product);
        Some(SessionToken { text: self.signer.sign(&claims)?, lifetime, claims })
    }
}

/// A session's token, on its way to the client.
#[derive(Clone, PartialEq, Eq)]
pub struct SessionToken {
    /// The signed token.
    pub text: String,
    /// For how many seconds it counts.
    pub lifetime: Time,
    /// What it says.
    pub claims: Claims,
}

impl fmt::Debug for SessionToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SessionToken").field("claims", &self.claims).finish_non_exhaustive()
    }
}

impl SessionToken {
    /// The answer of private access, spaced as documented; `expires_in` is a *string*, and the Go SDK fails on a number
    /// (client).
    pub fn in_private_access(&self) -> Vec<u8> {
        format!(
            r#"{{"token_type" : "Bearer","access_token" : "{}","expires_in" : "{}"}}"#,
            self.text, self.lifetime
        )
        .into_bytes()
    }

    /// The answer of client connector, spaced as that product spaces all others (documented).
    pub fn in_client_connector(&self) -> Vec<u8> {
        format!("{{\n  \"jwtToken\" : \"{}\",\n  \"message\" : null\n}}", self.text).into_bytes()
    }

    /// The answer of digital experience; `expires_in` is a number there (documented).
    pub fn in_digital_experience(&self) -> Vec<u8> {
        format!(r#"{{"token":"{}","token_type":"Bearer","expires_in":{}}}"#, self.text, self.lifetime)
            .into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Authentication;
    use crate::testing::{NOW, client, ring, rsa_key_pair};

    const HOST: &str = "https://config.private.zscaler.com";

    fn token(client: &ApiClient) -> SessionToken {
        let issuer = "https://acme.zslogin.net";
        SignIn { issuer, audience: HOST, product: "ZPA", signer: rsa_key_pair(), now: NOW }
            .token(client)
            .unwrap()
    }

    #[test]
    fn each_product_spells_its_answer_its_own_way() {
        let token = token(&client(Authentication::Secrets(vec![])));
        let text = &token.text;
        let read = |body: Vec<u8>| String::from_utf8(body).unwrap();
        assert_eq!(
            read(token.in_private_access()),
            format!(r#"{{"token_type" : "Bearer","access_token" : "{text}","expires_in" : "3600"}}"#)
        );
        assert_eq!(
            read(token.in_client_connector()),
            format!("{{\n  \"jwtToken\" : \"{text}\",\n  \"message\" : null\n}}")
        );
        assert_eq!(
            read(token.in_digital_experience()),
            format!(r#"{{"token":"{text}","token_type":"Bearer","expires_in":3600}}"#)
        );
        assert!(!format!("{token:?}").contains(text.as_str()));
    }

    #[test]
    fn a_token_is_for_one_product_and_lasts_an_hour_at_most() {
        let mut key = client(Authentication::Secrets(vec![]));
        let claims = ring().verify(&token(&key).text).unwrap();
        assert!(claims.is_for(HOST) && !claims.is_for(crate::ONE_API_AUDIENCE));
        assert_eq!(claims.exp, NOW + 3600);
        assert_eq!(claims.service_info.len(), 1, "ZPA alone");
        assert_eq!(claims.service_info[0].tnt, "216196257331281920");
        key.token_lifetime = 86_400;
        assert_eq!(token(&key).lifetime, 3600);
        key.token_lifetime = 300;
        assert_eq!(token(&key).lifetime, 300);
    }
}
