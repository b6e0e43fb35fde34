//! The proxy: cloud hosts are answered inside the caller's tunnel, other hosts are carried on unread.

use std::{io, net::SocketAddr, sync::Arc};

use http::{
    HeaderValue, Request, Response, StatusCode, Uri,
    header::{self, HeaderMap},
    uri::PathAndQuery,
};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;

use crate::{
    answer::{ResponseBody, say},
    beyond::{self, NoWay},
    front::host_name,
    state::ServerState,
    upstream::{Far, Next},
    via::{Scheme, Via},
};

/// What becomes of a `CONNECT`.
pub(crate) enum Connected<B> {
    /// It is answered: refused, or carried on to another host.
    Answered(Response<ResponseBody<B>>),
    /// It is for us: what comes through the tunnel is to be served here.
    Inside(Inside),
}

/// A tunnel that ends here.
pub(crate) struct Inside {
    /// The request whose connection becomes the tunnel.
    pub(crate) request: Request<Incoming>,
    /// How requests inside reach us.
    pub(crate) via: Arc<Via>,
    /// The host whose certificate is shown, where that is known.
    pub(crate) host: Option<String>,
}

/// Says that the tunnel is open.
pub(crate) fn opened<B>() -> Response<ResponseBody<B>> {
    Response::new(ResponseBody::Text { body: Full::default() })
}

/// Decides on `CONNECT host:port`, and carries it on if it is for another host.
pub(crate) async fn connect<S, B>(
    state: &ServerState<S>,
    via: Arc<Via>,
    request: Request<Incoming>,
) -> Connected<B> {
    let target = request.uri().authority().and_then(|target| Some((target.clone(), target.port_u16()?)));
    let Some((authority, port)) = target else {
        return Connected::Answered(say(StatusCode::BAD_REQUEST, "CONNECT needs `host:port`".into()));
    };
    if via.tunnel.is_some() {
        return Connected::Answered(say(
            StatusCode::BAD_REQUEST,
            "this is a tunnel already; send the request itself".into(),
        ));
    }
    let host = host_name(authority.host());
    if via.is_crowded() {
        return Connected::Answered(full());
    }
    if (state.front.intercepts)(&host) {
        // Port 80 is plain HTTP by every client's convention; any other port is taken for HTTPS.
        let scheme = if port == 80 { Scheme::Http } else { Scheme::Https };
        let via = Arc::new(via.inside(scheme, authority));
        return Connected::Inside(Inside { request, via, host: Some(host) });
    }
    if !state.front.carries_for(&via) {
        return Connected::Answered(refusal(&host, state.front.how_to_allow));
    }
    // Port 80 is plain HTTP by every client's convention.
    let way = match way(state, &via, if port == 80 { "http" } else { "https" }, &host, port).await {
        Ok(way) => way,
        Err(no_way) => return Connected::Answered(unreached(&host, port, no_way)),
    };
    // Carried on to ourselves, a caller could wind up tunnel in tunnel without end; answered here it cannot.
    if let Way::Straight(addresses) = &way
        && let Some(scheme) = beyond::listener_at(&state.listeners, addresses)
    {
        let via = Arc::new(via.inside(scheme, authority));
        return Connected::Inside(Inside { request, via, host: None });
    }
    let Some(room) = state.room.one_more() else { return Connected::Answered(full()) };
    let mut far = match go(state, &way, port).await {
        Ok(far) => far,
        Err(no_way) => return Connected::Answered(unreached(&host, port, no_way)),
    };
    let closing = state.closing.clone();
    state.tasks.spawn(async move {
        // Both ends stay counted for as long as the tunnel lasts.
        let _counted = (room, via);
        let Ok(upgraded) = hyper::upgrade::on(request).await else { return };
        let mut near = TokioIo::new(upgraded);
        // Nobody can tell where a foreign exchange ends, so a tunnel ends at once when the server does.
        tokio::select! {
            _ = copy_bidirectional(&mut near, &mut far) => {}
            () = closing.cancelled() => {}
        }
    });
    Connected::Answered(opened())
}

/// Carries `GET http://host/...` on to a foreign host, the way plain HTTP passes a proxy.
pub(crate) async fn forward<S, B>(
    state: Arc<ServerState<S>>,
    via: Arc<Via>,
    mut request: Request<Incoming>,
) -> Response<ResponseBody<B>>
where
    S: Send + Sync + 'static,
{
    let Some(authority) = request.uri().authority().cloned() else {
        return say(StatusCode::BAD_REQUEST, "the request names no host".into());
    };
    let host = host_name(authority.host());
    if !state.front.carries_for(&via) {
        return refusal(&host, state.front.how_to_allow);
    }
    if wants_tls(&request) {
        let text = format!("ask for `{host}` by CONNECT: this proxy speaks no TLS on a caller's behalf");
        return say(StatusCode::NOT_IMPLEMENTED, text);
    }
    let port = authority.port_u16().unwrap_or(80);
    drop_hop_by_hop(request.headers_mut());
    let room = state.room.one_more().filter(|_| !via.is_crowded());
    let Some(room) = room else { return full() };
    let far = match far_for(&state, &via, &host, port, &mut request).await {
        Ok(far) => far,
        Err(no_way) => return unreached(&host, port, no_way),
    };
    if let Ok(host) = HeaderValue::from_str(authority.as_str()) {
        request.headers_mut().insert(header::HOST, host);
    }
    let sent = async {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(far)).await?;
        let closing = state.closing.clone();
        state.tasks.spawn(async move {
            let _counted = (room, via);
            tokio::select! {
                _ = connection => {}
                () = closing.cancelled() => {}
            }
        });
        sender.send_request(request).await
    };
    match sent.await {
        // A client would take it for our own wish, and we ask nobody who they are.
        Ok(response) if response.status() == StatusCode::PROXY_AUTHENTICATION_REQUIRED => {
            let text = "the proxy of the environment wants a user and a password: give them in HTTP_PROXY";
            unreachable(&host, port, &io::Error::other(text))
        }
        Ok(mut response) => {
            drop_hop_by_hop(response.headers_mut());
            response.map(|body| ResponseBody::Foreign { body })
        }
        Err(error) => unreachable(&host, port, &error),
    }
}

/// How a foreign host is reached.
enum Way {
    /// At the addresses of its own that were judged.
    Straight(Vec<SocketAddr>),
    /// Through the proxy of the network that this machine is in, under this name.
    Through(Next, String),
}

/// The way to a foreign host for a caller. The network's proxy may know names that this machine does not, so a name goes to
/// it as it is; but for callers on other machines, what is known of a name is judged all the same, and a proxy on this
/// machine is told the address that was judged.
async fn way<S>(
    state: &ServerState<S>,
    via: &Via,
    scheme: &str,
    host: &str,
    port: u16,
) -> Result<Way, NoWay> {
    let find = || beyond::addresses(via, host, port, state.front.timeouts.dial);
    let Some(next) = state.front.upstream.proxy(scheme, host) else { return find().await.map(Way::Straight) };
    if via.from_this_machine() {
        return Ok(Way::Through(next, host.to_owned()));
    }
    match find().await {
        Ok(addresses) if next.is_here() => {
            let judged = addresses.first().map(|address| address.ip().to_string());
            Ok(Way::Through(next, judged.unwrap_or_else(|| host.to_owned())))
        }
        Err(no_way) if next.is_here() || matches!(no_way, NoWay::ThisMachine) => Err(no_way),
        _ => Ok(Way::Through(next, host.to_owned())),
    }
}

/// A connection to the host at the way's end, on which nothing has been said.
async fn go<S>(state: &ServerState<S>, way: &Way, port: u16) -> Result<Far, NoWay> {
    let limit = state.front.timeouts.dial;
    match way {
        Way::Straight(addresses) => Ok(Box::new(beyond::dial(addresses, limit).await?)),
        Way::Through(next, host) => next.tunnel(host, port, limit).await.map_err(NoWay::Failed),
    }
}

/// The connection for a plain request, which is written as the far side wants it: the next proxy, or the host itself.
async fn far_for<S>(
    state: &ServerState<S>,
    via: &Via,
    host: &str,
    port: u16,
    request: &mut Request<Incoming>,
) -> Result<Far, NoWay> {
    let way = way(state, via, "http", host, port).await?;
    // A proxy that must be told an address is asked for a tunnel to it.
    if let Way::Through(next, named) = &way
        && named == host
        && let Some((far, auth)) = next.for_plain(state.front.timeouts.dial).await.map_err(NoWay::Failed)?
    {
        if let Some(auth) = auth {
            request.headers_mut().insert(header::PROXY_AUTHORIZATION, auth);
        }
        return Ok(Box::new(far));
    }
    let path = request.uri().path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    go(state, &way, port).await
}

/// Takes away what concerns only one connection (RFC 9110, 7.6.1).
pub fn drop_hop_by_hop(headers: &mut HeaderMap) {
    let listed: Vec<String> = headers
        .get_all(header::CONNECTION)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|name| name.trim().to_owned())
        .collect();
    for name in listed.iter().map(String::as_str).chain([
        "connection",
        "keep-alive",
        "proxy-authorization",
        "proxy-connection",
        "upgrade",
    ]) {
        headers.remove(name);
    }
}

fn refusal<B>(host: &str, how_to_allow: &str) -> Response<ResponseBody<B>> {
    let text = format!(
        "`{host}` is no host of this cloud, and requests to others are not carried on for you: {how_to_allow}"
    );
    say(StatusCode::FORBIDDEN, text)
}

/// What is said when there is no room for the far end of a tunnel.
fn full<B>() -> Response<ResponseBody<B>> {
    let text = "this server has as many connections as it takes; try again";
    let mut response = say(StatusCode::SERVICE_UNAVAILABLE, text.into());
    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
    response
}

fn unreached<B>(host: &str, port: u16, no_way: NoWay) -> Response<ResponseBody<B>> {
    match no_way {
        NoWay::Failed(error) => unreachable(host, port, &error),
        NoWay::ThisMachine => {
            let text = format!(
                "`{host}` is the server's own machine, where other machines' callers are not carried on to"
            );
            say(StatusCode::FORBIDDEN, text)
        }
    }
}

fn unreachable<B>(host: &str, port: u16, error: &dyn std::error::Error) -> Response<ResponseBody<B>> {
    say(StatusCode::BAD_GATEWAY, format!("cannot reach `{host}` on port {port}: {error}"))
}

/// Whether a proxied request wants TLS on the far side, which only a tunnel can give.
fn wants_tls(request: &Request<Incoming>) -> bool {
    request.uri().scheme() == Some(&http::uri::Scheme::HTTPS)
}
