//! With real limits on, each product turns a caller away in its own words, and its headers go on telling the quota.

use std::sync::Arc;

use http::HeaderMap;
use serde_json::{Value, json};
use zuno_gateway::Options;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

/// Calls the same path until it is turned away; the clock cannot end the window, for it holds hundreds of calls less.
async fn until_refused(path: &str) -> (usize, HeaderMap, Value) {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options { real_limits: true, ..Options::default() }).await;
    for turn in 1..=1500 {
        let (status, headers, body) = client.call("GET", path, None).await;
        assert!(headers.contains_key("x-ratelimit-limit"), "the quota is told on every answer");
        if status == 429 {
            return (turn, headers, body);
        }
        assert_eq!(status, 200, "{body}");
    }
    panic!("{path} was never refused");
}

#[tokio::test(flavor = "multi_thread")]
async fn internet_access_says_which_window_is_used_up() {
    let (turn, headers, body) = until_refused("/zia/api/v1/urlCategories/urlQuota").await;
    assert!(turn >= 3, "two calls a second are allowed");
    assert_eq!(body["message"], "Rate Limit (2/SECOND) exceeded");
    assert_eq!(body["Retry-After"], "1 seconds");
    assert_eq!(headers["retry-after"], "1");
}

#[tokio::test(flavor = "multi_thread")]
async fn private_access_writes_the_seconds_with_their_unit() {
    let path = "/zpa/mgmtconfig/v1/admin/customers/216196257331281920/segmentGroup";
    let (turn, headers, body) = until_refused(path).await;
    assert_eq!(turn, 21, "twenty calls in ten seconds are allowed");
    assert_eq!(body["id"], "invalid.toomanyrequests");
    assert!(headers["retry-after"].to_str().expect("text").ends_with('s'));
    // The product is not asked any more, and its own headers are not there (seen).
    assert!(!headers.contains_key("content-security-policy") && !headers.contains_key("cache-control"));
    assert!(headers.contains_key("strict-transport-security"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_has_a_size_that_a_list_of_them_can_be_read() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options::default()).await;
    let path = "/zpa/mgmtconfig/v1/admin/customers/216196257331281920/administrators";
    let with_groups = |count: usize| {
        json!({"username": format!("{count}@acme.example"), "phoneNumber": "1", "password": "Str0ng&long", "roleId": "12",
               "groupIds": vec!["g".repeat(60); count]})
    };
    let (status, _, answer) = client.call("POST", path, Some(&with_groups(100))).await;
    assert_eq!(status, 201, "{answer}");
    // Each member is within bounds of its own; together they are a megabyte and a half.
    let (status, _, answer) = client.call("POST", path, Some(&with_groups(25_000))).await;
    assert_eq!(status, 400, "{answer}");
    assert_eq!(answer["params"], json!(["groupIds"]));
}
