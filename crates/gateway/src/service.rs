//! A whole request and its whole answer, by the service of the cloud that it is for; and the cloud behind hyper, which
//! takes the body in, bounded, once it is known whose it is.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, HeaderValue, RETRY_AFTER};
use http::request::Parts;
use http::{Method, StatusCode};
use http_body_util::Full;
use hyper::body::{Body as _, Incoming};
use zuno_intercept::Via;

use crate::bodies::{LARGEST, NotTaken, SMALL, Share};
use crate::cut::{CutOff, PerhapsCut};
use crate::destination::{self, Destination};
use crate::journal::{Began, Exchange, Service, operation};
use crate::request::Request;
use crate::respond::{Response, absent, refusal, respond};
use crate::{Cloud, api, legacy, operator, own, published, scim, snapshots, tokens, trust};

/// The largest body taken from the operator, in bytes: the page of a post fits.
const LARGEST_OF_OPERATOR: usize = 1 << 20;

impl Cloud {
    /// Answers a whole request. What answers HEAD has no body: over HTTP/2 one would break the stream.
    pub async fn answer(self: &Arc<Self>, head: Parts, body: Bytes) -> Response {
        let request = Request::new(head, body);
        let destination = destination::of(request.host(), &request.path);
        let began = self.begin(&destination);
        let answer = self.answer_by_destination(&request, destination).await;
        self.done(began, &request, for_method(&request.head.method, answer))
    }

    /// A call begins that the journal will tell of, unless the server is asked about itself; of sign-ins without their bodies.
    fn begin(&self, destination: &Destination) -> Option<Began> {
        let (service, keeps_bodies) = match destination {
            Destination::Api { path, .. } => {
                let products = self.engine.catalogue().products();
                let place = products.iter().position(|product| destination::is_below(path, &product.prefix));
                (place.map_or(Service::Named("api"), Service::Product), true)
            }
            Destination::Provisioning => (Service::Named("scim"), true),
            Destination::Identity { .. } => (Service::Named("token"), false),
            Destination::SignIn(_) => (Service::Named("sign-in"), false),
            Destination::Published => (Service::Named("endpoints"), false),
            Destination::Trust => (Service::Named("trust"), false),
            Destination::Nowhere(service) => (Service::Named(service), false),
            Destination::Own => return None,
        };
        let is_told = self.journal.tells() || self.metrics.is_some();
        is_told.then(|| Began::now(service, keeps_bodies && self.journal.keeps()))
    }

    /// Counts a call that was answered, and enters it in the journal.
    fn done(&self, began: Option<Began>, request: &Request, answer: Response) -> Response {
        if let Some(began) = began {
            let (catalogue, exchange) = (self.engine.catalogue(), Exchange::of(began, request, &answer));
            if let Some(metrics) = &self.metrics {
                let operation = operation(exchange.seen.operation.map(|number| catalogue.operation(number)));
                let Exchange { service, method, status, took, .. } = &exchange;
                metrics.count(service.name(catalogue), operation, method, *status, *took);
            }
            self.journal.add(catalogue, exchange);
        }
        answer
    }

    async fn answer_by_destination(
        self: &Arc<Self>,
        request: &Request,
        destination: Destination,
    ) -> Response {
        match destination {
            Destination::Api { path, entry_point, vanity } => {
                let answer = api::answer(self, request, path.clone(), entry_point, vanity).await;
                self.spied(request, &path, answer).await
            }
            Destination::Identity { vanity } => tokens::answer(self, request, vanity.as_deref()).await,
            Destination::SignIn(entry_point) => legacy::answer(self, request, entry_point).await,
            Destination::Provisioning => scim::answer(self, request).await,
            Destination::Own => own::answer(self, request).await,
            Destination::Published => published::answer(self, request),
            Destination::Trust => trust::answer(self, request),
            Destination::Nowhere(service) => {
                self.tally.missed(service, &request.head.method, &request.path);
                absent(service)
            }
        }
    }

    /// Answers a request whose body is still coming.
    async fn answer_arriving(self: &Arc<Self>, head: Parts, body: Incoming) -> Response {
        let mut request = Request::new(head, Bytes::new());
        if request.via().is_some_and(Via::is_crowded) && !own::is_health(&request) {
            let mut full = respond(
                503,
                Some("application/json"),
                refusal("the server has as many connections as it takes"),
            );
            full.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
            full.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
            return full;
        }
        let destination = destination::of(request.host(), &request.path);
        let began = self.begin(&destination);
        let answer = match self.recording(&request) {
            Some(recording) => self.carry(recording, &mut request, &destination, body).await,
            None => {
                let taken = self.take_in(&mut request, &destination, body).await;
                let (answer, share) = match taken {
                    Ok(share) => (self.answer_by_destination(&request, destination).await, share),
                    Err(refused) => (refused, None),
                };
                drop(share);
                for_method(&request.head.method, answer)
            }
        };
        let mut answer = self.done(began, &request, answer);
        if request.via().is_some_and(Via::is_crowded) {
            answer.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
        }
        answer
    }

    /// Takes a request's body in, or refuses it.
    async fn take_in(
        &self,
        request: &mut Request,
        destination: &Destination,
        body: Incoming,
    ) -> Result<Option<Share>, Response> {
        if body.is_end_stream() {
            return Ok(None);
        }
        let most = match self.welcome(request, destination) {
            Ok(most) => most,
            Err(refused) => {
                // Who asks first whether to send it has not sent it.
                if !request.head.headers.contains_key(EXPECT) {
                    self.bodies.pass_over(body);
                }
                return Err(*refused);
            }
        };
        let (status, why) = match self.bodies.take(body, most).await {
            Ok((body, share)) => {
                request.body = body;
                return Ok(Some(share));
            }
            Err(NotTaken::TooLarge) => (413, "request body too large"),
            Err(NotTaken::Late) => (408, "the request body did not end in time"),
            Err(NotTaken::Broken) => (400, "the request body broke off"),
            Err(NotTaken::Full) => (503, "too many large request bodies at once"),
        };
        let mut refused = respond(status, Some("application/json"), refusal(why));
        if status == 503 {
            refused.headers_mut().insert(RETRY_AFTER, HeaderValue::from_static("1"));
        }
        Err(refused)
    }

    /// How large a body the request may bring, told by its head alone; a caller who is not known is refused before any
    /// of it is read.
    fn welcome(&self, request: &Request, destination: &Destination) -> Result<usize, Box<Response>> {
        let (barred, most) = match destination {
            Destination::Api { entry_point, vanity, .. } => {
                api::caller(self, request, *entry_point, vanity.as_deref())?;
                (None, LARGEST)
            }
            Destination::Provisioning => (scim::barred(self, request), LARGEST),
            Destination::Own if own::is_health(request) => (None, SMALL),
            Destination::Own => {
                let answer = own::page(self, request).or_else(|| operator::barred(self, request));
                let most = match snapshots::brings_one(&request.head.method, &request.path) {
                    true => snapshots::LARGEST,
                    false => LARGEST_OF_OPERATOR,
                };
                (answer, most)
            }
            Destination::Identity { .. }
            | Destination::SignIn(_)
            | Destination::Published
            | Destination::Trust
            | Destination::Nowhere(_) => (None, SMALL),
        };
        barred.map_or(Ok(most), |answer| Err(Box::new(answer)))
    }
}

fn for_method(method: &Method, mut answer: Response) -> Response {
    if *method == Method::HEAD {
        if answer.status() != StatusCode::NOT_MODIFIED {
            let length = answer.body().size_hint().exact().unwrap_or(0);
            answer.headers_mut().insert(CONTENT_LENGTH, length.into());
        }
        *answer.body_mut() = Full::default();
    }
    answer
}

/// The cloud as a hyper service.
#[derive(Clone)]
pub struct HttpService {
    cloud: Arc<Cloud>,
}

impl HttpService {
    /// Serves a cloud.
    pub fn new(cloud: Arc<Cloud>) -> HttpService {
        HttpService { cloud }
    }
}

impl hyper::service::Service<http::Request<Incoming>> for HttpService {
    type Response = http::Response<PerhapsCut>;
    type Error = CutOff;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<PerhapsCut>, CutOff>> + Send>>;

    fn call(&self, request: http::Request<Incoming>) -> Self::Future {
        let cloud = Arc::clone(&self.cloud);
        Box::pin(async move {
            let (head, body) = request.into_parts();
            PerhapsCut::of(cloud.answer_arriving(head, body).await)
        })
    }
}
