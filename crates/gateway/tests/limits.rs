//! With real limits on, each product turns a caller away in its own words, and its headers go on telling the quota.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use zuno_catalogue::Catalogue;
use zuno_gateway::{Cloud, FirstTenant, Options};
use zuno_identity::Secret;
use zuno_store_sqlite::SqliteStore;

async fn send(cloud: &Arc<Cloud>, request: Request<()>, body: &'static str) -> (u16, HeaderMap, Value) {
    let (head, ()) = request.into_parts();
    let (head, body) = cloud.answer(head, Bytes::from_static(body.as_bytes())).await.into_parts();
    let bytes = body.collect().await.expect("a whole body").to_bytes();
    (head.status.as_u16(), head.headers, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

async fn start() -> (Arc<Cloud>, String) {
    let first = FirstTenant {
        client_id: Some("hasty".into()),
        client_secret: Some(Secret::chosen("s")),
        ..FirstTenant::default()
    };
    let options = Options { first, es256: true, real_limits: true, ..Options::default() };
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let cloud = Cloud::open(store, Catalogue::compiled(), options).expect("a cloud opens");
    cloud.first_tenant().expect("the first tenant is made");
    let form =
        "grant_type=client_credentials&client_id=hasty&client_secret=s&audience=https://api.zscaler.com";
    let request = Request::post("/oauth2/v1/token")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(())
        .expect("well formed");
    let (_, _, body) = send(&cloud, request, form).await;
    let token = body["access_token"].as_str().expect("a token").to_owned();
    (cloud, token)
}

/// Calls the same path until it is turned away; the clock cannot end the window, for it holds hundreds of calls less.
async fn until_refused(path: &str) -> (usize, HeaderMap, Value) {
    let (cloud, token) = start().await;
    for turn in 1..=1500 {
        let request = Request::get(path)
            .header("host", "api.zsapi.net")
            .header("authorization", format!("Bearer {token}"))
            .body(())
            .expect("well formed");
        let (status, headers, body) = send(&cloud, request, "").await;
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
}
