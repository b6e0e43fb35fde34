//! What Zuno does not have is refused so that a client stops and tells its user: never a 5xx, which clients try again,
//! and never a 404, which they take for a record that is gone.

use std::sync::Arc;

use http::Request;
use zuno_catalogue::{Grade, LedgerLine};
use zuno_gateway::Options;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

async fn client() -> Client {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    Client::start(store, Options::default()).await
}

#[tokio::test(flavor = "multi_thread")]
async fn every_absent_operation_names_itself_in_its_familys_shape() {
    let client = client().await;
    let catalogue = client.cloud.catalogue();
    let gateway = |line: &&LedgerLine| {
        let family = catalogue.product(&line.product).expect("a line's product is described");
        line.grade == Grade::Absent && line.path.starts_with(&format!("{}/", family.prefix))
    };
    let absent: Vec<_> = catalogue.ledger().iter().filter(gateway).collect();
    for line in &absent {
        let path = line.path.replace(['{', '}'], "");
        let (status, headers, body) = client.call(&line.method.to_string(), &path, None).await;
        let whole = format!("{} {path}: {status} {body}", line.method);
        assert_eq!(status, 405, "{whole}");
        let code = ["code", "id"].iter().find_map(|name| body[*name].as_str());
        assert!(matches!(code, Some("NOT_IMPLEMENTED" | "not.implemented")), "{whole}");
        let named = format!("this Zuno does not have `{}.{}` yet", line.product, line.operation);
        assert!(body.to_string().contains(&named), "{whole}");
        assert!(!headers.contains_key("retry-after"), "{whole}");
    }
    // Were all built, the words that announce a refusal would have to go.
    assert!(!absent.is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_or_service_that_is_not_there_names_itself_too() {
    let client = client().await;
    for (path, product) in [
        ("/zins/graphql", "insights"),
        ("/bi/api/v1/report/all", "business insights"),
        ("/zms/graphql", "microsegmentation"),
        ("/zwa/dlp/v1/incidents", "workflow automation"),
        ("/zscsb/submit", "the sandbox"),
    ] {
        let (status, _, body) = client.call("GET", path, None).await;
        assert_eq!((status, body["code"].as_str()), (405, Some("NOT_IMPLEMENTED")), "{path}");
        assert_eq!(body["message"], format!("this Zuno does not have `{product}` yet"), "{path}");
    }
    let (status, _, body) = client.call("GET", "/zinsight/graphql", None).await;
    assert_eq!((status, body.is_null()), (404, true), "nobody knows that one");
    for (host, service) in [
        ("csbapi.zscaler.net", "the sandbox"),
        ("api.us1.zsworkflow.net", "workflow automation"),
        ("api.us1.zseclipse.net", "AI guard"),
    ] {
        let request = Request::post("/zscsb/submit").header("host", host).body(()).expect("well formed");
        let (status, headers, body) = client.send(request, "{}".into()).await;
        assert_eq!((status, body["code"].as_str()), (405, Some("NOT_IMPLEMENTED")), "{host}");
        assert_eq!(body["message"], format!("this Zuno does not have `{service}` yet"), "{host}");
        assert_eq!(headers["content-type"], "application/json");
    }
}
