//! What an API client may reach, and how it proves who it is, read from its records.

use serde_json::Value;
use zuno_catalogue::handles::zidentity::{api_client, api_client_secret, resource_server};
use zuno_engine::Context;
use zuno_identity::{Access, ApiClient, Authentication, Grant, KeySet};
use zuno_model::{Fault, Id, Record};

use super::{client_authentication, client_secrets};
use crate::shared::session_ends;

/// One scope of an API resource with the service it belongs to.
pub(crate) struct Scope<'a> {
    /// Its id.
    pub id: &'a str,
    /// Its name as the API resource shows it.
    pub name: &'a str,
    /// Its name as an API client shows it.
    pub full_name: &'a str,
    /// The product code.
    pub product: &'a str,
    /// The service that offers it.
    pub service: &'a Value,
}

impl<'a> Scope<'a> {
    /// The role's name: what stands behind `Role:`, or all of it.
    pub fn role(&self) -> &'a str {
        self.name.rsplit_once("Role:").map_or(self.name, |(_, role)| role)
    }

    /// What the role may do, told by its name: the vendor's read-only roles are named so (seen).
    pub fn access(&self) -> Access {
        const READ_ONLY: [&str; 5] = ["read only", "read-only", "view only", "reader", "cxo insight user"];
        let role = self.role().to_lowercase();
        if READ_ONLY.iter().any(|words| role.contains(words)) { Access::ReadOnly } else { Access::Full }
    }
}

/// Every scope of an API resource, service by service.
pub(crate) fn scopes_of(server: &Record) -> impl Iterator<Item = Scope<'_>> {
    let services = server.get(resource_server::SERVICE_SCOPES).and_then(Value::as_array);
    services.into_iter().flatten().flat_map(|offered| {
        let service = &offered["service"];
        let scopes = offered["scopes"].as_array().into_iter().flatten();
        scopes.map(move |scope| Scope {
            id: scope["id"].as_str().unwrap_or_default(),
            name: scope["name"].as_str().unwrap_or_default(),
            full_name: scope["fullName"].as_str().or(scope["name"].as_str()).unwrap_or_default(),
            product: service["name"].as_str().unwrap_or_default(),
            service,
        })
    })
}

/// What an API client may reach, one grant for each scope that still exists: product code, the tenant's number
/// there, the role's name, and whether the role may write.
pub fn grants_of<'a>(
    client: &Record,
    resource_servers: impl IntoIterator<Item = &'a Record> + Clone,
) -> Vec<Grant> {
    let chosen = client.get(api_client::CLIENT_RESOURCES).and_then(Value::as_array);
    let selected = chosen.into_iter().flatten().flat_map(|resource| resource["selectedScopes"].as_array());
    let mut grants = Vec::new();
    for id in selected.flatten().filter_map(|scope| scope["id"].as_str()) {
        let offered = resource_servers.clone().into_iter().flat_map(scopes_of).find(|scope| scope.id == id);
        grants.extend(offered.map(|scope| Grant {
            product: scope.product.to_owned(),
            tenant: scope.service["tenant"].as_str().unwrap_or_default().to_owned(),
            role: scope.role().to_owned(),
            access: scope.access(),
        }));
    }
    grants
}

/// An API client as the identity service verifies it, from its record, its secrets' records and the tenant's API
/// resources.
///
/// # Errors
/// [`Fault::Broken`] when a kept secret cannot be read.
pub fn api_client_of<'a>(
    session: String,
    id: &Id,
    client: &Record,
    secrets: impl IntoIterator<Item = &'a Record>,
    resource_servers: impl IntoIterator<Item = &'a Record> + Clone,
) -> Result<ApiClient, Fault> {
    let empty = Record::new();
    let authentication = client.get(api_client::CLIENT_AUTHENTICATION).and_then(Value::as_object);
    let authentication = authentication.unwrap_or(&empty);
    let text = |member: &str| authentication.get(member).and_then(Value::as_str).unwrap_or_default();
    let authentication = match text("authType") {
        "JWKS" => Authentication::Jwks(text("clientJWKsUrl").to_owned()),
        "PUBKEYCERT" => {
            Authentication::Keys(KeySet::from_pem(client_authentication::uploaded(authentication)))
        }
        _ => {
            let secrets = secrets.into_iter().map(client_secrets::read).collect::<Result<_, _>>()?;
            Authentication::Secrets(secrets)
        }
    };
    Ok(ApiClient {
        id: id.0.clone(),
        number: client.get(api_client::NUMBER).and_then(Value::as_i64).unwrap_or_default(),
        name: client.get(api_client::NAME).and_then(Value::as_str).unwrap_or_default().to_owned(),
        enabled: client.get(api_client::STATUS).and_then(Value::as_bool).unwrap_or(true),
        session,
        blocked_by: None,
        token_lifetime: client
            .get(api_client::ACCESS_TOKEN_LIFE_TIME)
            .and_then(Value::as_i64)
            .unwrap_or(3600),
        authentication,
        grants: grants_of(client, resource_servers),
    })
}

/// The API client of this id, if the tenant has it, read from the store at the context's moment.
///
/// # Errors
/// The store failed.
pub fn load_api_client(cx: &Context<'_>, id: &Id) -> Result<Option<ApiClient>, Fault> {
    let Some(client) = cx.get(api_client::KIND, id)? else { return Ok(None) };
    let secrets = cx.pointing(api_client_secret::KIND, api_client_secret::CLIENT_ID, api_client::KIND, id)?;
    let servers = cx.all(resource_server::KIND, None)?;
    let session = session_ends::named(cx, client.record.get(api_client::SESSION));
    let secrets = secrets.iter().map(|stored| &stored.record);
    let servers = servers.iter().map(|stored| &stored.record);
    api_client_of(session, id, &client.record, secrets, servers).map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_identity::{Access, Authentication, Grant};
    use zuno_model::{Id, Record};

    use super::{api_client_of, grants_of};

    fn record(value: Value) -> Record {
        value.as_object().expect("an object is given").clone()
    }

    fn server() -> Record {
        let service = |name: &str, tenant: &str| json!({ "id": name, "name": name, "tenant": tenant });
        record(json!({ "id": "j1", "serviceScopes": [
            { "service": service("ZIA", "7"), "scopes": [
                { "id": "a::1", "name": "Role:Super Admin" }, { "id": "a::2", "name": "Role:Read Only Admin" } ] },
            { "service": service("ZPA", "216"), "scopes": [
                { "id": "p:m:1", "name": "Scope:Default: Role:API Full Access" } ] },
            { "service": service("ZINSIGHTS", "0"), "scopes": [{ "id": "i::1", "name": "ZINSIGHTS Reader" }] }
        ] }))
    }

    #[test]
    fn a_scope_grants_its_product_tenant_and_role() {
        let scopes = json!([{ "id": "a::2" }, { "id": "p:m:1" }, { "id": "i::1" }, { "id": "gone" }]);
        let client = record(json!({ "clientResources": [{ "id": "j1", "selectedScopes": scopes }] }));
        let grant = |product: &str, tenant: &str, role: &str, access| Grant {
            product: product.into(),
            tenant: tenant.into(),
            role: role.into(),
            access,
        };
        assert_eq!(
            grants_of(&client, [&server()]),
            [
                grant("ZIA", "7", "Read Only Admin", Access::ReadOnly),
                grant("ZPA", "216", "API Full Access", Access::Full),
                grant("ZINSIGHTS", "0", "ZINSIGHTS Reader", Access::ReadOnly),
            ]
        );
    }

    #[test]
    fn every_read_only_role_seen_is_told_by_its_name() {
        let read_only = |name: &str| {
            let scope = super::Scope { id: "", name, full_name: "", product: "", service: &Value::Null };
            scope.access() == Access::ReadOnly
        };
        for name in
            ["BI Read-only Admin", "CXO Insight User", "View Only Admin", "Read Only", "ZINSIGHTS Reader"]
        {
            assert!(read_only(name), "{name}");
        }
        for name in ["Super Admin", "Users Admin", "ZDX Service Desk Tier 1", "Role:API_Role01"] {
            assert!(!read_only(name), "{name}");
        }
    }

    #[test]
    fn the_way_of_proof_follows_the_type() {
        let of = |authentication: Value| {
            let client = record(json!({ "name": "c", "clientAuthentication": authentication, "number": 5 }));
            api_client_of("s".into(), &Id("iq1".into()), &client, [], []).expect("it is read")
        };
        let jwks = of(json!({ "authType": "JWKS", "clientJWKsUrl": "https://keys.example" }));
        assert!(matches!(jwks.authentication, Authentication::Jwks(url) if url == "https://keys.example"));
        assert!(matches!(of(json!({ "authType": "PUBKEYCERT" })).authentication, Authentication::Keys(_)));
        let secret = of(json!({ "authType": "SECRET" }));
        assert!(matches!(secret.authentication, Authentication::Secrets(held) if held.is_empty()));
        assert_eq!((secret.number, secret.enabled, secret.token_lifetime), (5, true, 3600));
    }
}
