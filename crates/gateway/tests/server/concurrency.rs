//! Many writers at once, and what must hold whatever they did: orders without gap or tie, names unique, references
//! whole, and nothing left behind by a write that was refused.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use zuno_gateway::Options;
use zuno_store::Store;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const PRIVATE: &str = "/zpa/mgmtconfig/v1/admin/customers/216196257331281920";

/// Calls the API; a collision with another writer is tried again, as clients do.
async fn call(client: &Client, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    loop {
        let (status, _, answer) = client.call(method, path, body.as_ref()).await;
        if status != 409 || answer["id"] != "api.concurrent.access.error" {
            return (status, answer);
        }
        tokio::task::yield_now().await;
    }
}

/// What one writer does next.
#[derive(Clone, Debug)]
enum Step {
    AddRule(u8, Option<i64>),
    MoveRule(usize, i64),
    RemoveRule(usize),
    AddGroup(u8),
    RemoveGroup(usize),
    AddSegment(u8, usize),
    RemoveSegment(usize),
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        3 => (any::<u8>(), prop::option::of(1_i64..12)).prop_map(|(name, order)| Step::AddRule(name % 24, order)),
        2 => (any::<usize>(), 1_i64..12).prop_map(|(rule, to)| Step::MoveRule(rule, to)),
        1 => any::<usize>().prop_map(Step::RemoveRule),
        2 => any::<u8>().prop_map(|name| Step::AddGroup(name % 12)),
        1 => any::<usize>().prop_map(Step::RemoveGroup),
        3 => (any::<u8>(), any::<usize>()).prop_map(|(name, group)| Step::AddSegment(name % 24, group)),
        1 => any::<usize>().prop_map(Step::RemoveSegment),
    ]
}

async fn rows(client: &Client, path: &str) -> Vec<Value> {
    let (status, body) = call(client, "GET", &format!("{PRIVATE}{path}?pagesize=500"), None).await;
    assert_eq!(status, 200, "{body}");
    body["list"].as_array().cloned().unwrap_or_default()
}

/// The id of some record of a list, whichever the number falls on.
async fn some(client: &Client, path: &str, number: usize) -> Option<String> {
    let rows = rows(client, path).await;
    let row = rows.get(number.checked_rem(rows.len())?)?;
    row["id"].as_str().map(str::to_owned)
}

const RULES: &str = "/policySet/rules/policyType/ACCESS_POLICY";

async fn take(client: &Client, set: &str, step: &Step) {
    let rule = format!("{PRIVATE}/policySet/{set}/rule");
    let (status, body) = match step {
        Step::AddRule(name, order) => {
            let body = json!({"name": format!("rule {name}"), "action": "ALLOW", "ruleOrder": order});
            call(client, "POST", &rule, Some(body)).await
        }
        Step::MoveRule(number, to) => match some(client, RULES, *number).await {
            Some(id) => call(client, "PUT", &format!("{rule}/{id}/reorder/{to}"), None).await,
            None => return,
        },
        Step::RemoveRule(number) => match some(client, RULES, *number).await {
            Some(id) => call(client, "DELETE", &format!("{rule}/{id}"), None).await,
            None => return,
        },
        Step::AddGroup(name) => {
            let body = json!({"name": format!("group {name}"), "enabled": true});
            call(client, "POST", &format!("{PRIVATE}/segmentGroup"), Some(body)).await
        }
        Step::RemoveGroup(number) => match some(client, "/segmentGroup", *number).await {
            Some(id) => call(client, "DELETE", &format!("{PRIVATE}/segmentGroup/{id}"), None).await,
            None => return,
        },
        Step::AddSegment(name, number) => match some(client, "/segmentGroup", *number).await {
            Some(group) => {
                let body = json!({
                    "name": format!("segment {name}"), "domainNames": [format!("s{name}.example.net")],
                    "segmentGroupId": group, "tcpPortRanges": ["443", "443"], "enabled": true,
                });
                call(client, "POST", &format!("{PRIVATE}/application"), Some(body)).await
            }
            None => return,
        },
        Step::RemoveSegment(number) => match some(client, "/application", *number).await {
            Some(id) => call(client, "DELETE", &format!("{PRIVATE}/application/{id}"), None).await,
            None => return,
        },
    };
    assert!(status < 500, "{step:?} answered {status}: {body}");
}

/// Everything that holds between the records of a tenant, whatever was done to them.
async fn check(client: &Client) {
    let rules = rows(client, RULES).await;
    let orders: Vec<String> =
        rules.iter().map(|rule| rule["ruleOrder"].as_str().unwrap_or("?").to_owned()).collect();
    let wanted: Vec<String> = (1..=rules.len()).map(|place| place.to_string()).collect();
    assert_eq!(orders, wanted, "orders have no gap and no tie");
    let groups = rows(client, "/segmentGroup").await;
    let segments = rows(client, "/application").await;
    for made in [&rules, &groups, &segments] {
        let names: Vec<&str> =
            made.iter().filter_map(|row| row["name"].as_str()).filter(|name| *name != "example").collect();
        let distinct: BTreeSet<String> = names.iter().map(|name| name.to_lowercase()).collect();
        assert_eq!(names.len(), distinct.len(), "names are unique: {names:?}");
    }
    let known: BTreeSet<&str> = groups.iter().filter_map(|group| group["id"].as_str()).collect();
    for segment in &segments {
        let group = segment["segmentGroupId"].as_str().unwrap_or_default();
        assert!(known.contains(group), "{} belongs to {group}, which is gone", segment["name"]);
    }
}

fn play(store: Arc<dyn Store>, writers: Vec<Vec<Step>>) {
    let runtime = Runtime::new().expect("a runtime starts");
    runtime.block_on(async {
        let client = Client::start(store, Options::default()).await;
        let (_, set) =
            call(&client, "GET", &format!("{PRIVATE}/policySet/policyType/ACCESS_POLICY"), None).await;
        let set = set["id"].as_str().expect("the set has an id").to_owned();
        let mut tasks = Vec::new();
        for steps in writers {
            let (client, set) = (client.clone(), set.clone());
            tasks.push(tokio::spawn(async move {
                for step in &steps {
                    take(&client, &set, step).await;
                }
            }));
        }
        for task in tasks {
            task.await.expect("a writer came through");
        }
        check(&client).await;
    });
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, max_shrink_iters: 64, ..ProptestConfig::default() })]

    #[test]
    fn writers_at_once_break_nothing(writers in prop::collection::vec(prop::collection::vec(step(), 1..12), 2..6)) {
        play(Arc::new(SqliteStore::in_memory().expect("memory opens")), writers.clone());
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path: &Path = folder.path();
        play(Arc::new(SqliteStore::open(&path.join("zuno.db")).expect("a file opens")), writers);
    }
}
