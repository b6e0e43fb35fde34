//! An API client reaches only what exists: every scope belongs to the API resource it is chosen from, and of each
//! service there is at most one (documented). Nobody makes or changes one that may do more than the maker (guessed).

use serde_json::{Map, Value};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zidentity::api_client::{CLIENT_RESOURCES, KIND};
use zuno_engine::{Behaviour, Change, Context};
use zuno_model::{Fault, Id, Kind, Record};

use super::grants::{grants_of, no_more_than_own, scopes_of};
use super::offered_scopes::offered_servers;

/// The guarantee for one resource.
#[derive(Default)]
pub struct ClientScopes;

impl Behaviour for ClientScopes {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if let Some(old) = &change.old {
            no_more_than_own(cx, &grants_of(cx, old)?)?;
        }
        let Some(Value::Array(resources)) = change.new.get_mut(CLIENT_RESOURCES.name) else { return Ok(()) };
        let mut taken = Vec::new();
        let servers = offered_servers(cx)?;
        for resource in resources.iter_mut().filter_map(Value::as_object_mut) {
            let id = resource.get("id").and_then(Id::from_value).unwrap_or(Id(String::new()));
            let server = servers.iter().find(|server| server.id == id).ok_or_else(|| {
                refused(
                    "id",
                    format!("there is no API resource `{id}`; list them with GET /resource-servers"),
                )
            })?;
            *resource = complete(resource, &server.record, &mut taken)?;
        }
        no_more_than_own(cx, &grants_of(cx, &change.new)?)
    }
}

/// One chosen API resource with the names that the server fills in.
fn complete(
    chosen: &Map<String, Value>,
    server: &Record,
    taken: &mut Vec<String>,
) -> Result<Map<String, Value>, Fault> {
    let mut scopes = Vec::new();
    for wanted in chosen.items("selectedScopes").iter() {
        let id = wanted.text("id").unwrap_or_default();
        let Some(scope) = scopes_of(server).find(|scope| scope.id == id) else {
            let words = format!("`{id}` is no scope of this API resource; see its `serviceScopes`");
            return Err(refused("selectedScopes", words));
        };
        if taken.iter().any(|product| product == scope.product) {
            let words = format!("only one scope of the service {} can be chosen", scope.product);
            return Err(refused("selectedScopes", words));
        }
        taken.push(scope.product.to_owned());
        scopes.push(serde_json::json!({ "id": id, "name": scope.full_name }));
    }
    let mut completed = Map::new();
    for member in ["id", "name", "defaultApi"] {
        if let Some(value) = server.get(member) {
            completed.insert(member.into(), value.clone());
        }
    }
    completed.insert("selectedScopes".into(), Value::Array(scopes));
    Ok(completed)
}

fn refused(member: &str, words: String) -> Fault {
    Fault::said(&Kind::from(KIND), &format!("{CLIENT_RESOURCES}.{member}"), words)
}
