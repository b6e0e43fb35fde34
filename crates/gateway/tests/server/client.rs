//! A server in this process, and a client of it with a token.

use std::sync::{Arc, LazyLock};

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use zuno_catalogue::Catalogue;
use zuno_gateway::{Cloud, FirstTenant, Options};
use zuno_identity::{KeysInMemory, Secret};
use zuno_store::Store;

/// What the operator of these servers shows.
pub const OPERATOR: &str = "test-operator";

/// The older private-access address.
const LEGACY: &str = "config.private.zscaler.com";

/// A server on a store that has its first tenant, or will.
pub fn open(store: Arc<dyn Store>, options: Options) -> Arc<Cloud> {
    open_with(store, Arc::clone(&KEYS), options)
}

/// The same, with keys of its own.
pub fn open_with(store: Arc<dyn Store>, keys: Arc<KeysInMemory>, options: Options) -> Arc<Cloud> {
    let options = Options { operator: Some(Secret::chosen(OPERATOR)), ..options };
    Cloud::open(store, keys, Catalogue::compiled(), options).expect("a cloud opens")
}

/// The keys of all servers here, so that any two can be on one store.
static KEYS: LazyLock<Arc<KeysInMemory>> = LazyLock::new(Arc::default);

/// A server, and a token to use it with.
#[derive(Clone)]
pub struct Client {
    pub cloud: Arc<Cloud>,
    token: String,
}

impl Client {
    /// Starts a server on a store; the client has every role.
    pub async fn start(store: Arc<dyn Store>, options: Options) -> Client {
        Client::start_with(store, Arc::clone(&KEYS), options).await
    }

    /// The same, with keys of its own.
    pub async fn start_with(store: Arc<dyn Store>, keys: Arc<KeysInMemory>, options: Options) -> Client {
        let first = FirstTenant {
            client_id: Some("first".into()),
            client_secret: Some(Secret::chosen("first-secret")),
            ..FirstTenant::default()
        };
        let options = Options { first, es256: true, ..options };
        let cloud = open_with(store, keys, options);
        cloud.first_tenant(|_| Ok(())).expect("the first tenant is made");
        Client { cloud, token: String::new() }.signed_in("first", "first-secret").await
    }

    /// The same server, as another API client uses it.
    pub async fn signed_in(&self, id: &str, secret: &str) -> Client {
        let form = format!("grant_type=client_credentials&client_id={id}&client_secret={secret}");
        self.signed_in_at("localhost", &form).await
    }

    /// The same server, as an API client uses it that asks at this host for its token.
    pub async fn signed_in_at(&self, host: &str, form: &str) -> Client {
        let request = Request::post("/oauth2/v1/token")
            .header("host", host)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(())
            .expect("well formed");
        let form = format!("{form}&audience=https://api.zscaler.com");
        let (_, _, body) = self.send(request, form.into()).await;
        let token = body["access_token"].as_str().expect("a token").to_owned();
        Client { cloud: Arc::clone(&self.cloud), token }
    }

    /// The tenant's customer id.
    pub fn customer(&self) -> i64 {
        self.cloud.tenants().expect("they are read")[0].customer_id
    }

    /// Its token.
    pub fn token(&self) -> &str {
        &self.token
    }

    /// One call of an API, as it is answered.
    pub async fn call(&self, method: &str, path: &str, body: Option<&Value>) -> (u16, HeaderMap, Value) {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", "api.zsapi.net")
            .header("content-type", "application/json")
            .header("authorization", format!("Bearer {}", self.token))
            .body(())
            .expect("well formed");
        self.send(request, body.map(|value| Bytes::from(value.to_string())).unwrap_or_default()).await
    }

    /// One call of the server itself, as its operator makes it.
    pub async fn operate(&self, method: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = Request::builder()
            .method(method)
            .uri(format!("/_zuno{path}"))
            .header("host", "localhost")
            .header("authorization", format!("Bearer {OPERATOR}"))
            .body(())
            .expect("well formed");
        let (status, _, answer) = self.send(request, body.to_string().into()).await;
        (status, answer)
    }

    /// The older sign-in: the status, and the session's token where there is one.
    pub async fn sign_in(&self, id: &str, secret: &str) -> (u16, String) {
        let form = format!("client_id={id}&client_secret={secret}");
        let request = Request::post("/signin")
            .header("host", LEGACY)
            .header("content-type", "application/x-www-form-urlencoded")
            .body(())
            .expect("well formed");
        let (status, _, body) = self.send(request, form.into()).await;
        (status, body["access_token"].as_str().unwrap_or_default().to_owned())
    }

    /// The status of a call at the older address with a session's token.
    pub async fn older(&self, method: &str, path: &str, session: &str) -> u16 {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("host", LEGACY)
            .header("authorization", format!("Bearer {session}"))
            .body(())
            .expect("well formed");
        self.send(request, Bytes::new()).await.0
    }

    /// The same caller with the same token at another server on the store, or at this one after a restart.
    pub fn at(&self, cloud: Arc<Cloud>) -> Client {
        Client { cloud, token: self.token.clone() }
    }

    /// One call of whatever service the request is for, as it is answered.
    pub async fn send(&self, request: Request<()>, body: Bytes) -> (u16, HeaderMap, Value) {
        let (head, ()) = request.into_parts();
        let (head, body) = self.cloud.answer(head, body).await.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        (head.status.as_u16(), head.headers, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}
