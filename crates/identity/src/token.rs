//! The access token: which claims it holds, for whom it is made.

use serde::{Deserialize, Serialize};
use uuid::Builder;
use zuno_model::Time;

use crate::secret::random;
use crate::{ApiClient, Grant};

/// What a token says. Members serialise in this order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The issuer: `https://<vanity>.zslogin.net`.
    pub iss: String,
    /// The client id.
    pub sub: String,
    /// The service the token is for.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub aud: Option<String>,
    /// When it was issued, in seconds.
    pub iat: Time,
    /// The same second.
    pub nbf: Time,
    /// The second from which it no longer counts.
    pub exp: Time,
    /// The token's own name, a UUID, by which it is revoked (the console lists it: documented).
    pub jti: String,
    /// The client id once more, where other readers look for it.
    pub client_id: String,
    /// The client's session when it was issued, [`ApiClient::session`]: no member of the cloud's tokens, which clients do
    /// not look into.
    #[serde(default)]
    pub sid: String,
    /// What the client may reach. The MCP server drops the tools of products that are missing here (client).
    #[serde(rename = "service-info", default)]
    pub service_info: Vec<ServiceInfo>,
}

/// One product a token reaches (seen in live tokens).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ServiceInfo {
    /// The product's code, `ZIA`.
    pub prd: String,
    /// The product's number for the tenant.
    pub tnt: String,
    /// The role's name.
    pub rnm: String,
}

impl From<&Grant> for ServiceInfo {
    fn from(grant: &Grant) -> ServiceInfo {
        ServiceInfo { prd: grant.product.clone(), tnt: grant.tenant.clone(), rnm: grant.role.clone() }
    }
}

impl Claims {
    /// The claims of a new token for `client`, under a fresh `jti`, alive for `lifetime` seconds.
    pub fn new(
        issuer: &str,
        audience: Option<&str>,
        client: &ApiClient,
        now: Time,
        lifetime: Time,
    ) -> Claims {
        Claims {
            iss: issuer.to_owned(),
            sub: client.id.clone(),
            aud: audience.map(str::to_owned),
            iat: now,
            nbf: now,
            exp: now.saturating_add(lifetime),
            jti: Builder::from_random_bytes(random()).into_uuid().to_string(),
            client_id: client.id.clone(),
            sid: client.session.clone(),
            service_info: client.grants.iter().map(ServiceInfo::from).collect(),
        }
    }

    /// Whether the token's time is over.
    pub fn is_over(&self, now: Time) -> bool {
        now >= self.exp
    }

    /// Whether the token is for this audience: tells a OneAPI token from one of the older sign-ins.
    pub fn is_for(&self, audience: &str) -> bool {
        self.aud.as_deref() == Some(audience)
    }
}

/// Why a bearer token is refused. The gateway answers all of them alike; the reason is for its log.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenError {
    /// Not a token of our form; holds what is wrong with it.
    #[error("not a token: {0}")]
    Malformed(&'static str),
    /// Signed by no key of this server, or by one it no longer has.
    #[error("the token names no key of this server; get a new one")]
    UnknownKey,
    /// The signature does not fit.
    #[error("the token's signature does not fit")]
    BadSignature,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::testing::{client, ec_key_pair, ring, rsa_key_pair};
    use crate::{Authentication, ONE_API_AUDIENCE, SigningKey};

    fn claims(now: Time) -> Claims {
        let client = client(Authentication::Secrets(vec![]));
        Claims::new("https://acme.zslogin.net", Some(ONE_API_AUDIENCE), &client, now, 3600)
    }

    #[test]
    fn the_payload_has_the_members_in_the_documented_order() {
        let mut claims = claims(1_700_000_000);
        claims.jti = "j".into();
        assert_eq!(
            serde_json::to_string(&claims).unwrap(),
            r#"{"iss":"https://acme.zslogin.net","sub":"iq41q3fpgg6st","aud":"https://api.zscaler.com","iat":1700000000,"nbf":1700000000,"exp":1700003600,"jti":"j","client_id":"iq41q3fpgg6st","sid":"1-0","service-info":[{"prd":"ZIA","tnt":"24326813","rnm":"API_Role01"},{"prd":"ZPA","tnt":"216196257331281920","rnm":"API Full Access"}]}"#
        );
        claims.aud = None;
        assert!(!serde_json::to_string(&claims).unwrap().contains("aud"));
    }

    #[test]
    fn a_jti_is_a_fresh_uuid() {
        let (one, two) = (claims(1).jti, claims(1).jti);
        assert_ne!(one, two);
        let uuid = uuid::Uuid::parse_str(&one).unwrap();
        assert_eq!(uuid.get_version_num(), 4);
    }

    #[test]
    fn a_token_counts_until_its_last_second() {
        let token = ec_key_pair().sign(&claims(1000)).unwrap();
        assert!(!ring().verify(&token).unwrap().is_over(4599));
        assert!(ring().verify(&token).unwrap().is_over(4600));
        assert!(!ring().verify(&token).unwrap().is_over(0), "a clock moved back locks nobody out");
    }

    #[test]
    fn a_token_of_another_server_is_refused() {
        let stranger = SigningKey::generate(crate::Algorithm::Es256);
        let token = stranger.sign(&claims(1000)).unwrap();
        assert_eq!(ring().verify(&token), Err(TokenError::UnknownKey));
        for junk in ["", "a.b", "a.b.c", "....", "eyJhbGciOiJub25lIn0.e30."] {
            assert!(ring().verify(junk).is_err(), "{junk}");
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn what_is_issued_verifies(
            now in 0i64..4_000_000_000,
            lifetime in 1i64..86_400,
            sub in "\\PC{0,30}",
            role in "\\PC{0,30}",
            ec in any::<bool>(),
        ) {
            let mut client = client(Authentication::Secrets(vec![]));
            client.id = sub;
            client.grants[0].role = role;
            let claims = Claims::new("https://acme.zslogin.net", None, &client, now, lifetime);
            let key = if ec { ec_key_pair() } else { rsa_key_pair() };
            let token = key.sign(&claims).unwrap();
            prop_assert_eq!(ring().verify(&token), Ok(claims));
        }

        #[test]
        fn one_changed_byte_spoils_a_token(at in any::<prop::sample::Index>(), with in any::<u8>(), ec in any::<bool>()) {
            let key = if ec { ec_key_pair() } else { rsa_key_pair() };
            let token = key.sign(&claims(1000)).unwrap();
            let mut bytes = token.clone().into_bytes();
            let at = at.index(bytes.len());
            prop_assume!(bytes[at] != with);
            bytes[at] = with;
            if let Ok(changed) = String::from_utf8(bytes) {
                prop_assert!(ring().verify(&changed).is_err());
            }
        }
    }

    #[test]
    fn any_flipped_bit_spoils_a_token() {
        for key in [ec_key_pair(), rsa_key_pair()] {
            let token = key.sign(&claims(1000)).unwrap();
            for at in 0..token.len() {
                for bit in 0..7 {
                    let mut bytes = token.clone().into_bytes();
                    bytes[at] ^= 1 << bit;
                    let changed = String::from_utf8(bytes).unwrap();
                    assert!(ring().verify(&changed).is_err(), "byte {at}, bit {bit}");
                }
            }
        }
    }
}
