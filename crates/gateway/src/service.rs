//! A whole request and its whole answer, by the service of the cloud that it is for; and the cloud behind hyper, which
//! takes the body in, bounded.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::request::Parts;
use http::{Method, StatusCode};
use http_body_util::{BodyExt, Full, Limited};
use hyper::body::{Body as _, Incoming};

use crate::place::{self, Place};
use crate::request::Request;
use crate::respond::{Whole, refusal, whole};
use crate::{Cloud, api, legacy, own, published, scim, tokens, trust};

/// The largest body taken, in bytes: a category of 25,000 URLs of full length fits.
const LARGEST_BODY: usize = 32 << 20;

impl Cloud {
    /// Answers a whole request. What answers HEAD has no body: over HTTP/2 one would break the stream.
    pub async fn answer(self: &Arc<Self>, head: Parts, body: Bytes) -> Whole {
        let request = Request::new(head, body);
        let mut answer = self.answer_of_its_place(&request).await;
        if request.head.method == Method::HEAD {
            if answer.status() != StatusCode::NOT_MODIFIED {
                let length = answer.body().size_hint().exact().unwrap_or(0);
                answer.headers_mut().insert(CONTENT_LENGTH, length.into());
            }
            *answer.body_mut() = Full::default();
        }
        answer
    }

    async fn answer_of_its_place(self: &Arc<Self>, request: &Request) -> Whole {
        match place::of(request.host(), &request.path) {
            Place::Api { path, legacy, vanity } => api::answer(self, request, path, legacy, vanity).await,
            Place::Identity { vanity } => tokens::answer(self, request, vanity.as_deref()).await,
            Place::LegacySignIn => legacy::answer(self, request),
            Place::Provisioning => scim::answer(self, request).await,
            Place::Own => own::answer(self, request).await,
            Place::Published => published::answer(self, request),
            Place::Trust => trust::answer(self, request),
            Place::Nowhere => whole(501, Some("text/plain"), "this service of the cloud is not built yet\n"),
        }
    }
}

/// The cloud as a hyper service.
#[derive(Clone)]
pub struct Service {
    cloud: Arc<Cloud>,
}

impl Service {
    /// Serves a cloud.
    pub fn new(cloud: Arc<Cloud>) -> Service {
        Service { cloud }
    }
}

impl hyper::service::Service<http::Request<Incoming>> for Service {
    type Response = Whole;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Whole, Infallible>> + Send>>;

    fn call(&self, request: http::Request<Incoming>) -> Self::Future {
        let cloud = Arc::clone(&self.cloud);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            let body = if body.is_end_stream() {
                Bytes::new()
            } else {
                match Limited::new(body, LARGEST_BODY).collect().await {
                    Ok(whole) => whole.to_bytes(),
                    Err(_) => {
                        return Ok(whole(413, Some("application/json"), refusal("request body too large")));
                    }
                }
            };
            Ok(cloud.answer(head, body).await)
        })
    }
}
