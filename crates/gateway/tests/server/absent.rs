//! What Zuno does not have is refused so that a client stops and tells its user: never a 5xx, which clients try again,
//! and never a 404, which they take for a record that is gone.

use std::sync::Arc;

use http::Request;
use zuno_gateway::Options;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

async fn client() -> Client {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    Client::start(store, Options::default()).await
}

/// That it is answered there, the scenarios show that the ledger names; no operation of a product is absent.
#[tokio::test(flavor = "multi_thread")]
async fn the_gateway_says_where_what_another_host_answers_is_answered() {
    let client = client().await;
    let catalogue = client.cloud.catalogue();
    let elsewhere = catalogue.ledger().iter().filter_map(|line| Some((line, line.answered_at()?)));
    let mut seen = 0;
    for (line, (host, path)) in elsewhere {
        let (method, at) = (line.method.to_string(), format!("{} {host}{path}", line.method));
        let family = catalogue.product(&line.product).expect("a line's product is described");
        let below = line.path.starts_with(&format!("{}/", family.prefix));
        let described = catalogue.resources().any(|resource| {
            let mut own = resource.operations.values();
            let is = |path: &str| format!("{}{path}", catalogue.owner(resource).prefix) == line.path;
            own.any(|operation| operation.method == line.method && is(&operation.path))
        });
        if below && !described {
            let (status, _, body) = client.call(&method, &line.path, None).await;
            assert_eq!(status, 403, "{at}: {body}");
            assert!(body.to_string().contains(&format!("this is answered at {host}{path}")), "{body}");
            seen += 1;
        }
    }
    assert!(seen > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_product_or_service_that_is_not_there_names_itself_too() {
    let client = client().await;
    for (path, product) in [
        ("/zins/graphql", "insights"),
        ("/bi/api/v1/report/all", "business insights"),
        ("/zms/graphql", "microsegmentation"),
        ("/zwa/dlp/v1/incidents", "workflow automation"),
    ] {
        let (status, _, body) = client.call("GET", path, None).await;
        assert_eq!((status, body["code"].as_str()), (405, Some("NOT_IMPLEMENTED")), "{path}");
        assert_eq!(body["message"], format!("this Zuno does not have `{product}` yet"), "{path}");
    }
    let (status, _, body) = client.call("GET", "/zinsight/graphql", None).await;
    assert_eq!((status, body.is_null()), (404, true), "nobody knows that one");
    for (host, service) in
        [("api.us1.zsworkflow.net", "workflow automation"), ("api.us1.zseclipse.net", "AI guard")]
    {
        let request = Request::post("/zscsb/submit").header("host", host).body(()).expect("well formed");
        let (status, headers, body) = client.send(request, "{}".into()).await;
        assert_eq!((status, body["code"].as_str()), (405, Some("NOT_IMPLEMENTED")), "{host}");
        assert_eq!(body["message"], format!("this Zuno does not have `{service}` yet"), "{host}");
        assert_eq!(headers["content-type"], "application/json");
    }
}
