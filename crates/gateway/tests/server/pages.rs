//! Pages of rules joined are the whole list, also where some of them have no place in the order.

use std::sync::Arc;

use serde_json::{Value, json};
use zuno_gateway::Options;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const RULES: &str = "/zia/api/v1/firewallFilteringRules";

async fn rows(client: &Client, query: &str) -> Vec<Value> {
    let (status, _, body) = client.call("GET", &format!("{RULES}{query}"), None).await;
    assert_eq!(status, 200, "{body}");
    body.as_array().cloned().unwrap_or_default()
}

#[tokio::test(flavor = "multi_thread")]
async fn pages_of_rules_joined_are_the_whole_list() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options::default()).await;
    let mut last = Vec::new();
    for number in 1..=23 {
        let body = json!({ "name": format!("rule {number}"), "order": 1, "rank": 7, "state": "ENABLED", "action": "ALLOW" });
        let (status, _, made) = client.call("POST", RULES, Some(&body)).await;
        assert_eq!(status, 200, "{made}");
        let whole = rows(&client, "").await;
        let orders: Vec<i64> = whole.iter().filter_map(|rule| rule["order"].as_i64()).collect();
        assert!(orders.is_sorted(), "{orders:?}");
        if number % 11 == 1 {
            // A search for what all have is answered by looking through everything.
            let searched = rows(&client, "?search=%20&pageSize=1000").await;
            assert_eq!(searched.len(), whole.len());
        }
        for size in [1, 4, 100] {
            let mut joined = Vec::new();
            for page in 1..=30 {
                let part = rows(&client, &format!("?page={page}&pageSize={size}")).await;
                let done = part.len() < size;
                joined.extend(part);
                if done {
                    break;
                }
            }
            assert_eq!(joined, whole, "{size}");
        }
        last = whole;
    }
    assert!(last.len() > 23, "some have no place: {}", last.len());
}

/// The least free number is given out, whichever were freed.
#[tokio::test(flavor = "multi_thread")]
async fn the_least_free_number_is_given_out() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options::default()).await;
    let add = async |name: &str| {
        let body = json!({ "name": name, "urls": ["a.example"] });
        let (status, _, made) = client.call("POST", "/zia/api/v1/bandwidthClasses", Some(&body)).await;
        assert_eq!(status, 200, "{made}");
        made["id"].as_i64().expect("a number")
    };
    let mut ids = Vec::new();
    for name in ["a", "b", "c", "d"] {
        ids.push(add(name).await);
    }
    assert!(ids.is_sorted());
    for gone in [ids[2], ids[0]] {
        let path = format!("/zia/api/v1/bandwidthClasses/{gone}");
        assert_eq!(client.call("DELETE", &path, None).await.0, 204);
    }
    assert_eq!([add("e").await, add("f").await], [ids[0], ids[2]]);
    assert_eq!(add("g").await, ids[3] + 1);
}
