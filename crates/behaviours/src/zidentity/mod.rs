//! Behaviours of the identity service alone, and what the gateway asks of its records: [`load_api_client`],
//! [`grants_of`], [`ensure_first_client`].
//!
//! What the records hold:
//!
//! | kind | member | holds |
//! | --- | --- | --- |
//! | `zidentity.api_client` | the id | the OAuth client id |
//! | | `status` | off: no tokens, and those it has are revoked |
//! | | `accessTokenLifeTime` | seconds |
//! | | `clientAuthentication.authType` | `SECRET`, `PUBKEYCERT` or `JWKS` |
//! | | `clientAuthentication.clientJWKsUrl` | where its keys are, for `JWKS` |
//! | | `clientAuthentication.publicKeys[].keyValue` | PEM, for `PUBKEYCERT` |
//! | | `clientAuthentication.clientCertificates[].certContent` | PEM, for `PUBKEYCERT` |
//! | | `clientResources[].selectedScopes[].id` | what it may reach; [`grants_of`] says as what |
//! | | `number` (hidden) | what audit members hold |
//! | `zidentity.api_client_secret` | `clientId` (hidden) | whose |
//! | | `digest` (hidden) | a `zuno_identity::SecretDigest` under the server's [pepper](crate::pepper) |
//! | | `createdAt`, `expiresAt` | seconds; without `expiresAt` it lasts |
//! | `zidentity.resource_server` | `serviceScopes[].service.name` | the product code |
//! | | `serviceScopes[].service.tenant` (not shown) | the tenant's number there |
//! | | `serviceScopes[].scopes[].name` | ends in the role's name |

mod client_authentication;
mod client_scopes;
mod client_secrets;
mod entitlements;
mod first_client;
mod grants;
mod group_members;
mod membership;
mod offered_scopes;
mod stored_secret;

pub use first_client::{ensure_first_client, first_client};
pub use grants::{api_client_of, grants_of, load_api_client};
use zuno_engine::Maker;

use crate::plain;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("client-authentication", plain::make::<client_authentication::ClientAuthentication>),
    ("client-scopes", plain::make::<client_scopes::ClientScopes>),
    ("client-secrets", plain::make::<client_secrets::ClientSecrets>),
    ("group-members", plain::make::<group_members::GroupMembers>),
    ("offered-scopes", plain::make::<offered_scopes::OfferedScopes>),
    ("user-entitlements", plain::make::<entitlements::Entitlements>),
];
