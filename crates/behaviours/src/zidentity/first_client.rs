//! The API client that a new tenant starts with: every service's strongest role, and a secret that lasts.

use serde_json::{Value, json};
use zuno_catalogue::handles::zidentity::api_client::{KIND, NUMBER, SESSION};
use zuno_catalogue::handles::zidentity::api_client_secret::{self, CLIENT_ID, SERIES};
use zuno_catalogue::handles::zidentity::resource_server;
use zuno_engine::{Context, Stored};
use zuno_identity::{SecretDigest, StoredSecret};
use zuno_model::{Fault, Id, Permission, Record};

use super::grants::{Scope, scopes_of};
use super::stored_secret;
use crate::shared::session_ends;

/// The counter of the numbers that audit members hold, as the catalogue has it for clients that callers make.
const NUMBERS: (&str, i64) = ("zidentity.audit-number", 117_810_311);

/// The series of secrets that the operator chose, before those that callers make.
const CHOSEN: i64 = 0;

/// Sees to it that a tenant has this API client and that the secret of this digest opens it. A new one may do
/// everything in every service, and its tokens live 84,000 seconds (seen). One that is there keeps its scopes and the
/// secrets that callers made; what the operator chose earlier no longer counts.
///
/// # Errors
/// The store failed.
pub fn ensure_first_client(cx: &mut Context<'_>, id: &str, digest: SecretDigest) -> Result<(), Fault> {
    let id = Id(id.to_owned());
    if cx.get(KIND, &id)?.is_none() {
        let client = everything(cx, &id)?;
        cx.save(KIND, &client)?;
    }
    for held in cx.pointing(api_client_secret::KIND, CLIENT_ID.name, KIND, &id)? {
        if SERIES.of(&held.record) != Some(CHOSEN) {
            continue;
        }
        if stored_secret::read(&held.record)?.digest == digest {
            return Ok(());
        }
        cx.remove(api_client_secret::KIND, &held.id)?;
    }
    let made = Id::opaque("is", cx.draw()?);
    let secret = StoredSecret { id: made.0, digest, created_at: cx.now(), expires_at: None };
    let secret = stored_secret::record(&secret, &id, CHOSEN)?;
    cx.save(api_client_secret::KIND, &secret)
}

/// The id of the tenant's oldest API client, if it has any.
///
/// # Errors
/// The store failed.
pub fn first_client(cx: &Context<'_>) -> Result<Option<String>, Fault> {
    let number = |client: &Stored| NUMBER.of(&client.record).unwrap_or(i64::MAX);
    Ok(cx.all(KIND, None)?.into_iter().min_by_key(number).map(|client| client.id.0))
}

/// A client with every service's strongest role.
fn everything(cx: &mut Context<'_>, id: &Id) -> Result<Stored, Fault> {
    let servers = cx.all(resource_server::KIND, None)?;
    let resources: Vec<Value> = servers.iter().map(|server| everything_of(&server.record)).collect();
    let client = json!({
        "name": "API Client Secret Authentication",
        "description": "Made with the tenant.",
        "status": true,
        "accessTokenLifeTime": 84_000,
        "clientAuthentication": { "authType": "SECRET" },
        "clientResources": resources,
        "id": id.as_str(),
        NUMBER: cx.next(NUMBERS.0, NUMBERS.1)?,
        SESSION: session_ends::another(cx)?,
    });
    let Value::Object(record) = client else { return Err(Fault::broken("a client is an object")) };
    Ok(Stored { id: id.clone(), scope: "0".into(), sort: String::new(), record })
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
        "id": server.get(resource_server::ID.name),
        "name": server.get(resource_server::NAME.name),
        "defaultApi": server.get(resource_server::DEFAULT_API.name),
        "selectedScopes": selected,
    })
}

/// Roles named for everything come before those that may write something, and those before the rest.
fn strength(scope: &Scope<'_>) -> u8 {
    let role = scope.role();
    match scope.access() {
        Permission::Full if role.contains("Super Admin") || role.contains("Full Access") => 2,
        Permission::Full => 1,
        Permission::ReadOnly => 0,
    }
}

#[cfg(test)]
mod tests {
    use zuno_catalogue::Catalogue;

    use super::{KIND, NUMBERS};

    #[test]
    fn its_number_comes_from_where_those_of_other_clients_do() {
        let catalogue = Catalogue::compiled();
        let resource = catalogue.resource(KIND).expect("it is described");
        let given = &resource.behaviours["minted"].0;
        assert_eq!(given["start"], NUMBERS.1);
        assert_eq!(given["counter"].as_str(), NUMBERS.0.strip_prefix("zidentity."));
    }
}
