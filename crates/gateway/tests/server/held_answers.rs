//! What the server remembers, answers and callers, is never told to somebody else, nor after it has stopped being so.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::{Arc, mpsc};
use std::task::Poll;

use serde_json::{Value, json};
use tokio::sync::oneshot;
use zuno_gateway::Options;
use zuno_store::{Store, Verdict};
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const CLIENTS: &str = "/ziam/admin/api/v1/api-clients";

async fn start() -> Client {
    Client::start(Arc::new(SqliteStore::in_memory().expect("memory opens")), Options::default()).await
}

async fn done(client: &Client, method: &str, path: &str, body: Option<&Value>) -> Value {
    let (status, _, answer) = client.call(method, path, body).await;
    assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
    answer
}

/// Another API client with the same roles.
async fn colleague(client: &Client) -> Client {
    let own = done(client, "GET", &format!("{CLIENTS}/first"), None).await;
    let new = json!({
        "name": "Colleague", "accessTokenLifeTime": 3600, "clientAuthentication": { "authType": "SECRET" },
        "clientResources": own["clientResources"],
    });
    let id = done(client, "POST", CLIENTS, Some(&new)).await["id"].as_str().expect("an id").to_owned();
    let secret = done(client, "POST", &format!("{CLIENTS}/{id}/secrets"), Some(&json!({}))).await;
    client.signed_in(&id, secret["value"].as_str().expect("a secret")).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_is_out_even_if_whoever_disabled_it_did_not_wait() {
    let folder = tempfile::tempdir().expect("a folder");
    let store = Arc::new(SqliteStore::open(&folder.path().join("zuno.db")).expect("the store opens"));
    let client = Client::start(Arc::clone(&store) as Arc<dyn Store>, Options::default()).await;
    let path = format!("{CLIENTS}/first");
    let mut own = done(&client, "GET", &path, None).await;
    own["status"] = json!(false);
    // Writes wait in a row: while this one takes its time, no other is done.
    let (go_on, held) = mpsc::channel::<()>();
    let hold = Box::new(move |_: &mut dyn zuno_store::Write| {
        let _ = held.recv();
        Verdict::Drop
    });
    store.submit(hold, Box::new(drop));
    {
        // Polled once, the write is on its way to the store; then its caller leaves.
        let mut write = pin!(client.call("PUT", &path, Some(&own)));
        let once = poll_fn(|cx| Poll::Ready(write.as_mut().poll(cx))).await;
        assert!(once.is_pending(), "a write waits for the store");
    }
    drop(go_on);
    // What is told of a later write has the earlier one behind it.
    let (tell, told) = oneshot::channel();
    let done = Box::new(move |_| tell.send(()).expect("the test waits"));
    store.submit(Box::new(|_| Verdict::Drop), done);
    told.await.expect("the later write ends");
    assert_eq!(client.call("GET", &path, None).await.0, 401, "its token still counts");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_about_the_caller_is_the_callers_own() {
    let client = start().await;
    let colleague = colleague(&client).await;
    let template = json!({ "name": "Branches" });
    done(&client, "POST", "/ztw/api/v1/locationTemplate", Some(&template)).await;
    let path = "/ztw/api/v1/ecAdminActivateStatus";
    assert_eq!(done(&client, "GET", path, None).await["adminActivateStatus"], "ADM_EDITING");
    assert_eq!(done(&colleague, "GET", path, None).await["adminActivateStatus"], "ADM_ACTV_DONE");
}
