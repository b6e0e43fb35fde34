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

#[tokio::test(flavor = "multi_thread")]
async fn what_follows_from_the_time_is_told_anew_as_it_passes() {
    let client = start().await;
    let root = "/zpa/mgmtconfig/v1/admin/customers/216196257331281920";
    let application = done(&client, "GET", &format!("{root}/application"), None).await["list"][0].clone();
    let (_, clock) = client.operate("GET", "/clock", &json!({})).await;
    let now = clock["now"].as_i64().expect("a time");
    let approval = json!({
        "emailIds": ["ada@vendor.example"], "applications": [{ "id": application["id"] }],
        "startTime": (now + 600).to_string(), "endTime": (now + 86_400).to_string(),
    });
    let made = done(&client, "POST", &format!("{root}/approval"), Some(&approval)).await;
    let approval = format!("{root}/approval/{}", made["id"].as_str().expect("an id"));
    let application = format!("{root}/application/{}", application["id"].as_str().expect("an id"));
    let read = async |path: &str| done(&client, "GET", path, None).await;
    let before = read(&application).await;
    for (ahead, status) in [(0, "FUTURE"), (0, "FUTURE"), (700, "ACTIVE")] {
        assert_eq!(client.operate("PUT", "/clock", &json!({ "offset": ahead })).await.0, 200);
        assert_eq!(read(&approval).await["status"], status);
        assert_eq!(read(&application).await, before, "no record has changed");
    }
    let mut renamed = before;
    renamed["description"] = json!("another");
    done(&client, "PUT", &application, Some(&renamed)).await;
    assert_eq!(read(&application).await["description"], "another");
}
