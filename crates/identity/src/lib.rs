//! OAuth 2.0 for machines: how an API client proves who it is, and the signed tokens it gets for it.
//!
//! Synchronous and self-contained: the caller brings the client from its store, the key ring and the time, and puts
//! the answer on the wire. The one thing that may wait for a network is [`JwksCache`]; [`Exchange::may_block`] tells.

mod algorithm;
mod allowed;
mod assertion;
mod client;
mod discovery;
mod error;
mod exchange;
mod issuer;
mod jwks;
mod jws;
mod keyring;
mod keys;
mod keystore;
mod legacy;
mod lockout;
mod memory;
mod request;
mod sealing;
mod secret;
mod signing;
#[cfg(test)]
mod testing;
mod token;

pub use algorithm::Algorithm;
pub use allowed::{AllowedHosts, BadEntry};
pub use assertion::{AssertionError, verify_assertion};
pub use client::{ApiClient, Authentication, Grant};
pub use discovery::{JWKS_PATH, discovery};
pub use error::{OAuthCode, OAuthError};
pub use exchange::{Exchange, TokenAnswer};
pub use issuer::{Issuer, ONE_API_AUDIENCE, TOKEN_PATH};
pub use jwks::{JwksCache, JwksError};
pub use keyring::Keyring;
pub use keys::{KeyError, KeySet};
pub use keystore::{KeyStore, KeyStoreError, KeysInMemory};
pub use legacy::{
    KeyRefused, KeySignIn, OrganizationKey, SESSION, SIGN_IN_FAILURE_STATUS, SandboxToken, SessionRefused,
    SessionRequest, SessionToken, SignIn, SignInRefused, SignInRequest, WITHOUT_SESSION, measuring_secret,
};
pub use lockout::{Attempt, Attempts};
pub use memory::{KnownToken, TokenMemory};
pub use request::{Proof, TokenRequest};
pub use sealing::{SealingKey, Unsealable};
pub use secret::{Pepper, Secret, SecretDigest, StoredSecret, keep_secret, random};
pub use signing::SigningKey;
pub use token::{Claims, ServiceInfo, TokenError};
