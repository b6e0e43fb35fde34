//! The discovery document (RFC 8414, and OpenID's older form of it), which says where the rest is.

use serde_json::{Value, json};

use crate::issuer::{Issuer, TOKEN_PATH};

/// Where the JWK set is published; the real service documents no place, so the name is ours (guessed).
pub const JWKS_PATH: &str = "/oauth2/v1/keys";

/// The document for `/.well-known/openid-configuration` and `/.well-known/oauth-authorization-server`.
///
/// Nobody logs in here, so `authorization_endpoint` is missing. The three members about responses, subjects and id
/// tokens are there because readers that only look for the keys refuse a document without them.
pub fn discovery(issuer: &Issuer) -> Value {
    let url = &issuer.url;
    json!({
        "issuer": url,
        "token_endpoint": format!("{url}{TOKEN_PATH}"),
        "jwks_uri": format!("{url}{JWKS_PATH}"),
        "grant_types_supported": ["client_credentials"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post", "private_key_jwt"],
        "token_endpoint_auth_signing_alg_values_supported": ["RS256", "ES256"],
        "response_types_supported": ["token"],
        "subject_types_supported": ["public"],
        "id_token_signing_alg_values_supported": ["RS256", "ES256"],
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_the_issuers() {
        let document = discovery(&Issuer::new("https://acme.zslogin.net/"));
        assert_eq!(document["issuer"], "https://acme.zslogin.net");
        assert_eq!(document["token_endpoint"], "https://acme.zslogin.net/oauth2/v1/token");
        assert_eq!(document["jwks_uri"], "https://acme.zslogin.net/oauth2/v1/keys");
    }
}
