//! `when`, as OpenAPI 3.1 can say it: by the value of a member, which others a body must or must not hold.

use serde_json::{Map, Value, json};
use zuno_notation::{Condition, Resource};

/// What the resource's conditions ask of a body, a schema for each member that decides. A schema lists its cases side
/// by side, each told by the member's value, as readers and generators of documents follow such a choice: a row of
/// `if` and `then` says the same, but tools multiply it out.
pub(super) fn conditions(resource: &Resource, properties: &Map<String, Value>) -> Vec<Value> {
    let mut deciding: Vec<&str> = Vec::new();
    for condition in told(resource, properties) {
        if !deciding.contains(&condition.field.as_str()) {
            deciding.push(&condition.field);
        }
    }
    deciding.into_iter().map(|name| cases(name, resource, properties)).collect()
}

/// The conditions that a schema can say: on members that the body has, and with no exception.
fn told<'a>(
    resource: &'a Resource,
    properties: &'a Map<String, Value>,
) -> impl Iterator<Item = &'a Condition> {
    let members = |condition: &Condition| {
        let named = condition.needs.iter().chain(&condition.forbids).chain(&condition.one_of);
        named.chain([&condition.field]).all(|name| properties.contains_key(name))
    };
    resource.when.iter().filter(move |condition| condition.unless.is_empty() && members(condition))
}

/// The cases of one member that decides: one for each value that a condition names, and one for all others.
fn cases(name: &str, resource: &Resource, properties: &Map<String, Value>) -> Value {
    let about: Vec<&Condition> =
        told(resource, properties).filter(|condition| condition.field == name).collect();
    let mut values: Vec<&Value> = Vec::new();
    for value in about.iter().flat_map(|condition| condition.values()) {
        if !values.contains(&value) {
            values.push(value);
        }
    }
    let named = values.iter().map(|value| {
        let held = about.iter().copied().filter(|condition| condition.meets(Some(value)));
        case(vec![name], json!({name: {"const": value}}), held)
    });
    let rest = about.iter().copied().filter(|condition| condition.meets(None));
    let other = case(Vec::new(), json!({name: {"not": {"enum": values}}}), rest);
    json!({"anyOf": named.chain([other]).collect::<Value>()})
}

/// A body whose members are as `properties` say, `required` among them, and what the conditions ask of it.
fn case<'a>(
    mut required: Vec<&'a str>,
    properties: Value,
    conditions: impl Iterator<Item = &'a Condition>,
) -> Value {
    let (mut refused, mut one_of) = (Vec::new(), Vec::new());
    for condition in conditions {
        required.extend(condition.needs.iter().map(String::as_str));
        refused.extend(condition.forbids.iter().map(|name| json!({"required": [name]})));
        if !condition.one_of.is_empty() {
            one_of.push(json!({"anyOf": Value::from_iter(condition.one_of.iter().map(|name| json!({"required": [name]})))}));
        }
    }
    let mut case = Map::from_iter([("properties".to_owned(), properties)]);
    if !required.is_empty() {
        case.insert("required".into(), json!(required));
    }
    if !refused.is_empty() {
        case.insert("not".into(), json!({"anyOf": refused}));
    }
    if !one_of.is_empty() {
        case.insert("allOf".into(), json!(one_of));
    }
    Value::Object(case)
}
