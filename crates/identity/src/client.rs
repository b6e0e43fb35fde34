//! The API client as the identity service needs it: who it is, how it proves it, what it may reach.

use std::collections::BTreeMap;

use zuno_model::{Right, Time};

use crate::{KeySet, StoredSecret};

/// An API client, filled by the caller from its store.
#[derive(Clone, Debug)]
pub struct ApiClient {
    /// The OAuth client id.
    pub id: String,
    /// The number that audit members hold.
    pub number: i64,
    /// The name that people gave it.
    pub name: String,
    /// Off: it gets no tokens, and those it has are to be revoked (documented).
    pub enabled: bool,
    /// Which of its tokens count: those that name the same session. A client that was switched off, or made anew under
    /// the same id, has another one.
    pub session: String,
    /// The name of the access policy rule that blocks it at this moment.
    pub blocked_by: Option<String>,
    /// How long its tokens live, in seconds; the console offers 60 to 86,400 (documented).
    pub token_lifetime: Time,
    /// How it proves who it is.
    pub authentication: Authentication,
    /// At most one role per service (documented).
    pub grants: Vec<Grant>,
}

impl ApiClient {
    /// The names of its roles, by the product's code.
    pub fn roles(&self) -> BTreeMap<String, String> {
        self.grants.iter().map(|grant| (grant.product.clone(), grant.role.clone())).collect()
    }
}

/// How an API client proves who it is; one way per client (`authType`).
#[derive(Clone, Debug)]
pub enum Authentication {
    /// `SECRET`: any of these that has not expired.
    Secrets(Vec<StoredSecret>),
    /// `PUBKEYCERT`: an assertion signed by one of these uploaded keys or certificates.
    Keys(KeySet),
    /// `JWKS`: an assertion signed by a key that the client publishes at this URL.
    Jwks(String),
}

/// One product that a client may reach, and as what.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    /// The code in the `service-info` claim: `ZIA`, `ZPA`, `ZCC`, `ZDX`, `CLOUD_CONNECTOR`, `ZIAM`, …
    pub product: String,
    /// The product's number for the tenant: the ZIA organisation, the ZPA customer.
    pub tenant: String,
    /// The role's name.
    pub role: String,
    /// What the role may do. Not in the token: the gateway asks the client's current role at each call.
    pub right: Right,
}
