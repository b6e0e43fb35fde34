//! What an API client may reach, and how it proves who it is, read from its records.

use serde_json::Value;
use zuno_catalogue::Members;
use zuno_catalogue::handles::zidentity::{api_client, api_client_secret, resource_server};
use zuno_engine::Context;
use zuno_identity::{ApiClient, Authentication, Grant, KeySet};
use zuno_model::{Fault, Id, Permission, Reach, Record, Right};

use super::offered_scopes::offered_servers;
use super::{client_authentication, stored_secret};
use crate::shared::session_ends;
use crate::zpa;

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
    /// All that is kept of it.
    kept: &'a Value,
}

impl<'a> Scope<'a> {
    /// The role's name: what stands behind `Role:`, or all of it.
    pub fn role(&self) -> &'a str {
        self.name.rsplit_once("Role:").map_or(self.name, |(_, role)| role)
    }

    /// What the role may do, told by its name: the vendor's read-only roles are named so (seen).
    pub fn access(&self) -> Permission {
        const READ_ONLY: [&str; 5] = ["read only", "read-only", "view only", "reader", "cxo insight user"];
        let role = self.role().to_lowercase();
        if READ_ONLY.iter().any(|words| role.contains(words)) {
            Permission::ReadOnly
        } else {
            Permission::Full
        }
    }

    /// What the role lets do: as it is kept with the scope, or as the role of private access says, or as its name does.
    fn right(&self, cx: &Context<'_>) -> Result<Option<Right>, Fault> {
        if let Some(role) = self.kept.text("role") {
            return zpa::right_of_role(cx, role, self.kept.text("within").unwrap_or(zpa::DEFAULT));
        }
        let Some(classes) = self.kept["classes"].as_array() else {
            return Ok(Some(Right::everything(self.access())));
        };
        let class = |class: &Value| {
            let access = if class["access"] == "FULL" { Permission::Full } else { Permission::ReadOnly };
            Some((class.text("name")?.to_owned(), access))
        };
        Ok(Some(Right { reach: Reach::Classes(classes.iter().filter_map(class).collect()), within: None }))
    }
}

/// Every scope of an API resource, service by service.
pub(crate) fn scopes_of(server: &Record) -> impl Iterator<Item = Scope<'_>> {
    let services = resource_server::SERVICE_SCOPES.of(server);
    services.iter().flat_map(|offered| {
        let service = &offered["service"];
        offered.items("scopes").iter().map(move |scope| Scope {
            id: scope.text("id").unwrap_or_default(),
            name: scope.text("name").unwrap_or_default(),
            full_name: scope.text("fullName").or(scope.text("name")).unwrap_or_default(),
            product: service.text("name").unwrap_or_default(),
            service,
            kept: scope,
        })
    })
}

/// What an API client may reach, one grant for each scope that still exists of a product that is served here: product
/// code, the tenant's number there, the role's name, and what the role lets do.
///
/// # Errors
/// The store failed.
pub fn grants_of(cx: &Context<'_>, client: &Record) -> Result<Vec<Grant>, Fault> {
    let chosen = api_client::CLIENT_RESOURCES.of(client);
    let selected = chosen.iter().flat_map(|resource| resource.items("selectedScopes"));
    let selected: Vec<&str> = selected.filter_map(|scope| scope.text("id")).collect();
    grants_of_scopes(cx, &selected)
}

/// What these scopes let do together, as [`grants_of`] tells it of a client's.
///
/// # Errors
/// The store failed.
pub(crate) fn grants_of_scopes(cx: &Context<'_>, ids: &[&str]) -> Result<Vec<Grant>, Fault> {
    let mut grants = Vec::new();
    if ids.is_empty() {
        return Ok(grants);
    }
    let servers = offered_servers(cx)?;
    for id in ids {
        let found = servers.iter().flat_map(|server| scopes_of(&server.record)).find(|scope| scope.id == *id);
        let served =
            |scope: &Scope<'_>| cx.catalogue().products().iter().any(|known| known.grant == scope.product);
        let Some(scope) = found.filter(served) else { continue };
        grants.extend(scope.right(cx)?.map(|right| Grant {
            product: scope.product.to_owned(),
            tenant: scope.service.text("tenant").unwrap_or_default().to_owned(),
            role: scope.role().to_owned(),
            right,
        }));
    }
    Ok(grants)
}

/// Refuses to give away, or to change, what may do more than the caller: somebody who opens a stronger client with a new
/// secret would be as strong (guessed).
///
/// # Errors
/// [`Fault::Forbidden`].
pub(crate) fn no_more_than_own(cx: &Context<'_>, grants: &[Grant]) -> Result<(), Fault> {
    match grants.iter().find(|grant| !cx.actor().rights.cover(&grant.product, &grant.right)) {
        Some(grant) => Err(Fault::Forbidden(format!(
            "its role `{}` in {} lets do more than the caller may",
            grant.role, grant.product
        ))),
        None => Ok(()),
    }
}

/// An API client as the identity service verifies it, from its record, its secrets' records and what it may reach.
///
/// # Errors
/// [`Fault::Broken`] when a kept secret cannot be read.
pub fn api_client_of<'a>(
    session: String,
    id: &Id,
    client: &Record,
    secrets: impl IntoIterator<Item = &'a Record>,
    grants: Vec<Grant>,
) -> Result<ApiClient, Fault> {
    let empty = Record::new();
    let authentication = api_client::CLIENT_AUTHENTICATION.of(client);
    let authentication = authentication.unwrap_or(&empty);
    let text = |member: &str| authentication.text(member).unwrap_or_default();
    let authentication = match text("authType") {
        "JWKS" => Authentication::Jwks(text("clientJWKsUrl").to_owned()),
        "PUBKEYCERT" => {
            Authentication::Keys(KeySet::from_pem(client_authentication::uploaded(authentication)))
        }
        _ => {
            let secrets = secrets.into_iter().map(stored_secret::read).collect::<Result<_, _>>()?;
            Authentication::Secrets(secrets)
        }
    };
    Ok(ApiClient {
        id: id.0.clone(),
        number: api_client::NUMBER.of(client).unwrap_or_default(),
        name: api_client::NAME.of(client).unwrap_or_default().to_owned(),
        enabled: client.get(api_client::STATUS.name).and_then(Value::as_bool).unwrap_or(true),
        session,
        blocked_by: None,
        token_lifetime: api_client::ACCESS_TOKEN_LIFE_TIME.of(client).unwrap_or(3600),
        authentication,
        grants,
    })
}

/// The API client of this id, if the tenant has it, read from the store at the context's moment.
///
/// # Errors
/// The store failed.
pub fn load_api_client(cx: &Context<'_>, id: &Id) -> Result<Option<ApiClient>, Fault> {
    let Some(client) = cx.get(api_client::KIND, id)? else { return Ok(None) };
    let secrets =
        cx.pointing(api_client_secret::KIND, api_client_secret::CLIENT_ID.name, api_client::KIND, id)?;
    let session = session_ends::named(cx, client.record.get(api_client::SESSION.name));
    let secrets = secrets.iter().map(|stored| &stored.record);
    api_client_of(session, id, &client.record, secrets, grants_of(cx, &client.record)?).map(Some)
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_identity::Authentication;
    use zuno_model::{Id, Permission, Record};

    use super::api_client_of;

    fn record(value: Value) -> Record {
        value.as_object().expect("an object is given").clone()
    }

    #[test]
    fn every_read_only_role_seen_is_told_by_its_name() {
        let read_only = |name: &str| {
            let nothing = &Value::Null;
            let scope =
                super::Scope { id: "", name, full_name: "", product: "", service: nothing, kept: nothing };
            scope.access() == Permission::ReadOnly
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
            api_client_of("s".into(), &Id("iq1".into()), &client, [], Vec::new()).expect("it is read")
        };
        let jwks = of(json!({ "authType": "JWKS", "clientJWKsUrl": "https://keys.example" }));
        assert!(matches!(jwks.authentication, Authentication::Jwks(url) if url == "https://keys.example"));
        assert!(matches!(of(json!({ "authType": "PUBKEYCERT" })).authentication, Authentication::Keys(_)));
        let secret = of(json!({ "authType": "SECRET" }));
        assert!(matches!(secret.authentication, Authentication::Secrets(held) if held.is_empty()));
        assert_eq!((secret.number, secret.enabled, secret.token_lifetime), (5, true, 3600));
    }
}
