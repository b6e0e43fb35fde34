//! What a tenant goes through between one snapshot and the next.

use proptest::prelude::*;
use serde_json::{Value, json};

use super::{CATEGORIES, DENIED, LABELS, RULES, groups};
use crate::client::Client;

#[derive(Clone, Debug)]
pub enum Step {
    Label(u8),
    Unlabel(usize),
    Category(u8, u16),
    Sites(usize, Vec<u16>),
    Rule(u8, u8),
    MoveRule(usize, u8),
    DropRule(usize),
    Group(u8),
    DropGroup(usize),
    Deny(Vec<u16>),
    Activate,
}

pub fn step() -> impl Strategy<Value = Step> {
    let sites = || prop::collection::vec(0u16..400, 0..200);
    prop_oneof![
        2 => any::<u8>().prop_map(Step::Label),
        1 => any::<usize>().prop_map(Step::Unlabel),
        2 => (any::<u8>(), 0u16..300).prop_map(|(name, sites)| Step::Category(name, sites)),
        2 => (any::<usize>(), sites()).prop_map(|(which, sites)| Step::Sites(which, sites)),
        3 => (any::<u8>(), 1u8..5).prop_map(|(name, place)| Step::Rule(name, place)),
        2 => (any::<usize>(), 1u8..5).prop_map(|(which, place)| Step::MoveRule(which, place)),
        1 => any::<usize>().prop_map(Step::DropRule),
        2 => any::<u8>().prop_map(Step::Group),
        1 => any::<usize>().prop_map(Step::DropGroup),
        1 => sites().prop_map(Step::Deny),
        2 => Just(Step::Activate),
    ]
}

pub fn sites(numbers: impl IntoIterator<Item = u16>) -> Value {
    numbers.into_iter().map(|number| json!(format!("host-{number}.snapshots.example"))).collect()
}

/// One of the listed records that a test made.
pub async fn chosen(client: &Client, path: &str, which: usize) -> Option<Value> {
    let (_, _, listed) = client.call("GET", path, None).await;
    let listed = listed.get("list").cloned().unwrap_or(listed);
    let made = |record: &&Value| {
        ["name", "configuredName"]
            .iter()
            .any(|name| record[*name].as_str().is_some_and(|name| name.starts_with("made ")))
    };
    let made: Vec<Value> = listed.as_array()?.iter().filter(made).cloned().collect();
    (!made.is_empty()).then(|| made[which % made.len()].clone())
}

/// Takes a step; what is refused is refused.
pub async fn take(client: &Client, step: &Step) {
    let groups = groups();
    let id = |record: &Value| match &record["id"] {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let (method, path, body) = match step {
        Step::Label(name) => ("POST", LABELS.into(), json!({ "name": format!("made {name}") })),
        Step::Unlabel(which) => match chosen(client, LABELS, *which).await {
            Some(label) => ("DELETE", format!("{LABELS}/{}", id(&label)), Value::Null),
            None => return,
        },
        Step::Category(name, count) => {
            let body = json!({
                "configuredName": format!("made {name}"), "superCategory": "USER_DEFINED", "customCategory": true,
                "urls": sites(0..*count),
            });
            ("POST", CATEGORIES.into(), body)
        }
        Step::Sites(which, numbers) => match chosen(client, CATEGORIES, *which).await {
            Some(category) => {
                let path = format!("{CATEGORIES}/{}?action=ADD_TO_LIST", id(&category));
                let body =
                    json!({ "configuredName": category["configuredName"], "urls": sites(numbers.clone()) });
                ("PUT", path, body)
            }
            None => return,
        },
        Step::Rule(name, place) => {
            let label = chosen(client, LABELS, usize::from(*name)).await;
            let labels: Vec<Value> = label.iter().map(|label| json!({ "id": label["id"] })).collect();
            let body = json!({
                "name": format!("made {name}"), "order": place, "rank": 7, "action": "BLOCK", "state": "ENABLED",
                "protocols": ["ANY_RULE"], "urlCategories": ["ANY"], "requestMethods": ["GET"], "labels": labels,
            });
            ("POST", RULES.into(), body)
        }
        Step::MoveRule(which, place) => match chosen(client, RULES, *which).await {
            Some(mut rule) => {
                rule["order"] = json!(place);
                ("PUT", format!("{RULES}/{}", id(&rule)), rule)
            }
            None => return,
        },
        Step::DropRule(which) => match chosen(client, RULES, *which).await {
            Some(rule) => ("DELETE", format!("{RULES}/{}", id(&rule)), Value::Null),
            None => return,
        },
        Step::Group(name) => ("POST", groups, json!({ "name": format!("made {name}"), "enabled": true })),
        Step::DropGroup(which) => match chosen(client, &groups, *which).await {
            Some(group) => ("DELETE", format!("{groups}/{}", id(&group)), Value::Null),
            None => return,
        },
        Step::Deny(numbers) => ("PUT", DENIED.into(), json!({ "blacklistUrls": sites(numbers.clone()) })),
        Step::Activate => ("POST", "/zia/api/v1/status/activate".into(), Value::Null),
    };
    let (status, _, answer) = client.call(method, &path, Some(&body).filter(|body| !body.is_null())).await;
    assert!(status < 500, "{step:?}: {status} {answer}");
}
