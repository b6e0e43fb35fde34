//! What a caller sent that nothing reads: a misspelt member looks as if it were taken.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Fields, Operation, Resource, Shape, Verb};

/// How many are told, and how long each may be.
const MOST: usize = 20;
const LONGEST: usize = 64;

/// The members of a body, by dotted names, that no field of the resource has; nothing where it is read by a behaviour, whose
/// members the catalogue does not know.
pub fn members(
    catalogue: &Catalogue,
    resource: &Resource,
    operation: &Operation,
    body: &Value,
) -> Vec<String> {
    let plain = matches!(operation.verb, Verb::Create | Verb::Update | Verb::Patch | Verb::BulkCreate);
    let mut found = Vec::new();
    // Some that make many have them in a member of the body.
    let listed = operation.listed_in.as_ref().and_then(|member| body.get(member));
    if plain && operation.does.is_none() {
        walk(catalogue, resource, &resource.fields, listed.unwrap_or(body), "", &mut found);
    }
    found
}

fn walk(
    catalogue: &Catalogue,
    resource: &Resource,
    fields: &Fields,
    value: &Value,
    prefix: &str,
    found: &mut Vec<String>,
) {
    match value {
        Value::Array(items) => {
            for item in items {
                walk(catalogue, resource, fields, item, prefix, found);
            }
        }
        Value::Object(members) => {
            for (name, value) in members {
                match fields.get(name) {
                    Some(field) => {
                        let mut shape = &field.shape;
                        while let Shape::List(inner) = shape {
                            shape = inner;
                        }
                        if let Shape::Named(named) = shape
                            && let Some(fields) = catalogue.value_type(resource, named)
                        {
                            walk(catalogue, resource, fields, value, &format!("{prefix}{name}."), found);
                        }
                    }
                    None => {
                        let name: String = format!("{prefix}{name}").chars().take(LONGEST).collect();
                        if found.len() < MOST && !found.contains(&name) {
                            found.push(name);
                        }
                    }
                }
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_catalogue::Catalogue;

    use super::members;

    #[test]
    fn a_misspelt_member_is_found_wherever_it_stands() {
        let catalogue = Catalogue::compiled();
        let resource = catalogue.resource("zia.rule_label").expect("it is described");
        let unread = |body| members(&catalogue, resource, &resource.operations["create"], &body);
        assert_eq!(unread(json!({ "name": "a", "descripton": "b" })), ["descripton"]);
        assert!(unread(json!({ "name": "a", "description": "b", "id": 0 })).is_empty());
        let resource = catalogue.resource("zpa.application_segment").expect("it is described");
        let body = json!({ "name": "a", "tcpPortRange": [{ "from": "1", "too": "2" }, { "too": "3" }] });
        let unread = members(&catalogue, resource, &resource.operations["create"], &body);
        assert_eq!(unread, ["tcpPortRange.too"]);
    }
}
