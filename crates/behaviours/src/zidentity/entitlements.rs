//! What a person may administer and use: what the portal gave to the groups that the person is in.
//!
//! No operation gives entitlements; a group carries those of the fresh tenant and of the sample fleet.

use serde_json::{Value, json};
use zuno_catalogue::handles::zidentity::group::{
    ADMIN_ENTITLEMENT_ENABLED, ADMIN_SCOPES, SERVICE_ENTITLEMENT_ENABLED, SERVICES,
};
use zuno_catalogue::handles::zidentity::user;
use zuno_catalogue::{Member, Members, Texts};
use zuno_engine::{Behaviour, Call, Context, Outcome, Stored};
use zuno_model::{Fault, Id};

use super::grants::scopes_of;
use super::membership::groups;
use super::offered_scopes::offered_servers;

/// The guarantee for one resource.
#[derive(Default)]
pub struct Entitlements;

impl Behaviour for Entitlements {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let id = Id(call.param("id").unwrap_or_default().to_owned());
        cx.need(user::KIND, &id)?;
        let groups = groups(cx, &id)?;
        let servers = offered_servers(cx)?;
        let shown = if cx.operation()?.path.ends_with("/admin-entitlements") {
            administered(&servers, &given(&groups, ADMIN_ENTITLEMENT_ENABLED, ADMIN_SCOPES))
        } else {
            used(&servers, &given(&groups, SERVICE_ENTITLEMENT_ENABLED, SERVICES))
        };
        Ok(Outcome::Value(Value::Array(shown)))
    }
}

/// What the groups whose switch is on were given.
fn given(groups: &[Stored], switch: Member<bool>, member: Member<Texts>) -> Vec<&str> {
    let on = groups.iter().filter(|group| switch.of(&group.record));
    on.flat_map(|group| member.of(&group.record)).collect()
}

/// One element for each service and scope (in private access: microtenant) with its roles.
fn administered(servers: &[Stored], given: &[&str]) -> Vec<Value> {
    let mut shown: Vec<Value> = Vec::new();
    for scope in servers.iter().flat_map(|server| scopes_of(&server.record)) {
        if !given.contains(&scope.id) {
            continue;
        }
        let mut parts = scope.id.split(':');
        let (middle, role_id) = (parts.nth(1).unwrap_or_default(), parts.next().unwrap_or_default());
        let role = json!({ "id": role_id, "name": scope.role(), "displayName": scope.role() });
        let place = match middle {
            "" => json!({}),
            id => {
                let name = scope.name.split(": Role:").next().unwrap_or_default();
                let name = name.strip_prefix("Scope:").unwrap_or(name);
                json!({ "id": id, "name": name, "displayName": name })
            }
        };
        let same = |held: &&mut Value| held["service"]["id"] == scope.service["id"] && held["scope"] == place;
        match shown.iter_mut().find(same).and_then(|held| held["roles"].as_array_mut()) {
            Some(roles) => roles.push(role),
            None => shown.push(json!({ "roles": [role], "scope": place, "service": service(scope.service) })),
        }
    }
    shown
}

fn used(servers: &[Stored], given: &[&str]) -> Vec<Value> {
    let mut shown: Vec<Value> = Vec::new();
    for scope in servers.iter().flat_map(|server| scopes_of(&server.record)) {
        let id = scope.service.text("id").unwrap_or_default();
        if given.contains(&id) && shown.iter().all(|held| held["id"] != id) {
            shown.push(service(scope.service));
        }
    }
    shown
}

fn service(of: &Value) -> Value {
    let text = |member: &str| of[member].as_str().unwrap_or_default();
    json!({
        "id": text("id"),
        "serviceName": text("name"),
        "cloudName": text("cloudName"),
        "cloudDomainName": text("cloudName"),
        "orgName": text("orgName"),
        "orgId": text("tenant"),
    })
}
