//! What lasts is in the store: it is there after a restart, gone with its tenant, and the same at every server on the
//! store, at once.

use std::sync::Arc;

use serde_json::{Value, json};
use zuno_gateway::Options;
use zuno_model::TenantId;
use zuno_store::{Row, Store, write};
use zuno_store_postgres::local::{self, Local};
use zuno_store_sqlite::SqliteStore;

use crate::client::{Client, open};

const CLIENTS: &str = "/ziam/admin/api/v1/api-clients";
const LABELS: &str = "/zia/api/v1/ruleLabels";
const GROUPS: &str = "/mgmtconfig/v1/admin/customers/216196257331281920/segmentGroup";

fn store() -> Arc<dyn Store> {
    Arc::new(SqliteStore::in_memory().expect("memory opens"))
}

fn options() -> Options {
    Options { es256: true, ..Options::default() }
}

async fn status(client: &Client, method: &str, path: &str, body: Option<Value>) -> u16 {
    client.call(method, path, body.as_ref()).await.0
}

async fn done(client: &Client, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, _, answer) = client.call(method, path, body.as_ref()).await;
    assert!((200..300).contains(&status), "{method} {path}: {status} {answer}");
    answer
}

/// Another API client with the same roles: its id and its secret.
async fn colleague(client: &Client) -> (String, String) {
    let own = done(client, "GET", &format!("{CLIENTS}/first"), None).await;
    let new = json!({
        "name": "Colleague", "accessTokenLifeTime": 3600, "clientAuthentication": { "authType": "SECRET" },
        "clientResources": own["clientResources"],
    });
    let id = done(client, "POST", CLIENTS, Some(new)).await["id"].as_str().expect("an id").to_owned();
    let secret = done(client, "POST", &format!("{CLIENTS}/{id}/secrets"), Some(json!({}))).await;
    (id, secret["value"].as_str().expect("a secret").to_owned())
}

async fn turned(client: &Client, id: &str, on: bool) {
    let mut record = done(client, "GET", &format!("{CLIENTS}/{id}"), None).await;
    record["status"] = json!(on);
    done(client, "PUT", &format!("{CLIENTS}/{id}"), Some(record)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_was_signed_out_stays_so_after_a_restart_and_is_forgotten_in_time() {
    let store = store();
    let client = Client::start(Arc::clone(&store), options()).await;
    let (_, session) = client.sign_in("first", "first-secret").await;
    assert_eq!(client.older("GET", GROUPS, &session).await, 200);
    assert_eq!(client.older("POST", "/signout", &session).await, 200);
    assert_eq!(client.older("GET", GROUPS, &session).await, 401);
    let again = client.at(open(Arc::clone(&store), options()));
    again.cloud.signer().expect("the key is kept");
    assert_eq!(again.older("GET", GROUPS, &session).await, 401);
    let kept =
        || zuno_store::read(store.as_ref(), |tx| tx.notes(TenantId(1), "revoked:")).expect("notes").len();
    assert_eq!(kept(), 1);
    again.cloud.move_clock(TenantId::SERVER, 3601).expect("the clock is set");
    assert_eq!(kept(), 0, "its time is over anyway");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_was_switched_off_comes_back_without_its_old_tokens() {
    let client = Client::start(store(), options()).await;
    let (id, secret) = colleague(&client).await;
    let other = client.signed_in(&id, &secret).await;
    assert_eq!(status(&other, "GET", LABELS, None).await, 200);
    turned(&client, &id, false).await;
    assert_eq!(status(&other, "GET", LABELS, None).await, 401);
    turned(&client, &id, true).await;
    assert_eq!(status(&other, "GET", LABELS, None).await, 401, "an old token");
    assert_eq!(status(&client.signed_in(&id, &secret).await, "GET", LABELS, None).await, 200);
    turned(&client, &id, true).await;
    assert_eq!(status(&other, "GET", LABELS, None).await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_made_anew_under_a_name_has_nothing_of_the_old_one() {
    let client = Client::start(store(), options()).await;
    let wanted = json!({"vanity": "lab", "client_id": "lab", "client_secret": "lab-secret-0123456"});
    let make = || client.operate("POST", "/tenants", &wanted);
    let lab = async || {
        let form = "grant_type=client_credentials&client_id=lab&client_secret=lab-secret-0123456";
        client.signed_in_at("lab.zslogin.net", form).await
    };
    let (made, first) = make().await;
    assert_eq!(made, 201, "{first}");
    let old = lab().await;
    assert_eq!(status(&old, "GET", LABELS, None).await, 200);
    assert_eq!(client.operate("PUT", "/tenants/lab/modes/zia/locked", &json!({"on": true})).await.0, 204);
    assert_eq!(status(&old, "POST", LABELS, Some(json!({"name": "a"}))).await, 409);
    assert_eq!(client.operate("DELETE", "/tenants/lab", &json!({})).await.0, 204);
    assert_eq!(status(&old, "GET", LABELS, None).await, 401);
    let (_, second) = make().await;
    assert_ne!(first["customer_id"], second["customer_id"], "no number is given out twice");
    assert_eq!(status(&old, "GET", LABELS, None).await, 401, "a token of the tenant that was there before");
    let new = lab().await;
    assert_eq!(status(&new, "POST", LABELS, Some(json!({"name": "a"}))).await, 200, "its lock is off");
}

#[tokio::test(flavor = "multi_thread")]
async fn switches_clock_and_failed_sign_ins_are_there_after_a_restart() {
    let store = store();
    let client = Client::start(Arc::clone(&store), options()).await;
    for mode in ["read-only", "locked"] {
        let path = format!("/tenants/acme/modes/zia/{mode}");
        assert_eq!(client.operate("PUT", &path, &json!({"on": true})).await.0, 204);
    }
    assert_eq!(client.operate("PUT", "/clock", &json!({"offset": 86_400})).await.0, 200);
    for _ in 0..2 {
        assert_eq!(client.sign_in("first", "wrong").await.0, 401);
    }
    let cloud = open(store, options());
    cloud.signer().expect("the key is kept");
    let again = client.at(cloud).signed_in("first", "first-secret").await;
    let label = Some(json!({"name": "a"}));
    assert_eq!(status(&again, "POST", LABELS, label.clone()).await, 403);
    assert_eq!(again.operate("PUT", "/tenants/acme/modes/zia/read-only", &json!({"on": false})).await.0, 204);
    assert_eq!(status(&again, "POST", LABELS, label.clone()).await, 409);
    assert_eq!(again.sign_in("first", "wrong").await.0, 401, "the third in a row");
    assert_eq!(again.sign_in("first", "first-secret").await.0, 401, "it is locked");
    assert_eq!(again.operate("POST", "/tenants/acme/reset", &json!({})).await.0, 204);
    assert_eq!(status(&again, "POST", LABELS, label).await, 200, "a fresh tenant is not locked");
    let (_, _, lately) = again.call("GET", LABELS, None).await;
    let (_, set) = again.operate("PUT", "/clock", &json!({"offset": 0})).await;
    let made = lately[0]["lastModifiedTime"].as_i64().expect("a time");
    assert!(made >= set["now"].as_i64().expect("a time") + 86_390, "{lately}");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_store_answer_as_one() {
    let store = store();
    answer_as_one(Arc::clone(&store), store).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_postgres_answer_as_one() {
    let Some(database) = local::server().map(Local::database) else { return };
    answer_as_one(Arc::new(database.store()), Arc::new(database.store())).await;
}

/// What is done at the server of one store counts at the other's at once.
async fn answer_as_one(store: Arc<dyn Store>, same: Arc<dyn Store>) {
    let one = Client::start(store, options()).await;
    let other = one.at(open(same, options()));
    other.cloud.signer().expect("the key is kept");
    // Both have answered, and so remember something of all that changes below.
    for server in [&one, &other] {
        assert_eq!(done(server, "GET", LABELS, None).await, json!([]));
    }
    let label = done(&one, "POST", LABELS, Some(json!({"name": "a"}))).await;
    assert_eq!(done(&other, "GET", LABELS, None).await[0]["name"], "a");
    let path = format!("{LABELS}/{}", label["id"]);
    done(&other, "PUT", &path, Some(json!({"id": label["id"], "name": "b"}))).await;
    assert_eq!(done(&one, "GET", &path, None).await["name"], "b");

    let (id, secret) = colleague(&one).await;
    let there = other.signed_in(&id, &secret).await;
    let here = there.at(Arc::clone(&one.cloud));
    for server in [&there, &here] {
        assert_eq!(status(server, "GET", LABELS, None).await, 200);
    }
    turned(&one, &id, false).await;
    assert_eq!(status(&there, "GET", LABELS, None).await, 401, "switched off at the other server");

    let (_, session) = one.sign_in("first", "first-secret").await;
    assert_eq!(other.older("GET", GROUPS, &session).await, 200);
    assert_eq!(other.older("POST", "/signout", &session).await, 200);
    assert_eq!(one.older("GET", GROUPS, &session).await, 401);

    assert_eq!(one.operate("PUT", "/tenants/acme/modes/zia/read-only", &json!({"on": true})).await.0, 204);
    assert_eq!(status(&other, "POST", LABELS, Some(json!({"name": "c"}))).await, 403);
    let (_, made) = one.operate("POST", "/tenants", &json!({"vanity": "lab"})).await;
    assert_eq!(other.operate("GET", "/tenants", &json!({})).await.1[1]["vanity"], made["vanity"]);
    assert_eq!(other.operate("DELETE", "/tenants/lab", &json!({})).await.0, 204);
    assert_eq!(one.operate("GET", "/tenants", &json!({})).await.1.as_array().map(Vec::len), Some(1));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_seed_gives_the_same_ids_and_secrets_again() {
    let told = async |seed| {
        let client = Client::start(store(), Options { seed: Some(seed), ..options() }).await;
        let (_, tenant) = client.operate("POST", "/tenants", &json!({"vanity": "lab"})).await;
        (colleague(&client).await, tenant)
    };
    assert_eq!(told(7).await, told(7).await);
    assert_ne!(told(7).await, told(8).await);
}

/// Connectors had address groups of their own once.
#[tokio::test(flavor = "multi_thread")]
async fn records_of_a_kind_that_is_gone_are_told_of_and_stay() {
    let store = store();
    let client = Client::start(Arc::clone(&store), options()).await;
    assert!(client.cloud.left_behind().expect("it is told").is_empty());
    let body = json!({"id": "7", "name": "Databases"}).to_string().into_bytes();
    let row = Row { id: "7".into(), scope: "0".into(), sort: "7".into(), body };
    write(store.as_ref(), move |tx| tx.put(TenantId(1), "ztw.ip_source_group", &row)).expect("it is kept");
    let again = open(Arc::clone(&store), options());
    let told = again.left_behind().expect("it is told");
    assert_eq!(told, [("ztw.ip_source_group".to_owned(), 1)].into());
    assert_eq!(done(&client, "GET", "/ztw/api/v1/ipSourceGroups", None).await, json!([]));
}
