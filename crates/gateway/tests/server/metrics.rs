//! What is told to whoever collects figures.

use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::BodyExt as _;
use zuno_gateway::Options;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

async fn figures(client: &Client) -> (u16, String) {
    let (head, ()) =
        Request::get("/metrics").header("host", "localhost").body(()).expect("well formed").into_parts();
    let (head, body) = client.cloud.answer(head, Bytes::new()).await.into_parts();
    let bytes = body.collect().await.expect("a whole body").to_bytes();
    (head.status.as_u16(), String::from_utf8_lossy(&bytes).into_owned())
}

async fn client(metrics: bool) -> Client {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    Client::start(store, Options { metrics, journal: Some(0), ..Options::default() }).await
}

#[tokio::test(flavor = "multi_thread")]
async fn calls_are_counted_by_operation_and_status() {
    let client = client(true).await;
    for _ in 0..2 {
        client.call("GET", "/zia/api/v1/ruleLabels", None).await;
    }
    client.call("FROB", "/zia/api/v1/made-up-by-a-caller", None).await;
    let (status, told) = figures(&client).await;
    assert_eq!(status, 200);
    for line in [
        r#"zuno_requests_total{service="token",operation="",method="POST",status="200"} 1"#,
        r#"zuno_requests_total{service="zia",operation="zia.rule_label.list",method="GET",status="200"} 2"#,
        r#"zuno_request_duration_seconds_count{service="zia"} 3"#,
        r#"method="other""#,
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
    assert!(!told.contains("made-up"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn none_are_told_unless_they_were_asked_for() {
    assert_eq!(figures(&client(false).await).await.0, 404);
}
