//! The cloud behind hyper: takes the body in, bounded, and hands the whole request over.

use std::convert::Infallible;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::Request;
use http_body_util::{BodyExt, Limited};
use hyper::body::{Body as _, Incoming};

use crate::Cloud;
use crate::respond::{Whole, refusal, whole};

/// The largest body taken, in bytes: a category of 25,000 URLs of full length fits.
const LARGEST_BODY: usize = 32 << 20;

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

impl hyper::service::Service<Request<Incoming>> for Service {
    type Response = Whole;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Whole, Infallible>> + Send>>;

    fn call(&self, request: Request<Incoming>) -> Self::Future {
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
