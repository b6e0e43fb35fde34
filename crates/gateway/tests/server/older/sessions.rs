//! Sessions of internet access and connectors: how they begin, last and end.

use std::sync::Arc;

use http::Request;
use serde_json::json;
use zuno_gateway::{Cloud, Options};
use zuno_model::TenantId;
use zuno_store::read;

use super::{LABELS, SESSION, ZIA, ZTW, client, cookie, now_ms, obfuscated, options, refused, store};
use crate::client::{Client, open};

#[tokio::test(flavor = "multi_thread")]
async fn a_session_works_on_the_same_records_until_it_is_signed_out() {
    let client = client().await;
    let (status, headers, body) = client.session_at(ZIA, SESSION, "first", "first-secret").await;
    assert_eq!(status, 200);
    let wanted = json!({
        "authType": "ADMIN_LOGIN", "obfuscateApiKey": true, "passwordExpiryTime": -1, "passwordExpiryDays": -1,
    });
    assert_eq!(body, wanted);
    let shown = format!("JSESSIONID={}", cookie(&headers));
    let shown = Some(("cookie", shown.as_str()));
    client.session_at(ZIA, SESSION, "first", "wrong").await;
    let (_, log) = client.operate("GET", "/tenants/acme/audit?product=zia", &json!(null)).await;
    let told: Vec<_> = log["entries"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|entry| (&entry["operation"], &entry["result"]))
        .collect();
    assert_eq!(told, [(&json!("sign-in"), &json!("FAILURE")), (&json!("sign-in"), &json!("SUCCESS"))]);
    let label = json!({"name": "older"});
    let (status, headers, made) = client.at_host(ZIA, "POST", LABELS, shown, Some(&label)).await;
    assert_eq!(status, 200, "{made}");
    assert_eq!(headers["x-zscaler-mode"], "read-write");
    assert!(!headers.contains_key("x-oneapi-request-id") && !headers.contains_key("x-ratelimit-limit"));
    let (_, _, list) = client.call("GET", "/zia/api/v1/ruleLabels", None).await;
    assert_eq!(list[0]["name"], "older", "the same records");
    let (_, _, body) = client.at_host(ZIA, "GET", SESSION, shown, None).await;
    assert_eq!(body, wanted);
    let (_, _, waits) = client.call("GET", "/zia/api/v1/status", None).await;
    assert_eq!(waits["status"], "PENDING");
    let (status, _, body) = client.at_host(ZIA, "DELETE", SESSION, shown, None).await;
    assert_eq!((status, body), (200, json!({"status": "ACTIVE"})));
    let (_, _, waits) = client.call("GET", "/zia/api/v1/status", None).await;
    assert_eq!(waits["status"], "ACTIVE", "signing out activates");
    for (method, path) in [("GET", LABELS), ("DELETE", SESSION)] {
        refused(&client.at_host(ZIA, method, path, shown, None).await, 401, "SESSION_NOT_VALID");
    }
    let (status, _, body) = client.at_host(ZIA, "GET", SESSION, shown, None).await;
    assert_eq!((status, body), (200, json!({"obfuscateApiKey": true})));
}

#[tokio::test(flavor = "multi_thread")]
async fn names_times_and_paths_are_taken_as_clients_write_them() {
    let client = client().await;
    let keys = client.older_keys("first").await;
    let (cloud, name) = (keys["cloud"].as_str(), keys["username"].as_str().expect("a name"));
    assert_eq!((cloud, name), (Some("zscalerthree"), "first@24326813.zscalerthree.net"));
    let (_, tenants) = client.operate("GET", "/tenants", &json!(null)).await;
    assert_eq!(tenants[0]["api_key"], keys["api_key"]);
    for (host, path) in [
        (ZIA, SESSION),
        ("admin.zspreview.net", SESSION),
        (ZIA, "/authenticatedSession"),
        (ZTW, "/api/v1/auth"),
        (ZTW, "/auth"),
        (ZTW, "/api/v1/auth?includeDisplayPreferences=true"),
        ("localhost:8080", SESSION),
    ] {
        let (status, headers, body) = client.session_at(host, path, name, "first-secret").await;
        assert_eq!((status, body["authType"].as_str()), (200, Some("ADMIN_LOGIN")), "{host}{path}");
        cookie(&headers);
    }
    let timestamp = now_ms().to_string();
    let key = obfuscated(keys["api_key"].as_str().expect("a key"), &timestamp);
    let body =
        json!({"apiKey": key, "username": "first", "password": "first-secret", "timestamp": timestamp});
    assert_eq!(client.at_host(ZIA, "POST", SESSION, None, Some(&body)).await.0, 200, "text");
    // A jar may send the cookie of an earlier session before that of this one.
    let session = client.session("first", "first-secret").await;
    let shown = format!("a=b; JSESSIONID=00000001aaaaaaaaaaaaaaaaaaaaaaaa; JSESSIONID={session}");
    assert_eq!(client.at_host(ZIA, "GET", LABELS, Some(("cookie", &shown)), None).await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_does_not_prove_itself_is_refused() {
    let client = client().await;
    let key = client.older_keys("first").await["api_key"].as_str().expect("a key").to_owned();
    let sent = |key: &str, ago_ms: i64, username: &str, password: &str| {
        let timestamp = now_ms() - ago_ms;
        let key = obfuscated(key, &timestamp.to_string());
        json!({"apiKey": key, "username": username, "password": password, "timestamp": timestamp})
    };
    let hours = 3_600_000;
    for (body, status, code) in [
        (sent("abcdefghijkl", 0, "first", "first-secret"), 401, "AUTHENTICATION_FAILED"),
        (sent(&key, 2 * hours + 60_000, "first", "first-secret"), 401, "AUTHENTICATION_FAILED"),
        (sent(&key, -2 * hours - 60_000, "first", "first-secret"), 401, "AUTHENTICATION_FAILED"),
        (sent(&key, 0, "nobody", "first-secret"), 400, "INVALID_USERNAME_OR_PASSWORD"),
        (sent(&key, 0, "first", "wrong"), 400, "INVALID_USERNAME_OR_PASSWORD"),
        (json!({"username": "first", "password": "first-secret"}), 401, "AUTHENTICATION_FAILED"),
    ] {
        refused(&client.at_host(ZIA, "POST", SESSION, None, Some(&body)).await, status, code);
    }
    for early in [2 * hours - 60_000, 60_000 - 2 * hours] {
        let body = sent(&key, early, "first", "first-secret");
        assert_eq!(client.at_host(ZIA, "POST", SESSION, None, Some(&body)).await.0, 200);
    }
    let (status, _, body) = client.at_host(ZIA, "POST", SESSION, None, Some(&json!([1]))).await;
    assert_eq!((status, &body["message"]), (400, &json!("Request body is invalid.")));
    let request = Request::post(SESSION).header("host", ZIA).body(()).expect("well formed");
    assert_eq!(client.send(request, "{}".into()).await.0, 415);
    assert_eq!(client.at_host(ZIA, "PUT", SESSION, None, Some(&json!({}))).await.0, 405);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_signs_in_too_often_is_told_to_wait_where_limits_are_kept() {
    let client = Client::start(store(), Options { real_limits: true, ..options() }).await;
    let session = client.session("first", "first-secret").await;
    let mut many = 0;
    // Two a second are let through, and these take no second each.
    for _ in 0..50 {
        let status = client.with(&session, "GET", SESSION, None).await;
        assert!(matches!(status, 200 | 429), "{status}");
        many += usize::from(status == 429);
    }
    assert!(many > 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_ends_when_nobody_uses_it() {
    let client = client().await;
    let session = client.session("first", "first-secret").await;
    for minutes in [4, 8, 12] {
        client.clock(minutes * 60).await;
        assert_eq!(client.with(&session, "GET", LABELS, None).await, 200, "{minutes} minutes, used");
    }
    client.clock(17 * 60).await;
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 401, "five minutes unused");
    // As the tenant has set it, once that is in force.
    let session = client.session("first", "first-secret").await;
    let (_, _, mut settings) = client.call("GET", "/zia/api/v1/advancedSettings", None).await;
    settings["apiSessionTimeout"] = json!(1200);
    let (status, _, told) = client.call("PUT", "/zia/api/v1/advancedSettings", Some(&settings)).await;
    assert_eq!(status, 200, "{told}");
    client.clock(21 * 60).await;
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 200);
    client.clock(27 * 60).await;
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 401, "it waits for an activation");
    client.call("POST", "/zia/api/v1/status/activate", Some(&json!({}))).await;
    let session = client.session("first", "first-secret").await;
    client.clock(46 * 60).await;
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 200);
    client.clock(67 * 60).await;
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 401);
    // Connectors have half an hour.
    let (_, headers, _) = client.session_at(ZTW, "/api/v1/auth", "first", "first-secret").await;
    let shown = format!("JSESSIONID={}", cookie(&headers));
    let groups =
        async || client.at_host(ZTW, "GET", "/api/v1/ecgroup", Some(("cookie", &shown)), None).await.0;
    client.clock(96 * 60).await;
    assert_eq!(groups().await, 200);
    client.clock(127 * 60).await;
    assert_eq!(groups().await, 401);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_end_by_hand_or_by_time_leaves_no_note_and_a_use_writes_seldom() {
    let store = store();
    let client = Client::start(Arc::clone(&store), options()).await;
    let notes = || read(store.as_ref(), |tx| tx.notes(TenantId(1), "session:")).expect("notes");
    let session = client.session("first", "first-secret").await;
    let kept = notes();
    assert_eq!(kept.len(), 1);
    let text = format!("{}{}", kept[0].0, String::from_utf8_lossy(&kept[0].1));
    assert!(!text.contains(&session) && !text.contains("first-secret"), "{text}");
    client.clock(20).await;
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 200);
    assert_eq!(notes(), kept, "it was used a moment ago");
    client.clock(40).await;
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 200);
    assert_ne!(notes(), kept, "its end was moved on");
    assert_eq!(client.with(&session, "DELETE", SESSION, None).await, 200);
    assert!(notes().is_empty());
    client.session("first", "first-secret").await;
    assert_eq!(notes().len(), 1);
    client.clock(3600).await;
    assert!(notes().is_empty(), "its time is over");
}

#[tokio::test(flavor = "multi_thread")]
async fn two_servers_on_one_store_know_the_same_sessions() {
    let store = store();
    let one = Client::start(Arc::clone(&store), options()).await;
    let cloud: Arc<Cloud> = open(Arc::clone(&store), options());
    cloud.signer().expect("the key is kept");
    let other = one.at(cloud);
    assert_eq!(one.older_keys("first").await, other.older_keys("first").await);
    let session = one.session("first", "first-secret").await;
    assert_eq!(other.with(&session, "GET", LABELS, None).await, 200);
    for seconds in [200, 400, 600] {
        one.clock(seconds).await;
        let used = if seconds == 400 { &other } else { &one };
        assert_eq!(used.with(&session, "GET", LABELS, None).await, 200, "moved on at the other one");
    }
    assert_eq!(other.with(&session, "DELETE", SESSION, None).await, 200);
    assert_eq!(one.with(&session, "GET", LABELS, None).await, 401);
    let session = one.session("first", "first-secret").await;
    assert_eq!(other.with(&session, "GET", LABELS, None).await, 200);
    assert_eq!(one.operate("POST", "/tenants/acme/reset", &json!({})).await.0, 204);
    for server in [&one, &other] {
        assert_eq!(server.with(&session, "GET", LABELS, None).await, 401, "a fresh tenant has no sessions");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn the_organizations_key_tells_which_tenant_is_meant() {
    let client = client().await;
    let wanted = json!({"vanity": "lab", "client_id": "first", "client_secret": "first-secret"});
    assert_eq!(client.operate("POST", "/tenants", &wanted).await.0, 201);
    let (_, tenants) = client.operate("GET", "/tenants", &json!(null)).await;
    let timestamp = now_ms() / 1_000_000 * 1_000_000 + 345_678;
    let mut sessions = Vec::new();
    for tenant in tenants.as_array().expect("a list") {
        let key = obfuscated(tenant["api_key"].as_str().expect("a key"), &timestamp.to_string());
        let body =
            json!({"apiKey": key, "username": "first", "password": "first-secret", "timestamp": timestamp});
        let (status, headers, _) = client.at_host(ZIA, "POST", SESSION, None, Some(&body)).await;
        assert_eq!(status, 200);
        sessions.push(cookie(&headers));
    }
    assert_eq!(client.with(&sessions[1], "POST", LABELS, Some(&json!({"name": "lab's"}))).await, 200);
    let list = async |session: &str| {
        let shown = format!("JSESSIONID={session}");
        client.at_host(ZIA, "GET", LABELS, Some(("cookie", &shown)), None).await.2
    };
    assert_eq!(list(&sessions[0]).await, json!([]));
    assert_eq!(list(&sessions[1]).await[0]["name"], "lab's");
    assert_eq!(client.operate("DELETE", "/tenants/lab", &json!(null)).await.0, 204);
    assert_eq!(client.with(&sessions[1], "GET", LABELS, None).await, 401);
    assert_eq!(client.operate("GET", "/tenants/acme/legacy/nobody", &json!(null)).await.0, 404);
}

/// Connectors' API keys sign in beside the organization's; one that is replaced no longer does.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_made_for_connectors_is_good_there_until_it_is_replaced() {
    let client = client().await;
    let sent = |key: &str, username: &str| {
        let timestamp = now_ms();
        let key = obfuscated(key, &timestamp.to_string());
        json!({"apiKey": key, "username": username, "password": "first-secret", "timestamp": timestamp})
    };
    let body = json!({"permissions": ["NONE"], "enabled": true});
    let (_, _, made) = client.call("POST", "/ztw/api/v1/apiKeys", Some(&body)).await;
    let key = made["keyValue"].as_str().expect("a key").to_owned();
    let signed_in = async |host: &str, path: &str, key: &str, username: &str| {
        client.at_host(host, "POST", path, None, Some(&sent(key, username))).await.0
    };
    assert_eq!(signed_in(ZTW, "/api/v1/auth", &key, "first").await, 200);
    assert_eq!(
        signed_in(ZTW, "/api/v1/auth", &key, "first@1.zscaler.net").await,
        401,
        "of another organization"
    );
    assert_eq!(
        signed_in(ZIA, SESSION, &key, "first").await,
        401,
        "internet access has the organization's alone"
    );
    let path = format!("/ztw/api/v1/apiKeys/{}/regenerate", made["id"]);
    let (_, _, renewed) = client.call("POST", &path, None).await;
    let renewed = renewed["keyValue"].as_str().expect("a key").to_owned();
    assert_eq!(signed_in(ZTW, "/api/v1/auth", &key, "first").await, 401);
    assert_eq!(signed_in(ZTW, "/api/v1/auth", &renewed, "first").await, 200);
    let off = json!({"permissions": ["NONE"], "enabled": false});
    let (_, _, made) = client.call("POST", "/ztw/api/v1/apiKeys", Some(&off)).await;
    let key = made["keyValue"].as_str().expect("a key");
    assert_eq!(signed_in(ZTW, "/api/v1/auth", key, "first").await, 401, "one that is off");
}
