//! Bulk verbs: what a body lists is made or deleted together, or none of it is.
//!
//! The body is a bare array, or an object with the array in the member that the operation names.

use serde_json::{Map, Value, json};
use zuno_catalogue::{Operation, Resource, Verb};
use zuno_model::{Fault, Fix, Id, Kind};

use crate::{Context, Outcome};

/// Makes the listed records, which come back as they went. What an object says beside the list holds for each record that
/// says nothing else.
pub fn create<'a>(
    cx: &mut Context<'a>,
    resource: &'a Resource,
    operation: &Operation,
) -> Result<Outcome, Fault> {
    let list = operation.listed_in.as_deref();
    let body = cx.body();
    let listed = body.and_then(|body| listed(body, list));
    let listed = listed.ok_or_else(|| Fault::Unreadable("an array of records is wanted".into()))?;
    if listed.len() > operation.at_most() {
        return Err(wrong(resource, list, Fix::Length(operation.at_most())));
    }
    let common = common(resource, body, list);
    let mut made = Vec::new();
    for item in listed {
        let id = cx.create(&resource.kind, cx.scope().for_new(), &filled(item, &common))?.id;
        made.push(cx.need(&resource.kind, &id)?);
    }
    let shown = made.into_iter().map(|stored| cx.show(resource, Verb::Create, None, stored));
    let shown = Value::Array(shown.collect::<Result<_, _>>()?);
    let Some(list) = list else { return Ok(Outcome::Value(shown)) };
    let mut members = Map::new();
    members.insert(list.to_owned(), shown);
    members.extend(common);
    Ok(Outcome::Value(Value::Object(members)))
}

/// Deletes the records whose ids are listed, alone or in objects; guarded as a delete of one is. The answer repeats a named
/// list, unless it has no body.
pub fn delete<'a>(
    cx: &mut Context<'a>,
    resource: &'a Resource,
    operation: &Operation,
) -> Result<Outcome, Fault> {
    let list = operation.listed_in.as_deref();
    let wrong = |fix| wrong(resource, list, fix);
    let body = cx.body().ok_or_else(|| wrong(Fix::Missing))?;
    let listed = listed(body, list).ok_or_else(|| wrong(Fix::Type("array")))?;
    let most = operation.at_most();
    if listed.len() > most {
        return Err(wrong(Fix::Said(format!("No more than {most} ids are allowed in one call."))));
    }
    let id = |item: &Value| Id::from_value(item.get("id").unwrap_or(item));
    let ids = listed.iter().map(|item| id(item).ok_or_else(|| wrong(Fix::Type("id"))));
    let ids: Vec<Id> = ids.collect::<Result<_, _>>()?;
    let guarded = resource.operations.get("delete").is_some_and(|delete| delete.unless.is_some());
    for id in &ids {
        cx.reached(&resource.kind, id)?;
        cx.erase(resource, id, guarded)?;
    }
    match list {
        Some(list) if cx.catalogue().success(resource, operation) != 204 => {
            Ok(Outcome::Value(json!({ list: listed })))
        }
        _ => Ok(Outcome::Done),
    }
}

fn listed<'b>(body: &'b Value, list: Option<&str>) -> Option<&'b Vec<Value>> {
    match list {
        Some(list) => body.get(list)?.as_array(),
        None => body.as_array(),
    }
}

/// The members of the resource that stand beside a named list.
fn common(resource: &Resource, body: Option<&Value>, list: Option<&str>) -> Map<String, Value> {
    let beside = body.and_then(Value::as_object).into_iter().flatten();
    let beside = beside.filter(|(name, _)| Some(name.as_str()) != list && resource.field(name).is_some());
    beside.map(|(name, value)| (name.clone(), value.clone())).collect()
}

fn filled(item: &Value, common: &Map<String, Value>) -> Value {
    let mut item = item.clone();
    for (name, value) in common {
        if let Some(members) = item.as_object_mut()
            && members.get(name).is_none_or(Value::is_null)
        {
            members.insert(name.clone(), value.clone());
        }
    }
    item
}

fn wrong(resource: &Resource, list: Option<&str>, fix: Fix) -> Fault {
    Fault::Invalid { kind: Kind(resource.kind.clone()), field: list.unwrap_or("body").to_owned(), fix }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{filled, listed};

    #[test]
    fn what_stands_beside_the_list_holds_for_each_that_says_nothing_else() {
        let body = json!({"links": [{"name": "a"}, {"name": "b", "portals": [2]}], "portals": [1]});
        let common = json!({"portals": [1]});
        let common = common.as_object().expect("an object");
        let bodies: Vec<Value> =
            listed(&body, Some("links")).expect("a list").iter().map(|item| filled(item, common)).collect();
        assert_eq!(bodies, [json!({"name": "a", "portals": [1]}), json!({"name": "b", "portals": [2]})]);
        assert_eq!(listed(&json!([{"name": "a"}]), Some("links")), None);
    }
}
