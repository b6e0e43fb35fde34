//! One connection, from its first byte to its end, however the peer behaves; and the first look at each of its requests:
//! for the service, or for the proxy.

use std::{future::ready, io, net::IpAddr, pin::pin, sync::Arc};

use bytes::Bytes;
use http::{Method, Request, Response, StatusCode, Version, header, uri::Authority};
use http_body::Body;
use hyper::{body::Incoming, service::Service};
use hyper_util::rt::TokioIo;
use rustls::{ServerConfig, server::Acceptor};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    time::{Instant, sleep, timeout},
};
use tokio_rustls::LazyConfigAcceptor;

use crate::{
    answer::{Entered, InService, ResponseBody, say},
    front::{BoxError, host_name},
    state::ServerState,
    tunnel::{self, Connected},
    via::{Scheme, Via},
    watched::Watched,
};

/// Serves HTTP/1.1 or HTTP/2, as the peer speaks, until one of us has had enough.
pub(crate) async fn serve_connection<S, B, IO>(state: Arc<ServerState<S>>, io: IO, via: Arc<Via>)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let service =
        ConnectionService { state: state.clone(), service: state.service.clone(), via: via.clone() };
    let io = TokioIo::new(Watched { io, via: via.clone() });
    let mut http = pin!(state.http.serve_connection_with_upgrades(io, service));
    // A token of its own: polling a shared one would take one lock on every wake of every connection.
    let closing = state.closing.child_token();
    let mut closing = pin!(closing.cancelled());
    let mut evicted = pin!(via.evicted());
    let silence = state.front.timeouts.silence;
    // hyper's own timeout for headers would cost a timer per request and misses the wait for the first bytes, so one
    // timer per connection looks from time to time whether anything has happened.
    let mut look = pin!(sleep(silence));
    let mut steps_before = Some(0);
    let silent = loop {
        tokio::select! {
            biased;
            // What went wrong on a connection concerns its peer alone.
            _ = http.as_mut() => return,
            () = closing.as_mut() => break false,
            () = evicted.as_mut() => return,
            () = look.as_mut() => {
                let steps = via.steps_when_waiting();
                if steps.is_some() && steps == steps_before {
                    break true;
                }
                steps_before = steps;
                look.as_mut().reset(Instant::now() + silence);
            }
        }
    };
    http.as_mut().graceful_shutdown();
    tokio::select! {
        biased;
        _ = http => {}
        () = state.closed.cancelled() => {}
        () = evicted => {}
        // A silent peer has shown already that it lets us wait.
        () = sleep(silence), if silent => {}
    }
}

/// The same inside TLS. The certificate is for `host`, else for the name that the client asks for, else for the
/// address that it dialled.
pub(crate) async fn serve_tls_connection<S, B, IO>(
    state: Arc<ServerState<S>>,
    io: IO,
    via: Arc<Via>,
    host: Option<String>,
) where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
    IO: AsyncRead + AsyncWrite + Unpin + Send + 'static,
{
    let handshake = async {
        let start = LazyConfigAcceptor::new(Acceptor::default(), io).await?;
        let asked = start.client_hello().server_name().map(host_name);
        let host = match (host, asked) {
            (Some(host), _) => Some(host),
            (None, Some(asked)) => {
                (asked == "localhost" || (state.front.intercepts)(&asked)).then_some(asked)
            }
            (None, None) => Some(via.local.ip().to_canonical().to_string()),
        };
        let tls = tls_for(&state, host).await?;
        start.into_stream(tls).await
    };
    let handshake = timeout(state.front.timeouts.handshake, handshake);
    // A shutdown need not wait for a client that has not said anything yet.
    let shaken = tokio::select! {
        shaken = handshake => shaken,
        () = state.closing.cancelled() => return,
        () = via.evicted() => return,
    };
    // What went wrong in a handshake the client has been told by an alert.
    let Ok(Ok(stream)) = shaken else { return };
    serve_connection(state, stream, via).await;
}

async fn tls_for<S>(state: &ServerState<S>, host: Option<String>) -> io::Result<Arc<ServerConfig>> {
    let ca = &state.front.ca;
    let Some(host) = host else { return Ok(ca.tls_refusing()) };
    if let Some(tls) = ca.tls_at_hand(&host) {
        return Ok(tls);
    }
    let ca = ca.clone();
    // Makes keys and writes files.
    tokio::task::spawn_blocking(move || ca.tls_for(&host)).await?.map_err(io::Error::other)
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
            let answer = Box::pin(connect(self.state.clone(), self.via.clone(), request));
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

/// Answers `CONNECT`, and serves inside the tunnel that it opened to a host of the cloud or to ourselves.
async fn connect<S, B>(
    state: Arc<ServerState<S>>,
    via: Arc<Via>,
    request: Request<Incoming>,
) -> Response<ResponseBody<B>>
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let inside = match tunnel::connect(&state, via, request).await {
        Connected::Answered(response) => return response,
        Connected::Inside(inside) => inside,
    };
    state.clone().tasks.spawn(async move {
        let Ok(upgraded) = hyper::upgrade::on(inside.request).await else { return };
        let io = TokioIo::new(upgraded);
        match inside.via.scheme {
            Scheme::Http => serve_connection(state, io, inside.via).await,
            Scheme::Https => serve_tls_connection(state, io, inside.via, inside.host).await,
        }
    });
    tunnel::opened()
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
}
