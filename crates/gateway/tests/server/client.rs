//! A server in this process, and a client of it with a token.

use std::sync::Arc;

use bytes::Bytes;
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use serde_json::Value;
use zuno_catalogue::Catalogue;
use zuno_gateway::{Cloud, FirstTenant, Options};
use zuno_identity::Secret;
use zuno_store::Store;

/// A server, and a token to use it with.
#[derive(Clone)]
pub struct Client {
    pub cloud: Arc<Cloud>,
    token: String,
}

impl Client {
    /// Starts a server on a store; the client has every role.
    pub async fn start(store: Arc<dyn Store>, options: Options) -> Client {
        let first = FirstTenant {
            client_id: Some("first".into()),
            client_secret: Some(Secret::chosen("s")),
            ..FirstTenant::default()
        };
        let options = Options { first, es256: true, ..options };
        let cloud = Cloud::open(store, Catalogue::compiled(), options).expect("a cloud opens");
        cloud.first_tenant().expect("the first tenant is made");
        Client { cloud, token: String::new() }.signed_in("first", "s").await
    }

    /// The same server, as another API client uses it.
    pub async fn signed_in(&self, id: &str, secret: &str) -> Client {
        let form = format!(
            "grant_type=client_credentials&client_id={id}&client_secret={secret}&audience=https://api.zscaler.com"
        );
        let request = Request::post("/oauth2/v1/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .body(())
            .expect("well formed");
        let (_, _, body) = self.send(request, form.into()).await;
        let token = body["access_token"].as_str().expect("a token").to_owned();
        Client { cloud: Arc::clone(&self.cloud), token }
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

    async fn send(&self, request: Request<()>, body: Bytes) -> (u16, HeaderMap, Value) {
        let (head, ()) = request.into_parts();
        let (head, body) = self.cloud.answer(head, body).await.into_parts();
        let bytes = body.collect().await.expect("a whole body").to_bytes();
        (head.status.as_u16(), head.headers, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
    }
}
