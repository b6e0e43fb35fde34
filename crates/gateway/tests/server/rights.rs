//! A limited caller never comes to more by what it is let do: no role, key or change of either, made by it or by those it
//! made, reaches a class, a change or a microtenant that it did not.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use zuno_gateway::{Cloud, Options};
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const PRIVATE: &str = "/mgmtconfig/v1/admin/customers/216196257331281920";

/// Permission group, class, and a list and create that want it.
const CLASSES: [(&str, &str, &str); 6] = [
    ("9", "5", "/apiKeys"),
    ("9", "14", "/roles"),
    ("1", "32", "/segmentGroup"),
    ("1", "34", "/serverGroup"),
    ("3", "39", "/appConnectorGroup"),
    ("6", "182", "/emergencyAccess/user"),
];

/// What a role says of each class: nothing, to view it, or everything.
type Words = [u8; CLASSES.len()];

/// Who does it, as a number among those who have signed in; and what. Roles and keys are numbers among those known.
#[derive(Clone, Debug)]
enum Step {
    Role(u8, Words),
    ChangeRole(u8, u8, Words),
    Key(u8, u8),
    ChangeKey(u8, u8, u8),
}

fn words() -> impl Strategy<Value = Words> {
    prop::array::uniform(0u8..3)
}

fn step() -> impl Strategy<Value = (Step, u8)> {
    let who = any::<u8>;
    let step = prop_oneof![
        (who(), words()).prop_map(|(by, words)| Step::Role(by, words)),
        (who(), who(), words()).prop_map(|(by, role, words)| Step::ChangeRole(by, role, words)),
        (who(), who()).prop_map(|(by, role)| Step::Key(by, role)),
        (who(), who(), who()).prop_map(|(by, key, role)| Step::ChangeKey(by, key, role)),
    ];
    (step, 0u8..6)
}

fn role(name: &str, words: Words) -> Value {
    let said = CLASSES.iter().zip(words).filter(|(_, word)| *word > 0);
    let groups: Vec<Value> = said
        .map(|((group, class, _), word)| {
            let word = if word == 1 { "VIEW_ONLY" } else { "FULL" };
            json!({ "id": group, "classPermissions": [{ "permission": { "type": word }, "classType": { "id": class } }] })
        })
        .collect();
    json!({ "name": name, "classPermissionGroups": groups })
}

async fn send(cloud: &Arc<Cloud>, request: http::request::Builder, body: String) -> (u16, Value) {
    let request = request.header("host", "config.private.zscaler.com").body(()).expect("well formed");
    let (head, ()) = request.into_parts();
    let (head, body) = cloud.answer(head, Bytes::from(body)).await.into_parts();
    let bytes = body.collect().await.expect("a whole body").to_bytes();
    (head.status.as_u16(), serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

async fn sign_in(cloud: &Arc<Cloud>, key: &Value) -> String {
    let text = |name: &str| key[name].as_str().expect("a text").to_owned();
    let form = form_urlencoded::Serializer::new(String::new())
        .append_pair("client_id", &text("clientId"))
        .append_pair("client_secret", &text("clientSecret"))
        .finish();
    let request = Request::post("/signin").header("content-type", "application/x-www-form-urlencoded");
    let (status, body) = send(cloud, request, form).await;
    assert_eq!(status, 200, "{body} for {key}");
    body["access_token"].as_str().expect("a token").to_owned()
}

/// The world as the steps know it.
struct World {
    cloud: Arc<Cloud>,
    tokens: Vec<String>,
    roles: Vec<String>,
    keys: Vec<String>,
    microtenants: Vec<String>,
}

impl World {
    async fn call(&self, token: &str, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("{PRIVATE}{path}"))
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {token}"));
        send(&self.cloud, request, body.to_string()).await
    }

    async fn take(&mut self, step: &Step, place: u8) {
        let pick = |list: &[String], number: u8| list[usize::from(number) % list.len()].clone();
        let place = match place {
            0..=2 => String::new(),
            3 => "?microtenantId=null".to_owned(),
            number => format!("?microtenantId={}", pick(&self.microtenants, number)),
        };
        let number = self.roles.len() + self.keys.len();
        let (Step::Role(by, _) | Step::ChangeRole(by, ..) | Step::Key(by, _) | Step::ChangeKey(by, ..)) =
            step;
        let token = pick(&self.tokens, *by);
        let (method, path, body) = match step {
            Step::Role(_, words) => ("POST", "/roles".to_owned(), role(&format!("r{number}"), *words)),
            Step::ChangeRole(_, which, words) => {
                let id = pick(&self.roles, *which);
                ("PUT", format!("/roles/{id}"), role(&format!("{id} again"), *words))
            }
            Step::Key(_, which) => {
                let body = json!({ "name": format!("k{number}"), "roleId": pick(&self.roles, *which) });
                ("POST", "/apiKeys".to_owned(), body)
            }
            Step::ChangeKey(_, key, which) => {
                let body = json!({ "roleId": pick(&self.roles, *which) });
                ("PUT", format!("/apiKeys/{}", pick(&self.keys, *key)), body)
            }
        };
        let (status, answer) = self.call(&token, method, &format!("{path}{place}"), &body).await;
        assert!(status < 500, "{step:?}: {status} {answer}");
        if status != 201 {
            return;
        }
        let id = answer["id"].as_str().expect("an id").to_owned();
        match step {
            Step::Key(..) => {
                self.tokens.push(sign_in(&self.cloud, &answer).await);
                self.keys.push(id);
            }
            _ => self.roles.push(id),
        }
    }

    /// Whether somebody is let in: any other answer than a refusal of the role.
    async fn passes(&self, token: &str, method: &str, path: &str) -> bool {
        let (status, _) = self.call(token, method, path, &json!({})).await;
        !matches!(status, 401 | 403)
    }
}

async fn play(own: Words, within: bool, steps: &[(Step, u8)]) {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let first = Client::start(store, Options::default()).await;
    let mut world = World {
        cloud: Arc::clone(&first.cloud),
        tokens: Vec::new(),
        roles: vec!["28".into(), "29".into()],
        keys: Vec::new(),
        microtenants: vec!["0".into()],
    };
    let made = |path: String, body: Value| {
        let first = first.clone();
        async move {
            let (status, _, answer) = first.call("POST", &format!("/zpa{PRIVATE}{path}"), Some(&body)).await;
            assert_eq!(status, 201, "{path}: {answer}");
            answer
        }
    };
    let text = |answer: &Value| answer["id"].as_str().expect("an id").to_owned();
    for name in ["Berlin", "Paris"] {
        let body = json!({ "name": name, "enabled": true });
        world.microtenants.push(text(&made("/microtenants".into(), body).await));
    }
    let place = if within { format!("?microtenantId={}", world.microtenants[1]) } else { String::new() };
    // Roles and keys are always its to make: else there would be nothing to try.
    let own: Words = [&[2, 2], &own[2..]].concat().try_into().expect("as many");
    let kept = text(&made(format!("/roles{place}"), role("own", own)).await);
    let key = made(format!("/apiKeys{place}"), json!({ "name": "own", "roleId": kept })).await;
    // A stronger one stands beside it, to be taken over.
    world.keys.push(text(&made("/apiKeys".into(), json!({ "name": "strong", "roleId": "28" })).await));
    world.keys.push(text(&key));
    world.roles.push(kept);
    world.tokens.push(sign_in(&world.cloud, &key).await);
    for (step, place) in steps {
        world.take(step, *place).await;
    }
    for token in &world.tokens {
        for ((_, _, path), word) in CLASSES.iter().zip(own) {
            let list = if path.starts_with("/emergency") { "/emergencyAccess/users" } else { path };
            let read = world.passes(token, "GET", list).await;
            assert!(
                !read || word >= 1,
                "{list} is read by one of {} callers, own role {own:?}",
                world.tokens.len()
            );
            let written = world.passes(token, "POST", path).await;
            assert!(!written || word == 2, "{path} is written by one of {} callers", world.tokens.len());
        }
        assert!(!world.passes(token, "GET", "/policySet/rules/policyType/ACCESS_POLICY").await);
        if within {
            for other in ["0", "null", &world.microtenants[2]] {
                assert!(!world.passes(token, "GET", &format!("/segmentGroup?microtenantId={other}")).await);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_limited_caller_never_comes_to_more(
        own in words(),
        within in any::<bool>(),
        steps in prop::collection::vec(step(), 4..24),
    ) {
        Runtime::new().expect("a runtime starts").block_on(play(own, within, &steps));
    }
}
