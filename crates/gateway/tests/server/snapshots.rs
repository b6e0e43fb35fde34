//! A snapshot is all that a tenant had: once it is restored every list reads as it did, what waited waits, names are taken and
//! records are pointed at as they were.

mod steps;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use zuno_catalogue::{Catalogue, Method, Verb};
use zuno_gateway::Options;
use zuno_model::TenantId;
use zuno_store::{Read, Store, Stretch, read};
use zuno_store_sqlite::SqliteStore;

use self::steps::{Step, chosen, sites, step, take};
use crate::client::Client;

const LABELS: &str = "/zia/api/v1/ruleLabels";
const CATEGORIES: &str = "/zia/api/v1/urlCategories";
const RULES: &str = "/zia/api/v1/urlFilteringRules";
const DENIED: &str = "/zia/api/v1/security/advanced";
const CUSTOMER: &str = "216196257331281920";
const NONE: &Value = &Value::Null;

fn groups() -> String {
    format!("/zpa/mgmtconfig/v1/admin/customers/{CUSTOMER}/segmentGroup")
}

fn store() -> Arc<dyn Store> {
    Arc::new(SqliteStore::in_memory().expect("memory opens"))
}

async fn frozen(store: Arc<dyn Store>) -> Client {
    let client = Client::start(store, Options { seed: Some(7), ..Options::default() }).await;
    let (status, _) = client.operate("PUT", "/clock", &json!({ "pace": 0 })).await;
    assert_eq!(status, 200);
    client
}

async fn operated(client: &Client, method: &str, path: &str, body: &Value) -> Value {
    let (status, answer) = client.operate(method, path, body).await;
    assert!(status < 300, "{method} {path}: {status} {answer}");
    answer
}

async fn done(client: &Client, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, _, answer) = client.call(method, path, body.as_ref()).await;
    assert!(status < 300, "{method} {path}: {status} {answer}");
    answer
}

/// The answers of every list that needs nothing but the customer, and of every singleton.
async fn everything(client: &Client, customer: &str) -> Vec<(String, u16, Value)> {
    let catalogue = Catalogue::compiled();
    let mut all = Vec::new();
    for (_, resource, operation) in catalogue.operations() {
        let is_read = operation.verb == Verb::List || (resource.singleton && operation.verb == Verb::Read);
        let path = operation.path.replace("{customer}", customer);
        if operation.method != Method::Get || !is_read || path.contains('{') {
            continue;
        }
        let product = catalogue.owner(resource);
        let path = format!("{}{path}", product.prefix);
        let (status, _, answer) = client.call("GET", &path, None).await;
        all.push((path, status, answer));
    }
    assert!(all.iter().filter(|(_, status, _)| *status == 200).count() > 200, "{}", all.len());
    all
}

fn compare(before: &[(String, u16, Value)], after: &[(String, u16, Value)]) {
    for (was, is) in before.iter().zip(after) {
        assert_eq!(was, is);
    }
}

/// What is in force: rules as questions are answered by them, and the sites of categories.
async fn in_force(client: &Client) -> Value {
    let asked = sites((0..400).step_by(7));
    let found = done(client, "POST", "/zia/api/v1/urlLookup", Some(asked)).await;
    json!([in_force_of(client, "acme").await, found])
}

/// What questions are answered from at a tenant.
async fn in_force_of(client: &Client, vanity: &str) -> Value {
    operated(client, "POST", "/policy/snapshot", &json!({ "tenant": vanity })).await["records"].clone()
}

/// What goes on from there: the same calls have the same answers.
async fn goes_on(client: &Client) -> Vec<(u16, Value)> {
    let mut all = Vec::new();
    for (path, body) in [
        (LABELS.to_owned(), json!({ "name": "made 1" })),
        (LABELS.to_owned(), json!({ "name": "goes on" })),
        (groups(), json!({ "name": "goes on", "enabled": true })),
    ] {
        let (status, _, answer) = client.call("POST", &path, Some(&body)).await;
        all.push((status, answer));
    }
    if let Some(label) = chosen(client, LABELS, 0).await {
        let (status, _, answer) = client.call("DELETE", &format!("{LABELS}/{}", label["id"]), None).await;
        all.push((status, answer));
    }
    done(client, "POST", "/zia/api/v1/status/activate", None).await;
    all.push((200, in_force(client).await));
    all
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4, ..ProptestConfig::default() })]

    #[test]
    fn a_restored_tenant_is_as_it_was(
        before in prop::collection::vec(step(), 1..25),
        after in prop::collection::vec(step(), 1..15),
    ) {
        Runtime::new().expect("a runtime").block_on(async {
            let client = frozen(store()).await;
            for step in &before {
                take(&client, step).await;
            }
            operated(&client, "PUT", "/snapshots/before", NONE).await;
            let (was, was_in_force) = (everything(&client, CUSTOMER).await, in_force(&client).await);
            let document = operated(&client, "GET", "/snapshots/before/document", NONE).await;
            let next = goes_on(&client).await;
            for step in &after {
                take(&client, step).await;
            }
            operated(&client, "POST", "/snapshots/before/restore", NONE).await;
            compare(&was, &everything(&client, CUSTOMER).await);
            assert_eq!(was_in_force, in_force(&client).await);
            operated(&client, "PUT", "/snapshots/again", NONE).await;
            let mut again = operated(&client, "GET", "/snapshots/again/document", NONE).await;
            again["name"] = json!("before");
            assert_eq!(document, again);
            assert_eq!(next, goes_on(&client).await);
        });
    }
}

/// Another tenant of the same server, as its API client uses it, and its customer id.
async fn another(client: &Client) -> (Client, String) {
    let wanted =
        json!({ "vanity": "other", "client_id": "second", "client_secret": "second-secret", "bare": true });
    let made = operated(client, "POST", "/tenants", &wanted).await;
    let form = "grant_type=client_credentials&client_id=second&client_secret=second-secret";
    let other = client.signed_in_at("other.zslogin.net", form).await;
    (other, made["customer_id"].as_str().expect("an id").to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn another_tenant_takes_the_state_in_with_the_same_ids() {
    let client = frozen(store()).await;
    let (other, customer) = another(&client).await;
    for step in [Step::Label(1), Step::Rule(1, 1), Step::Category(2, 200), Step::Activate, Step::Rule(2, 1)] {
        take(&client, &step).await;
    }
    assert!(chosen(&client, RULES, 0).await.is_some() && chosen(&client, CATEGORIES, 0).await.is_some());
    let group = done(&client, "POST", &groups(), Some(json!({ "name": "made 1", "enabled": true }))).await;
    operated(&client, "PUT", "/snapshots/acme", NONE).await;
    let (status, refused) =
        client.operate("POST", "/snapshots/acme/restore", &json!({ "tenant": "other" })).await;
    assert_eq!(status, 409, "nobody of the other tenant is known there: {refused}");
    let restored = json!({ "tenant": "other", "clients": "keep" });
    let restored = operated(&client, "POST", "/snapshots/acme/restore", &restored).await;
    assert_eq!(restored["clients"]["sign_in_as_before"], json!(["second"]));
    let path = groups().replace(CUSTOMER, &customer);
    let theirs = done(&other, "GET", &format!("{path}/{}", group["id"].as_str().expect("an id")), None).await;
    assert_eq!(theirs["name"], group["name"]);
    // What follows from its own names and numbers, certificates and addresses, is its own; which records there are is not.
    let (ours, theirs) = (everything(&client, CUSTOMER).await, everything(&other, &customer).await);
    for ((path, was, ours), (_, is, theirs)) in ours.iter().zip(&theirs) {
        if !path.ends_with("/api-clients") {
            assert_eq!((was, ids(ours)), (is, ids(theirs)), "{path}");
        }
    }
    let (ours, theirs) = (in_force(&client).await[0].clone(), in_force_of(&other, "other").await);
    let (ours, theirs) = (ours.as_object().expect("kinds"), theirs.as_object().expect("kinds"));
    assert!(ours.keys().eq(theirs.keys()));
    for (kind, records) in ours {
        let (ours, theirs) =
            (records.as_array().expect("records"), theirs[kind].as_array().expect("records"));
        // What identity providers are told of the tenant are its own numbers.
        for (ours, theirs) in ours.iter().zip(theirs).filter(|_| kind != "zpa.idp") {
            assert_eq!(ours, theirs, "{kind}");
        }
        assert_eq!(ours.len(), theirs.len(), "{kind}");
    }
    let (status, _, refused) = other.call("POST", LABELS, Some(&json!({ "name": "made 1" }))).await;
    assert_eq!(status, 400, "its names are taken: {refused}");
    let after = done(&other, "POST", &path, Some(json!({ "name": "after", "enabled": true }))).await;
    let own: i64 = after["id"].as_str().expect("an id").parse().expect("a number");
    assert_eq!(own >> 28 << 28, customer.parse::<i64>().expect("a number"), "new ids are of its own series");
}

/// The ids of the rows of an answer.
fn ids(answer: &Value) -> Vec<String> {
    let rows = ["list", "records"].into_iter().find_map(|name| answer.get(name)).unwrap_or(answer);
    let rows = rows.as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().filter_map(|row| row.get("id")).map(Value::to_string).collect()
}

/// The texts of a document.
fn texts<'v>(value: &'v Value, found: &mut Vec<&'v str>) {
    match value {
        Value::String(text) => found.push(text),
        Value::Array(items) => items.iter().for_each(|item| texts(item, found)),
        Value::Object(members) => members.values().for_each(|member| texts(member, found)),
        _ => {}
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_has_no_secret_and_is_a_snapshot_again_on_another_server() {
    let client = frozen(store()).await;
    let credential = json!({
        "type": "UFQDN", "fqdn": "site@acme.example", "preSharedKey": "a-very-secret-key", "comments": "made",
    });
    let made = done(&client, "POST", "/zia/api/v1/vpnCredentials", Some(credential)).await;
    for step in [Step::Label(1), Step::Category(1, 300), Step::Activate, Step::Sites(0, (290..320).collect())]
    {
        take(&client, &step).await;
    }
    operated(&client, "PUT", "/snapshots/acme", NONE).await;
    let document = operated(&client, "GET", "/snapshots/acme/document", NONE).await;
    let mut found = Vec::new();
    texts(&document, &mut found);
    assert!(!found.iter().any(|text| text.contains("secret-key")), "{document}");
    assert!(!document.to_string().contains("$sealed") && !document.to_string().contains("\"digest\""));
    assert_eq!(document["secrets_left_out"], 2, "the key, and the secret of the first client");

    let elsewhere = Client::start_with(store(), Arc::default(), Options::default()).await;
    let told = operated(&elsewhere, "PUT", "/snapshots/taken/document", &document).await;
    assert_eq!((&told["name"], &told["secrets_left_out"]), (&json!("taken"), &json!(2)));
    let mut again = operated(&elsewhere, "GET", "/snapshots/taken/document", NONE).await;
    again["name"] = document["name"].clone();
    assert_eq!(again, document);
    let (status, _) = elsewhere.operate("POST", "/snapshots/taken/restore", NONE).await;
    assert_eq!(status, 409, "its first client would have no secret");
    let kept = json!({ "clients": "keep" });
    operated(&elsewhere, "POST", "/snapshots/taken/restore", &kept).await;
    let path = format!("/zia/api/v1/vpnCredentials/{}", made["id"]);
    assert_eq!(done(&elsewhere, "GET", &path, None).await["fqdn"], "site@acme.example");
    for path in [LABELS, CATEGORIES] {
        let lists = [done(&client, "GET", path, None).await, done(&elsewhere, "GET", path, None).await];
        assert_eq!(lists[0], lists[1]);
    }
    assert_eq!(in_force(&client).await, in_force(&elsewhere).await);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_secret_is_sealed_in_a_snapshot_and_works_again_after_a_restore() {
    let store = store();
    let client = frozen(Arc::clone(&store)).await;
    let credential =
        json!({ "type": "UFQDN", "fqdn": "site@acme.example", "preSharedKey": "a-very-secret-key" });
    done(&client, "POST", "/zia/api/v1/vpnCredentials", Some(credential)).await;
    operated(&client, "PUT", "/snapshots/acme", NONE).await;
    let kept = || {
        let all = |tx: &dyn Read| {
            let kinds = tx.kinds(TenantId::SERVER)?;
            let rows = kinds.iter().map(|kind| tx.list(TenantId::SERVER, kind, None, Stretch::ALL));
            rows.collect::<zuno_store::Result<Vec<_>>>()
        };
        let rows = read(store.as_ref(), all).expect("they are read").concat();
        rows.iter().map(|row| String::from_utf8_lossy(&row.body).into_owned()).collect::<String>()
    };
    assert!(kept().contains("site@acme.example") && !kept().contains("secret-key"));
    operated(&client, "POST", "/tenants/acme/reset", NONE).await;
    operated(&client, "POST", "/snapshots/acme/restore", NONE).await;
    let again = client.signed_in("first", "first-secret").await;
    done(&again, "GET", LABELS, None).await;
    operated(&client, "DELETE", "/snapshots/acme", NONE).await;
    assert_eq!(kept(), "", "nothing of it is left");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_tenant_begins_with_a_snapshot_and_goes_back_to_it() {
    let client = frozen(store()).await;
    for step in [Step::Label(1), Step::Group(1), Step::Activate, Step::Label(2)] {
        take(&client, &step).await;
    }
    let keys = |customer: &str| format!("/zpa/mgmtconfig/v1/admin/customers/{customer}/apiKeys");
    let key = json!({ "name": "older", "roleId": "28" });
    let key = done(&client, "POST", &keys(CUSTOMER), Some(key)).await;
    let shown = ["clientId", "clientSecret"].map(|member| key[member].as_str().expect("a text").to_owned());
    operated(&client, "PUT", "/snapshots/base", NONE).await;
    let wanted =
        json!({ "vanity": "made", "client_id": "second", "client_secret": "second-secret", "from": "base" });
    let made = operated(&client, "POST", "/tenants", &wanted).await;
    let customer = made["customer_id"].as_str().expect("an id").to_owned();
    let form = "grant_type=client_credentials&client_id=second&client_secret=second-secret";
    let other = client.signed_in_at("made.zslogin.net", form).await;
    let labels = done(&other, "GET", LABELS, None).await;
    assert_eq!(labels, done(&client, "GET", LABELS, None).await);
    assert_eq!(done(&other, "GET", "/zia/api/v1/status", None).await["status"], "PENDING");
    // What follows from a tenant follows from this one: its numbers, and what its tokens say.
    let organization = done(&other, "GET", "/zia/api/v1/orgInformation", None).await;
    assert_eq!(organization["zpaTenantId"].to_string(), customer);
    let claims = other.token().split('.').nth(1).expect("a token has three parts");
    let claims = URL_SAFE_NO_PAD.decode(claims).expect("base64");
    let claims = String::from_utf8(claims).expect("JSON");
    assert!(claims.contains(&customer) && !claims.contains(CUSTOMER), "{claims}");
    // A key is found in all tenants by its name alone, and means the one that it was made in.
    let [id, secret] = shown;
    let (status, session) = client.sign_in(&id, &secret).await;
    assert_eq!(
        (status, client.older("GET", keys(CUSTOMER).trim_start_matches("/zpa"), &session).await),
        (200, 200)
    );
    assert_eq!(done(&other, "GET", &keys(&customer), None).await["totalCount"], "0");
    take(&other, &Step::Label(3)).await;
    take(&other, &Step::Unlabel(0)).await;
    let (status, _, _) =
        other.call("POST", &groups().replace(CUSTOMER, &customer), Some(&json!({ "name": "MADE 1" }))).await;
    assert_eq!(status, 400, "the name is taken");
    operated(&client, "POST", "/tenants/made/reset", &json!({ "to": "base" })).await;
    assert_eq!(done(&other, "GET", LABELS, None).await, labels, "and its client signs in as before");
    for (path, body, expected) in [
        ("/tenants", json!({ "vanity": "third", "from": "nothing" }), 400),
        ("/tenants/made/reset", json!({ "to": "nothing" }), 404),
    ] {
        let (status, answer) = client.operate("POST", path, &body).await;
        assert_eq!((status, &answer["error"]), (expected, &json!("there is no snapshot `nothing`")));
    }
    assert_eq!(operated(&client, "GET", "/tenants", NONE).await.as_array().map(Vec::len), Some(2));
}
