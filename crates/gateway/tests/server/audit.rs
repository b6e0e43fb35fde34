//! A tenant's log: each write is told once, by whoever made it and whatever came of it, and stays over a restart.

use std::collections::BTreeSet;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};
use zuno_gateway::Options;
use zuno_intercept::{Scheme, Via};
use zuno_store::Store;
use zuno_store_sqlite::SqliteStore;

use crate::client::{Client, open};

const LABELS: &str = "/zia/api/v1/ruleLabels";

async fn told(client: &Client, query: &str) -> Vec<Value> {
    let (status, answer) = client.operate("GET", &format!("/tenants/acme/audit?{query}"), &Value::Null).await;
    assert_eq!(status, 200, "{answer}");
    answer["entries"].as_array().expect("a list").clone()
}

#[tokio::test(flavor = "multi_thread")]
async fn what_many_writers_do_at_once_is_told_once_each_and_stays() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = || -> Arc<dyn Store> {
        Arc::new(SqliteStore::open(&folder.path().join("zuno.db")).expect("the file opens"))
    };
    let client = Client::start(store(), Options::default()).await;
    let mut writers = tokio::task::JoinSet::new();
    for writer in 0..8 {
        let client = client.clone();
        writers.spawn(async move {
            let mut answered = Vec::new();
            for turn in 0..20 {
                // Every fourth name is one that all writers want.
                let name = if turn % 4 == 0 { format!("all {turn}") } else { format!("{writer} {turn}") };
                let (status, headers, _) = client.call("POST", LABELS, Some(&json!({"name": name}))).await;
                let trace = headers["x-transaction-id"].to_str().expect("a text").to_owned();
                answered.push((status, name, trace));
            }
            answered
        });
    }
    let answered: Vec<_> = writers.join_all().await.concat();
    let entries = told(&client, "product=zia&most=1000").await;
    assert_eq!(entries.len(), 160);
    let of = |result: &str| -> BTreeSet<&str> {
        let those = entries.iter().filter(|entry| entry["result"] == result);
        those.map(|entry| entry["object"].as_str().expect("a name")).collect()
    };
    let made: BTreeSet<&str> =
        answered.iter().filter(|(status, ..)| *status == 200).map(|(_, name, _)| name.as_str()).collect();
    assert_eq!(of("SUCCESS"), made);
    assert_eq!(made.len(), 8 * 15 + 5);
    assert_eq!(of("FAILURE").len(), 5);
    assert!(entries.iter().all(|entry| entry["trace"] == answered[0].2));
    let numbers: BTreeSet<u64> = entries.iter().filter_map(|entry| entry["number"].as_u64()).collect();
    assert_eq!(numbers.len(), 160, "each has a number of its own");
    drop(client);

    let again = Client::start(store(), Options::default()).await;
    assert_eq!(told(&again, "product=zia&most=1000").await, entries);
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_on_one_store_write_one_log() {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let one = Client::start(Arc::clone(&store), Options::default()).await;
    let other = one.at(open(store, Options { es256: true, ..Options::default() }));
    for (client, name) in [(&one, "a"), (&other, "b"), (&one, "c")] {
        assert_eq!(client.call("POST", LABELS, Some(&json!({"name": name}))).await.0, 200);
    }
    let names = |entries: &[Value]| -> Vec<String> {
        entries.iter().map(|entry| entry["object"].as_str().unwrap_or_default().to_owned()).collect()
    };
    assert_eq!(names(&told(&other, "product=zia").await), ["c", "b", "a"]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_caller_is_told_with_its_address() {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options::default()).await;
    let mut request = Request::post(LABELS)
        .header("host", "api.zsapi.net")
        .header("content-type", "application/json")
        .header("authorization", format!("Bearer {}", client.token()))
        .body(())
        .expect("well formed");
    let (peer, local) = ("[::ffff:192.0.2.7]:5000", "192.0.2.1:8080");
    let via = Via::new(Scheme::Http, peer.parse().expect("one"), local.parse().expect("one"), None);
    request.extensions_mut().insert(Arc::new(via));
    assert_eq!(client.send(request, Bytes::from(r#"{"name": "far"}"#)).await.0, 200);
    assert_eq!(told(&client, "product=zia").await[0]["address"], "192.0.2.7");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_older_sign_in_and_its_end_are_told_and_so_is_who_is_kept_out() {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options::default()).await;
    assert_ne!(client.sign_in("first", "wrong").await.0, 200);
    let (status, session) = client.sign_in("first", "first-secret").await;
    assert_eq!((status, client.older("POST", "/signout", &session).await), (200, 200));
    let entries = told(&client, "product=zpa").await;
    let told: Vec<(&str, &str)> = entries
        .iter()
        .map(|entry| (entry["operation"].as_str().expect("one"), entry["result"].as_str().expect("one")))
        .collect();
    assert_eq!(told, [("sign-out", "SUCCESS"), ("sign-in", "SUCCESS"), ("sign-in", "FAILURE")]);
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_failed_sign_ins_a_few_are_told() {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options::default()).await;
    for _ in 0..50 {
        let request = Request::post("/oauth2/v1/token")
            .header("host", "acme.zslogin.net")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(())
            .expect("well formed");
        let form = "grant_type=client_credentials&client_id=first&client_secret=wrong";
        assert_eq!(client.send(request, form.into()).await.0, 400);
    }
    let entries = told(&client, "most=1000").await;
    assert_eq!(entries.iter().filter(|entry| entry["result"] == "FAILURE").count(), 30);
}
