//! Who signs in at the older hosts, and what the sign-in counts for.

use serde_json::{Value, json};

use super::{LABELS, SESSION, ZCC, ZDX, ZIA, ZTW, client, cookie, now_ms, refused};
use crate::client::Client;

const CLIENTS: &str = "/ziam/admin/api/v1/api-clients";

#[tokio::test(flavor = "multi_thread")]
async fn three_failures_close_a_client_at_every_older_host() {
    let client = client().await;
    for _ in 0..3 {
        client.session_at(ZIA, SESSION, "first", "wrong").await;
    }
    let login = json!({"apiKey": "first", "secretKey": "first-secret"});
    assert_eq!(client.at_host(ZCC, "POST", "/papi/auth/v1/login", None, Some(&login)).await.0, 401);
    assert_eq!(client.sign_in("first", "first-secret").await.0, 401);
    let again = client.session_at(ZIA, SESSION, "first", "first-secret").await;
    refused(&again, 400, "INVALID_USERNAME_OR_PASSWORD");
    client.clock(1800).await;
    client.session("first", "first-secret").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_shown_at_one_entry_point_counts_at_no_other() {
    let client = client().await;
    let session = client.session("first", "first-secret").await;
    let shown = format!("JSESSIONID={session}");
    let shown = Some(("cookie", shown.as_str()));
    assert_eq!(client.at_host(ZTW, "GET", "/api/v1/ecgroup", shown, None).await.0, 401);
    assert_eq!(client.at_host(ZIA, "GET", "/api/v1/ecgroup", shown, None).await.0, 404);
    let bearer = format!("Bearer {session}");
    for host in ["api.zsapi.net", ZDX] {
        let (status, _, _) = client
            .at_host(host, "GET", "/zia/api/v1/ruleLabels", Some(("authorization", &bearer)), None)
            .await;
        assert_eq!(status, 401, "{host}");
    }
    let token = format!("Bearer {}", client.token());
    for host in [ZIA, ZTW, ZCC, ZDX] {
        let (status, _, _) =
            client.at_host(host, "GET", "/v1/apps", Some(("authorization", &token)), None).await;
        assert_eq!(status, 401, "{host}");
    }
    let as_cookie = format!("JSESSIONID={}", client.token());
    assert_eq!(client.at_host(ZIA, "GET", LABELS, Some(("cookie", &as_cookie)), None).await.0, 401);
    assert_eq!(
        client
            .at_host(ZCC, "GET", "/papi/public/v1/getDevices", Some(("auth-token", client.token())), None)
            .await
            .0,
        401
    );
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 200);
}

/// Another API client, with these scopes of the first one's.
async fn colleague(client: &Client, keeps: impl Fn(&str) -> bool) -> (String, String) {
    let (_, _, own) = client.call("GET", &format!("{CLIENTS}/first"), None).await;
    let mut resources = own["clientResources"].clone();
    for resource in resources.as_array_mut().expect("a list") {
        let scopes = resource["selectedScopes"].as_array_mut().expect("a list");
        scopes.retain(|scope| keeps(scope["name"].as_str().unwrap_or_default()));
    }
    let new = json!({
        "name": "Colleague", "accessTokenLifeTime": 3600, "clientAuthentication": { "authType": "SECRET" },
        "clientResources": resources,
    });
    let (status, _, made) = client.call("POST", CLIENTS, Some(&new)).await;
    assert_eq!(status, 201, "{made}");
    let id = made["id"].as_str().expect("an id").to_owned();
    let (_, _, secret) = client.call("POST", &format!("{CLIENTS}/{id}/secrets"), Some(&json!({}))).await;
    (id, secret["value"].as_str().expect("a secret").to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_has_the_rights_of_its_client_as_they_are_now() {
    let client = client().await;
    let (id, secret) = colleague(&client, |name| !name.contains(":zia.")).await;
    let answer = client.session_at(ZIA, SESSION, &id, &secret).await;
    refused(&answer, 400, "INVALID_USERNAME_OR_PASSWORD");
    let (status, headers, _) = client.session_at(ZTW, "/api/v1/auth", &id, &secret).await;
    assert_eq!(status, 200, "it has a role there");
    let shown = format!("JSESSIONID={}", cookie(&headers));
    let groups =
        async || client.at_host(ZTW, "GET", "/api/v1/ecgroup", Some(("cookie", &shown)), None).await.0;
    assert_eq!(groups().await, 200);
    let turned = async |on: bool| {
        let path = format!("{CLIENTS}/{id}");
        let (_, _, mut record) = client.call("GET", &path, None).await;
        record["status"] = json!(on);
        assert_eq!(client.call("PUT", &path, Some(&record)).await.0, 200);
    };
    turned(false).await;
    assert_eq!(groups().await, 401);
    assert_eq!(client.session_at(ZTW, "/api/v1/auth", &id, &secret).await.0, 400);
    turned(true).await;
    assert_eq!(groups().await, 401, "a session of before");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_administrator_signs_in_by_name_and_password() {
    let client = client().await;
    let role = async |name: &str, policy: &str| {
        let body = json!({"name": name, "policyAccess": policy, "roleType": "ORG_ADMIN", "rank": 7});
        let (status, _, made) = client.call("POST", "/zia/api/v1/adminRoles", Some(&body)).await;
        assert_eq!(status, 200, "{made}");
        made["id"].clone()
    };
    let (writer, reader) = (role("Writers", "READ_WRITE").await, role("Readers", "READ_ONLY").await);
    let path = "/zia/api/v1/adminUsers";
    let mut admin = json!({
        "loginName": "Ann@example.com", "userName": "Ann", "email": "ann@example.com", "role": {"id": writer},
        "isPasswordLoginAllowed": true, "password": "Harbour+9", "adminScopeType": "ORGANIZATION",
    });
    let (status, _, made) = client.call("POST", path, Some(&admin)).await;
    assert_eq!(status, 200, "{made}");
    let session = client.session("ann@example.com", "Harbour+9").await;
    let label = json!({"name": "by Ann"});
    let shown = format!("JSESSIONID={session}");
    let (status, _, label) =
        client.at_host(ZIA, "POST", LABELS, Some(("cookie", &shown)), Some(&label)).await;
    assert_eq!((status, &label["lastModifiedBy"]["name"]), (200, &json!("Ann")), "{label}");
    let answer = client.session_at(ZIA, SESSION, "ann@example.com", "wrong").await;
    refused(&answer, 400, "INVALID_USERNAME_OR_PASSWORD");
    let at = format!("{path}/{}", made["id"]);
    admin["role"] = json!({"id": reader});
    assert_eq!(client.call("PUT", &at, Some(&admin)).await.0, 200);
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 200);
    assert_eq!(
        client.with(&session, "POST", LABELS, Some(&json!({"name": "b"}))).await,
        403,
        "its role is another"
    );
    assert_eq!(client.with(&session, "DELETE", SESSION, None).await, 200, "it may sign out");
    let session = client.session("ann@example.com", "Harbour+9").await;
    admin["password"] = json!("Harbour+10");
    assert_eq!(client.call("PUT", &at, Some(&admin)).await.0, 200);
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 401, "the password is another");
    let session = client.session("ann@example.com", "Harbour+10").await;
    admin["disabled"] = json!(true);
    assert_eq!(client.call("PUT", &at, Some(&admin)).await.0, 200);
    assert_eq!(client.with(&session, "GET", LABELS, None).await, 401, "it is switched off");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_client_connector_gets_a_token_for_its_header() {
    let client = client().await;
    let login = json!({"apiKey": "first", "secretKey": "first-secret"});
    let (status, headers, body) =
        client.at_host(ZCC, "POST", "/papi/auth/v1/login", None, Some(&login)).await;
    assert_eq!((status, &body["message"]), (200, &Value::Null));
    assert_eq!(headers["content-type"], "application/json;charset=UTF-8");
    let token = body["jwtToken"].as_str().expect("a token").to_owned();
    let devices = "/papi/public/v1/getDevices";
    let (status, headers, list) =
        client.at_host(ZCC, "GET", devices, Some(("auth-token", &token)), None).await;
    assert_eq!((status, list.is_array()), (200, true));
    assert!(headers.contains_key("x-rate-limit-remaining"));
    for host in ["mobile.zscaler.net", "mobile6.zscalerten.net"] {
        assert_eq!(client.at_host(host, "GET", devices, Some(("auth-token", &token)), None).await.0, 200);
    }
    let bearer = format!("Bearer {token}");
    for (host, path) in
        [(ZCC, devices), (ZDX, "/v1/apps"), ("api.zsapi.net", "/zcc/papi/public/v1/getDevices")]
    {
        assert_eq!(client.at_host(host, "GET", path, Some(("authorization", &bearer)), None).await.0, 401);
    }
    client.clock(3600).await;
    assert_eq!(client.at_host(ZCC, "GET", devices, Some(("auth-token", &token)), None).await.0, 401);
    for login in [
        json!({"apiKey": "first", "secretKey": "wrong"}),
        json!({"apiKey": "nobody", "secretKey": "x"}),
        json!([]),
    ] {
        let (status, _, body) = client.at_host(ZCC, "POST", "/papi/auth/v1/login", None, Some(&login)).await;
        assert_eq!((status, &body["jwtToken"]), (401, &Value::Null));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_digital_experience_gets_a_token_by_its_secret_or_a_hash_of_it() {
    let client = client().await;
    let keys = client.older_keys("first").await;
    let measuring = keys["measuring_secret"].as_str().expect("a secret").to_owned();
    let sign_in = async |body: Value| client.at_host(ZDX, "POST", "/v1/oauth/token", None, Some(&body)).await;
    for secret in ["first-secret", &measuring] {
        let (status, _, body) = sign_in(json!({"key_id": "first", "key_secret": secret})).await;
        assert_eq!((status, &body["token_type"], &body["expires_in"]), (200, &json!("Bearer"), &json!(3600)));
    }
    let hashed = |secret: &str, ago: i64| {
        let sent = now_ms() / 1000 - ago;
        let hash = sha256(&format!("{secret}:{sent}"));
        json!({"key_id": "first", "key_secret": hash, "timestamp": sent})
    };
    assert_eq!(sign_in(hashed(&measuring, 1000)).await.0, 401, "more than fifteen minutes old");
    let (status, _, body) = sign_in(hashed(&measuring, 800)).await;
    assert_eq!(status, 200, "{body}");
    let bearer = format!("Bearer {}", body["token"].as_str().expect("a token"));
    let shown = Some(("authorization", bearer.as_str()));
    let apps = async || client.at_host(ZDX, "GET", "/v1/apps", shown, None).await.0;
    assert_eq!(apps().await, 200);
    let (status, _, body) = client.at_host("api.zdxbeta.net", "GET", "/v1/oauth/validate", shown, None).await;
    assert_eq!((status, body), (200, json!({"valid": true})));
    let (_, _, body) = client.at_host(ZDX, "GET", "/v1/oauth/jwks", shown, None).await;
    assert!(body["keys"].as_array().is_some_and(|keys| !keys.is_empty()), "{body}");
    assert_eq!(client.at_host(ZDX, "GET", "/v1/oauth/validate", None, None).await.0, 401);
    assert_eq!(client.at_host(ZCC, "GET", "/papi/public/v1/getDevices", shown, None).await.0, 401);
    client.clock(3600).await;
    assert_eq!(apps().await, 401);
    assert_eq!(
        sign_in(hashed("first-secret", 0)).await.0,
        401,
        "a digest is kept of it, and no hash can be held against that"
    );
    assert_eq!(client.at_host(ZDX, "DELETE", "/v1/oauth/token", None, None).await.0, 405);
}

fn sha256(text: &str) -> String {
    let hash = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, text.as_bytes());
    hash.as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}
