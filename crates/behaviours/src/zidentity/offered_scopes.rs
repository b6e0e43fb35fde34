//! Scopes are made from the roles that exist inside each product (documented): those that a tenant made in private access
//! are offered beside those that every tenant has, and those of every microtenant.

use serde_json::{Value, json};
use zuno_catalogue::handles::zidentity::resource_server::{KIND, SERVICE_SCOPES};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Context, Stored};
use zuno_model::{Fault, Id, Record, fingerprint};

use crate::zpa;

/// The guarantee for one resource.
#[derive(Default)]
pub struct OfferedScopes;

impl Behaviour for OfferedScopes {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        complete(record, &zpa::offered_roles(cx)?, cx.tenant().customer_id);
        Ok(())
    }
}

/// The tenant's API resources with every scope that they offer.
///
/// # Errors
/// The store failed.
pub(crate) fn offered_servers(cx: &Context<'_>) -> Result<Vec<Stored>, Fault> {
    let mut servers = cx.all(KIND, None)?;
    let roles = zpa::offered_roles(cx)?;
    for server in &mut servers {
        complete(&mut server.record, &roles, cx.tenant().customer_id);
    }
    Ok(servers)
}

/// Adds a scope for each role to those of private access.
fn complete(record: &mut Record, roles: &[zpa::Offered], customer: i64) {
    let services = record.get_mut(SERVICE_SCOPES.name).and_then(Value::as_array_mut);
    for offered in services.into_iter().flatten() {
        if offered["service"]["name"] != zpa::PRODUCT {
            continue;
        }
        let text = |name: &str| offered["service"][name].as_str().unwrap_or_default().to_owned();
        let (service, cloud) = (text("id"), text("cloudName"));
        let first = offered["scopes"][0].text("id").unwrap_or_default();
        let default = first.split(':').nth(1).unwrap_or_default().to_owned();
        let Some(scopes) = offered["scopes"].as_array_mut() else { continue };
        scopes.extend(roles.iter().map(|role| {
            let place = match role.scope.as_str() {
                zpa::DEFAULT => default.clone(),
                id => Id::opaque("mp", fingerprint(id.as_bytes())).0,
            };
            let part = Id::opaque("hp", fingerprint(role.role.as_bytes()));
            let (scope, name) = (&role.scope_name, &role.role_name);
            json!({
                "id": format!("{service}:{place}:{part}"),
                "name": format!("Scope:{scope}: Role:{name}"),
                "fullName": format!(
                    "zs:config:zpa.{cloud}:{customer}:config:{scope}:{scope}:{}:{name}",
                    role.role
                ),
                "role": role.role,
                "within": role.scope,
            })
        }));
    }
}
