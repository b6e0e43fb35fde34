//! The journal: each call is told with what the wire does not show, without its secrets, and within its bounds.

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use zuno_gateway::Options;
use zuno_store::Store;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const LABELS: &str = "/zia/api/v1/ruleLabels";

async fn client(journal: Option<usize>) -> Client {
    let store: Arc<dyn Store> = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    Client::start(store, Options { journal, ..Options::default() }).await
}

async fn told(client: &Client, query: &str) -> Value {
    let (status, answer) = client.operate("GET", &format!("/requests?{query}"), &Value::Null).await;
    assert_eq!(status, 200, "{answer}");
    answer
}

fn numbers(told: &Value) -> Vec<u64> {
    let requests = told["requests"].as_array().expect("a list");
    requests.iter().map(|request| request["number"].as_u64().expect("a number")).collect()
}

async fn label(client: &Client, name: &str) {
    assert_eq!(client.call("POST", LABELS, Some(&json!({ "name": name }))).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn no_secret_is_told() {
    let client = client(None).await;
    let site = json!({
        "type": "UFQDN", "fqdn": "paris@acme.example", "preSharedKey": "Swordfish-77", "comments": "Swordfish is hers",
    });
    let (status, _, made) = client.call("POST", "/zia/api/v1/vpnCredentials", Some(&site)).await;
    assert_eq!(status, 200, "{made}");
    let (status, _, made) = client
        .call(
            "POST",
            "/ziam/admin/api/v1/api-clients",
            Some(&json!({ "name": "CI", "clientAuthentication": { "authType": "SECRET" } })),
        )
        .await;
    assert!(status < 300, "{made}");
    let id = made["id"].as_str().expect("an id");
    let (status, _, secret) =
        client.call("POST", &format!("/ziam/admin/api/v1/api-clients/{id}/secrets"), Some(&json!({}))).await;
    assert!(status < 300, "{secret}");
    let secret = secret["value"].as_str().expect("a secret is shown once");
    let (status, _) = client.sign_in("first", "first-secret").await;
    assert_eq!(status, 200);
    let (_, _, devices) = client.call("GET", "/zcc/papi/public/v1/getDevices", None).await;
    let udid = devices[0]["udid"].as_str().expect("there is a device");
    let (status, _, passwords) =
        client.call("GET", &format!("/zcc/papi/public/v1/getOtp?udid={udid}"), None).await;
    assert_eq!(status, 200, "{passwords}");
    let passwords = passwords.as_object().expect("they are told");
    let one_time: Vec<&str> =
        passwords.values().filter_map(Value::as_str).filter(|it| it.len() > 5).collect();
    assert!(!one_time.is_empty(), "{passwords:?}");
    // Wherever it was sent, and whatever came of it.
    for (method, path, body) in [
        (
            "POST",
            "/zia/api/v1/vpnCredential",
            json!({ "name": "no such path", "preSharedKey": "Swordfish-77" }),
        ),
        ("POST", "/zscsb/submit?api_token=Swordfish-77&force=1", json!({})),
        ("PUT", "/zia/api/v1/authSettings", json!({ "kerberosPwd": "Swordfish-77" })),
        (
            "POST",
            "/ztw/api/v1/passwordChange",
            json!({ "userName": "a", "oldPassword": "b", "newPassword": "Swordfish-77" }),
        ),
        ("POST", "/zia/api/v1/ruleLabels", json!({ "name": "a", "pre_shared_key": "Swordfish-77" })),
    ] {
        client.call(method, path, Some(&body)).await;
    }
    let federation = format!("/zpa/mgmtconfig/v1/customers/{}/tenant-federation", client.customer());
    let (status, _, invited) = client.call("POST", &federation, Some(&json!({}))).await;
    assert_eq!(status, 201, "{invited}");
    let invitation = invited["token"].as_str().expect("a token is told once");
    let told = told(&client, "most=1000").await.to_string();
    let known = ["Swordfish-77", secret, client.token(), "first-secret", invitation];
    for hidden in known.into_iter().chain(one_time) {
        assert!(!told.contains(hidden), "{hidden}");
    }
    assert!(told.contains("Swordfish is hers"), "what is no secret is told: {told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn as_many_calls_are_kept_as_fit_and_the_lost_ones_are_counted() {
    let client = client(Some(20_000)).await;
    for nth in 0..50 {
        label(&client, &format!("label {nth}")).await;
    }
    let all = told(&client, "most=1000").await;
    let kept = numbers(&all);
    // The first one was for the token.
    assert_eq!((kept.last(), &all["last"]), (Some(&51), &json!(51)));
    assert!((5..45).contains(&kept.len()), "{kept:?}");
    assert_eq!(all["lost"], 51 - kept.len());
    let rest = told(&client, "after=49&most=1").await;
    assert_eq!((numbers(&rest), &rest["last"], &rest["lost"]), (vec![50], &json!(50), &json!(0)));
    let (_, counted) = client.operate("GET", "/requests/count?status=2xx", &Value::Null).await;
    assert_eq!(counted["count"], kept.len());
    assert_eq!(client.operate("DELETE", "/requests", &Value::Null).await.0, 204);
    let none = told(&client, "after=51").await;
    assert_eq!((numbers(&none), &none["lost"]), (vec![], &json!(0)));
    label(&client, "after").await;
    assert_eq!(numbers(&told(&client, "").await), [52]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_journal_of_nothing_keeps_nothing() {
    let client = client(Some(0)).await;
    label(&client, "a").await;
    assert_eq!(numbers(&told(&client, "").await), [0_u64; 0]);
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_follows_hears_of_the_next_call_that_is_meant() {
    let client = client(None).await;
    let last = told(&client, "").await["last"].as_u64().expect("a number");
    let follows = {
        let client = client.clone();
        tokio::spawn(
            async move { told(&client, &format!("after={last}&operation=zia.rule_label&wait=60")).await },
        )
    };
    // Another call is no news to it.
    client.call("GET", "/zia/api/v1/status", None).await;
    label(&client, "news").await;
    let heard =
        tokio::time::timeout(Duration::from_secs(50), follows).await.expect("it is told").expect("it ends");
    assert_eq!(heard["requests"][0]["request"]["name"], "news");
    assert_eq!(heard["requests"][0]["changed"]["after"]["name"], "news");
}

#[tokio::test(flavor = "multi_thread")]
async fn only_the_operator_reads_it() {
    let client = client(None).await;
    let request =
        http::Request::get("/_zuno/requests").header("host", "localhost").body(()).expect("well formed");
    assert_eq!(client.send(request, "".into()).await.0, 401);
}
