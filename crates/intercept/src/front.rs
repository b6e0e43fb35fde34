//! The first look at each request: for the service, or for the proxy.

use std::{
    future::{Future, ready},
    net::IpAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{
    Method, Request, Response, StatusCode, Version, header,
    uri::{Authority, Scheme as UriScheme},
};
use http_body::{Body, Frame, SizeHint};
use http_body_util::Full;
use hyper::{body::Incoming, service::Service};
use pin_project_lite::pin_project;

use crate::{
    ca::LocalCa,
    listen::ServerState,
    tunnel,
    upstream::Upstream,
    via::{Scheme, Via},
};

/// Any error, as bodies and services report them.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;

/// Whose requests to other hosts than the cloud's are carried on to the real ones.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Foreign {
    /// No one's.
    Nobody,
    /// Those of callers on this machine, who could dial the hosts themselves.
    #[default]
    ThisMachine,
    /// Everyone's: an open proxy, for networks where all callers are trusted.
    Everyone,
}

/// How long peers are waited for.
#[derive(Debug, Clone, Copy)]
pub struct Timeouts {
    /// A connection is closed when, for this long up to twice this long, no request has begun, none is with the
    /// service, and nothing could be written. Streams that stay silent longer must send something meanwhile.
    pub silence: Duration,
    /// For a TLS handshake to end.
    pub handshake: Duration,
    /// For a foreign host to take a connection.
    pub dial: Duration,
    /// For requests in flight to end after the shutdown signal.
    pub farewell: Duration,
}

impl Default for Timeouts {
    fn default() -> Timeouts {
        let seconds = Duration::from_secs;
        Timeouts { silence: seconds(60), handshake: seconds(10), dial: seconds(15), farewell: seconds(10) }
    }
}

/// What stands before the service.
#[derive(Clone)]
pub struct Front {
    /// Signs the certificates of intercepted hosts.
    pub ca: Arc<LocalCa>,
    /// Whether a host (lower case, no port, no final dot) is answered here: the cloud's, and names of our own.
    pub intercepts: Arc<dyn Fn(&str) -> bool + Send + Sync>,
    /// Whose requests to other hosts are carried on.
    pub foreign: Foreign,
    /// The sentence that tells a refused caller how the operator can allow it, such as which option to set.
    pub how_to_allow: &'static str,
    /// How other hosts are reached.
    pub upstream: Arc<Upstream>,
    /// How long peers are waited for.
    pub timeouts: Timeouts,
    /// How many connections are held at once, far ends of tunnels included; a few more are taken in to be refused.
    pub connections: usize,
}

impl Front {
    pub(crate) fn carries_for(&self, via: &Via) -> bool {
        match self.foreign {
            Foreign::Nobody => false,
            Foreign::ThisMachine => via.from_this_machine(),
            Foreign::Everyone => true,
        }
    }
}

/// The service as one connection sees it.
pub(crate) struct ConnectionService<S> {
    pub(crate) state: Arc<ServerState<S>>,
    pub(crate) service: S,
    pub(crate) via: Arc<Via>,
}

impl<S, B> Service<Request<Incoming>> for ConnectionService<S>
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    type Response = Response<ResponseBody<B>>;
    type Error = S::Error;
    type Future = Entered<S::Future, B>;

    fn call(&self, mut request: Request<Incoming>) -> Self::Future {
        let in_service = InService::enter(&self.via);
        if let Some(wrong) = without_one_host(&request) {
            return Entered::Front {
                answer: Box::pin(ready(say(StatusCode::BAD_REQUEST, wrong))),
                in_service,
            };
        }
        if request.method() == Method::CONNECT {
            let answer = Box::pin(tunnel::connect(self.state.clone(), self.via.clone(), request));
            return Entered::Front { answer, in_service };
        }
        // Only a request to a proxy names a scheme in HTTP/1.1; in HTTP/2 every request does.
        if request.version() <= Version::HTTP_11
            && request.uri().scheme().is_some()
            && self.is_for_elsewhere(&request)
        {
            let answer = Box::pin(tunnel::forward(self.state.clone(), self.via.clone(), request));
            return Entered::Front { answer, in_service };
        }
        request.extensions_mut().insert(self.via.clone());
        Entered::Service { answer: self.service.call(request), in_service }
    }
}

impl<S> ConnectionService<S> {
    fn is_for_elsewhere(&self, request: &Request<Incoming>) -> bool {
        let Some(authority) = request.uri().authority() else { return false };
        if self.via.scheme == Scheme::Https || self.via.tunnel.is_some() {
            return false;
        }
        let host = host_name(authority.host());
        let local = self.via.local;
        let is_us = authority.port_u16().unwrap_or(80) == local.port()
            && match host.parse::<IpAddr>() {
                Ok(address) => address.to_canonical() == local.ip().to_canonical(),
                Err(_) => host == "localhost" && local.ip().to_canonical().is_loopback(),
            };
        !is_us && !(self.state.front.intercepts)(&host)
    }
}

/// What is wrong with a request that does not name the one host it is for (RFC 9112, 3.2): readers on the way may each
/// have understood another. Only `CONNECT` goes without, for what it names is its target.
fn without_one_host<B>(request: &Request<B>) -> Option<String> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let (first, second) = (hosts.next(), hosts.next());
    let wrong = match (first, second) {
        (_, Some(_)) => "the request has more than one `Host`: send one",
        (None, _) if request.version() == Version::HTTP_11 && request.method() != Method::CONNECT => {
            "the request has no `Host`: HTTP/1.1 wants one"
        }
        (Some(host), _) if !host.is_empty() && Authority::try_from(host.as_bytes()).is_err() => {
            "`Host` holds no host and port"
        }
        _ => return None,
    };
    Some(wrong.to_owned())
}

/// A host as [`Front::intercepts`] and certificates want it: lower case, without final dot or brackets.
pub(crate) fn host_name(host: &str) -> String {
    let host = host.strip_prefix('[').and_then(|host| host.strip_suffix(']')).unwrap_or(host);
    host.strip_suffix('.').unwrap_or(host).to_ascii_lowercase()
}

/// Keeps a connection from counting as idle while the service works.
pub(crate) struct InService(Arc<Via>);

impl InService {
    fn enter(via: &Arc<Via>) -> InService {
        via.enter();
        InService(via.clone())
    }
}

impl Drop for InService {
    fn drop(&mut self) {
        self.0.leave();
    }
}

type Boxed<B> = Pin<Box<dyn Future<Output = Response<ResponseBody<B>>> + Send>>;

pin_project! {
    /// An answer on its way.
    #[project = EnteredState]
    pub(crate) enum Entered<F, B> {
        Service { #[pin] answer: F, in_service: InService },
        Front { answer: Boxed<B>, in_service: InService },
    }
}

impl<F, B, E> Future for Entered<F, B>
where
    F: Future<Output = Result<Response<B>, E>>,
{
    type Output = Result<Response<ResponseBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project() {
            EnteredState::Service { answer, .. } => {
                answer.poll(cx).map_ok(|response| response.map(|body| ResponseBody::Service { body }))
            }
            EnteredState::Front { answer, .. } => answer.as_mut().poll(cx).map(Ok),
        }
    }
}

pin_project! {
    /// The body of an answer: the service's, a line of the proxy's own, or what a foreign host answered.
    #[project = ResponseBodyState]
    pub(crate) enum ResponseBody<B> {
        Service { #[pin] body: B },
        Text { #[pin] body: Full<Bytes> },
        Foreign { #[pin] body: Incoming },
    }
}

impl<B> Body for ResponseBody<B>
where
    B: Body<Data = Bytes>,
    B::Error: Into<BoxError>,
{
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Poll::Ready(match self.project() {
            ResponseBodyState::Service { body } => ready!(body.poll_frame(cx)).map(|f| f.map_err(Into::into)),
            ResponseBodyState::Text { body } => ready!(body.poll_frame(cx)).map(|f| f.map_err(Into::into)),
            ResponseBodyState::Foreign { body } => ready!(body.poll_frame(cx)).map(|f| f.map_err(Into::into)),
        })
    }

    fn is_end_stream(&self) -> bool {
        match self {
            ResponseBody::Service { body } => body.is_end_stream(),
            ResponseBody::Text { body } => body.is_end_stream(),
            ResponseBody::Foreign { body } => body.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            ResponseBody::Service { body } => body.size_hint(),
            ResponseBody::Text { body } => body.size_hint(),
            ResponseBody::Foreign { body } => body.size_hint(),
        }
    }
}

/// The proxy's own answer, with a line that says what to do about it.
pub(crate) fn say<B>(status: StatusCode, text: String) -> Response<ResponseBody<B>> {
    let mut response = Response::new(ResponseBody::Text { body: Full::new(Bytes::from(text + "\n")) });
    *response.status_mut() = status;
    let plain = header::HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, plain);
    response
}

/// Whether a proxied request wants TLS on the far side, which only a tunnel can give.
pub(crate) fn wants_tls(request: &Request<Incoming>) -> bool {
    request.uri().scheme() == Some(&UriScheme::HTTPS)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_names_one_host_and_no_nonsense() {
        let with = |hosts: &[&str]| {
            let mut request = Request::get("/");
            for host in hosts {
                request = request.header(header::HOST, *host);
            }
            request
        };
        let wrong = |request: http::request::Builder| without_one_host(&request.body(()).unwrap()).is_some();
        assert!(!wrong(with(&["a.example:80"])) && !wrong(with(&["[::1]:80"])) && !wrong(with(&[""])));
        assert!(
            wrong(with(&[])) && wrong(with(&["a", "a"])) && wrong(with(&["a b"])) && wrong(with(&["a/b"]))
        );
        assert!(
            !wrong(with(&[]).version(Version::HTTP_10)) && wrong(with(&["a", "b"]).version(Version::HTTP_10))
        );
        assert!(!wrong(with(&[]).version(Version::HTTP_2)), "there the target says it");
        assert!(!wrong(Request::connect("a:443")));
    }

    #[test]
    fn others_hosts_are_carried_on_for_whom_the_operator_says() {
        let front = |foreign| Front {
            ca: Arc::new(LocalCa::in_memory().unwrap()),
            intercepts: Arc::new(|_| false),
            foreign,
            how_to_allow: "",
            upstream: Arc::new(Upstream::direct()),
            timeouts: Timeouts::default(),
            connections: 1,
        };
        let from =
            |peer: &str| Via::new(Scheme::Http, peer.parse().unwrap(), "127.0.0.1:80".parse().unwrap(), None);
        for (peer, is_here) in
            [("127.0.0.1:9", true), ("127.8.9.1:9", true), ("[::1]:9", true), ("[::ffff:127.0.0.1]:9", true)]
                .into_iter()
                .chain([("10.0.0.9:9", false), ("[::ffff:10.0.0.9]:9", false), ("[fe80::1]:9", false)])
        {
            assert_eq!(front(Foreign::ThisMachine).carries_for(&from(peer)), is_here, "{peer}");
            assert!(front(Foreign::Everyone).carries_for(&from(peer)));
            assert!(!front(Foreign::Nobody).carries_for(&from(peer)));
        }
    }
}
