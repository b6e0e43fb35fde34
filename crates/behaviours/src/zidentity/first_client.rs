//! The API client that a new tenant starts with: every service's strongest role, and a secret that lasts.

use serde_json::{Value, json};
use zuno_catalogue::handles::zidentity::api_client::{KIND, NUMBER};
use zuno_catalogue::handles::zidentity::{api_client_secret, resource_server};
use zuno_engine::Stored;
use zuno_identity::{Access, SecretDigest, StoredSecret};
use zuno_model::{Fault, Id, Record, Time};

use super::audit_number;
use super::client_secrets;
use super::grants::{Scope, scopes_of};

/// The records to save, with their kinds, for a tenant's first API client: it proves itself with the secret of this
/// digest, its tokens live 84,000 seconds (seen), and it may do everything in every service that the API resources offer.
///
/// # Errors
/// [`Fault::Broken`] when a digest cannot be written, which does not happen.
pub fn first_client<'a>(
    client_id: &str,
    digest: SecretDigest,
    now: Time,
    resource_servers: impl IntoIterator<Item = &'a Record>,
) -> Result<[(&'static str, Stored); 2], Fault> {
    let resources: Vec<Value> = resource_servers.into_iter().map(everything_of).collect();
    let client = json!({
        "name": "API Client Secret Authentication",
        "description": "Made with the tenant.",
        "status": true,
        "accessTokenLifeTime": 84_000,
        "clientAuthentication": { "authType": "SECRET" },
        "clientResources": resources,
        "id": client_id,
        NUMBER: audit_number::FIRST,
    });
    let Value::Object(record) = client else { return Err(Fault::broken("a client is an object")) };
    let id = Id(client_id.to_owned());
    let secret = StoredSecret { id: "is00000000000".into(), digest, created_at: now, expires_at: None };
    let secret = client_secrets::record(&secret, &id, 0)?;
    let client = Stored { id, scope: "0".into(), sort: String::new(), record };
    Ok([(KIND, client), (api_client_secret::KIND, secret)])
}

/// An API resource with the strongest scope of each service.
fn everything_of(server: &Record) -> Value {
    let mut strongest: Vec<Scope<'_>> = Vec::new();
    for scope in scopes_of(server) {
        match strongest.iter_mut().find(|held| held.product == scope.product) {
            Some(held) if strength(&scope) > strength(held) => *held = scope,
            Some(_) => {}
            None => strongest.push(scope),
        }
    }
    let selected: Vec<Value> =
        strongest.iter().map(|scope| json!({ "id": scope.id, "name": scope.full_name })).collect();
    json!({
        "id": server.get(resource_server::ID),
        "name": server.get(resource_server::NAME),
        "defaultApi": server.get(resource_server::DEFAULT_API),
        "selectedScopes": selected,
    })
}

/// Roles named for everything come before those that may write something, and those before the rest.
fn strength(scope: &Scope<'_>) -> u8 {
    let role = scope.role();
    match scope.access() {
        Access::Full if role.contains("Super Admin") || role.contains("Full Access") => 2,
        Access::Full => 1,
        Access::ReadOnly => 0,
    }
}
