//! The older hosts: sign-ins of their own, and then the same product behind them.

mod holders;
mod sessions;

use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::{HeaderMap, Request};
use serde_json::{Value, json};
use zuno_gateway::Options;
use zuno_store::Store;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const ZIA: &str = "zsapi.zscalerthree.net";
const ZTW: &str = "connector.zscalerthree.net";
const ZCC: &str = "api-mobile.zscalerthree.net";
const ZDX: &str = "api.zdxcloud.net";
const SESSION: &str = "/api/v1/authenticatedSession";
const LABELS: &str = "/api/v1/ruleLabels";

fn store() -> Arc<dyn Store> {
    Arc::new(SqliteStore::in_memory().expect("memory opens"))
}

fn options() -> Options {
    Options { es256: true, ..Options::default() }
}

async fn client() -> Client {
    Client::start(store(), options()).await
}

/// Milliseconds of real time.
fn now_ms() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).expect("after 1970");
    i64::try_from(since.as_millis()).expect("it fits")
}

/// The key as a client obfuscates it, written by the description and not by the server's own code.
fn obfuscated(key: &str, timestamp: &str) -> String {
    let key: Vec<char> = key.chars().collect();
    let last = &timestamp[timestamp.len() - 6..];
    let half = format!("{:06}", last.parse::<u32>().expect("digits") / 2);
    let place = |digit: char| digit.to_digit(10).expect("a digit") as usize;
    last.chars()
        .map(|digit| key[place(digit)])
        .chain(half.chars().map(|digit| key[place(digit) + 2]))
        .collect()
}

impl Client {
    /// What the operator is told for clients of the older hosts.
    async fn older_keys(&self, id: &str) -> Value {
        let (status, keys) = self.operate("GET", &format!("/tenants/acme/legacy/{id}"), &json!(null)).await;
        assert_eq!(status, 200, "{keys}");
        keys
    }

    async fn at_host(
        &self,
        host: &str,
        method: &str,
        path: &str,
        shown: Option<(&str, &str)>,
        body: Option<&Value>,
    ) -> (u16, HeaderMap, Value) {
        let mut request = Request::builder().method(method).uri(path).header("host", host);
        if let Some((name, value)) = shown {
            request = request.header(name, value);
        }
        if body.is_some() {
            request = request.header("content-type", "application/json");
        }
        let request = request.body(()).expect("well formed");
        self.send(request, body.map(|body| Bytes::from(body.to_string())).unwrap_or_default()).await
    }

    /// A sign-in for a session, with the time as a number; the answer.
    async fn session_at(
        &self,
        host: &str,
        path: &str,
        username: &str,
        password: &str,
    ) -> (u16, HeaderMap, Value) {
        let keys = self.older_keys("first").await;
        let timestamp = now_ms();
        let key = obfuscated(keys["api_key"].as_str().expect("a key"), &timestamp.to_string());
        let body = json!({"apiKey": key, "username": username, "password": password, "timestamp": timestamp});
        self.at_host(host, "POST", path, None, Some(&body)).await
    }

    /// A session of internet access.
    async fn session(&self, username: &str, password: &str) -> String {
        let (status, headers, body) = self.session_at(ZIA, SESSION, username, password).await;
        assert_eq!(status, 200, "{body}");
        cookie(&headers)
    }

    /// The status of a call of internet access with a session.
    async fn with(&self, session: &str, method: &str, path: &str, body: Option<&Value>) -> u16 {
        let shown = format!("JSESSIONID={session}");
        self.at_host(ZIA, method, path, Some(("cookie", &shown)), body).await.0
    }

    async fn clock(&self, offset: i64) {
        assert_eq!(self.operate("PUT", "/clock", &json!({"offset": offset})).await.0, 200);
    }
}

/// The cookie as the vendor's clients find it: between the name and a semicolon of the first line.
fn cookie(headers: &HeaderMap) -> String {
    let line = headers["set-cookie"].to_str().expect("text");
    let (_, rest) = line.split_once("JSESSIONID=").expect("the name");
    let (value, rest) = rest.split_once(';').expect("a semicolon");
    assert_eq!(rest, " Path=/; Secure; HttpOnly");
    assert!(value.len() == 32 && value.bytes().all(|byte| byte.is_ascii_hexdigit()), "{value}");
    value.to_owned()
}

fn refused(answer: &(u16, HeaderMap, Value), status: u16, code: &str) {
    assert_eq!((answer.0, answer.2["code"].as_str()), (status, Some(code)), "{}", answer.2);
    assert!(!answer.1.contains_key("set-cookie"));
}
