//! The proxy: cloud hosts are answered inside the caller's tunnel, other hosts are carried on unread.

use std::{io, sync::Arc};

use bytes::Bytes;
use http::{
    HeaderValue, Request, Response, StatusCode, Uri,
    header::{self, HeaderMap},
    uri::PathAndQuery,
};
use http_body::Body;
use http_body_util::Full;
use hyper::{body::Incoming, service::Service};
use hyper_util::rt::TokioIo;
use tokio::io::copy_bidirectional;

use crate::{
    connection,
    front::{Answer, BoxError, host_name, say, wants_tls},
    listen::Hall,
    upstream::Stream,
    via::{Scheme, Via},
};

/// Answers `CONNECT host:port`, and sees to what then runs inside.
pub(crate) async fn connect<S, B>(
    hall: Arc<Hall<S>>,
    via: Arc<Via>,
    request: Request<Incoming>,
) -> Response<Answer<B>>
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let target = request.uri().authority().and_then(|target| Some((target.clone(), target.port_u16()?)));
    let Some((authority, port)) = target else {
        return say(StatusCode::BAD_REQUEST, "CONNECT needs `host:port`".into());
    };
    if via.tunnel.is_some() {
        return say(StatusCode::BAD_REQUEST, "this is a tunnel already; send the request itself".into());
    }
    let host = host_name(authority.host());
    if (hall.front.intercepts)(&host) {
        hall.clone().tasks.spawn(async move {
            let Ok(upgraded) = hyper::upgrade::on(request).await else { return };
            let io = TokioIo::new(upgraded);
            // Port 80 is plain HTTP by every client's convention; any other port is taken for HTTPS.
            let scheme = if port == 80 { Scheme::Http } else { Scheme::Https };
            let inner = Arc::new(Via::new(scheme, via.peer, via.local, Some(authority)));
            match scheme {
                Scheme::Http => connection::converse(hall, io, inner).await,
                Scheme::Https => connection::converse_in_tls(hall, io, inner, Some(host)).await,
            }
        });
    } else {
        if !hall.front.carries_for(&via) {
            return refusal(&host, hall.front.how_to_allow);
        }
        let mut far = match hall.front.upstream.tunnel(&host, port, hall.front.patience.dial).await {
            Ok(far) => far,
            Err(error) => return unreachable(&host, port, &error),
        };
        hall.clone().tasks.spawn(async move {
            let Ok(upgraded) = hyper::upgrade::on(request).await else { return };
            let mut near = TokioIo::new(upgraded);
            // Nobody can tell where a foreign exchange ends, so a tunnel ends at once when the server does.
            tokio::select! {
                _ = copy_bidirectional(&mut near, &mut far) => {}
                () = hall.closing.cancelled() => {}
            }
        });
    }
    Response::new(Answer::Text { body: Full::default() })
}

/// Carries `GET http://host/...` on to a foreign host, the way plain HTTP passes a proxy.
pub(crate) async fn forward<S, B>(
    hall: Arc<Hall<S>>,
    via: Arc<Via>,
    mut request: Request<Incoming>,
) -> Response<Answer<B>>
where
    S: Send + Sync + 'static,
{
    let Some(authority) = request.uri().authority().cloned() else {
        return say(StatusCode::BAD_REQUEST, "the request names no host".into());
    };
    let host = host_name(authority.host());
    if !hall.front.carries_for(&via) {
        return refusal(&host, hall.front.how_to_allow);
    }
    if wants_tls(&request) {
        let text = format!("ask for `{host}` by CONNECT: this proxy speaks no TLS on a caller's behalf");
        return say(StatusCode::NOT_IMPLEMENTED, text);
    }
    let port = authority.port_u16().unwrap_or(80);
    drop_hop_by_hop(request.headers_mut());
    let far = match far_for(&hall, &host, port, &mut request).await {
        Ok(far) => far,
        Err(error) => return unreachable(&host, port, &error),
    };
    if let Ok(host) = HeaderValue::from_str(authority.as_str()) {
        request.headers_mut().insert(header::HOST, host);
    }
    let sent = async {
        let (mut sender, connection) = hyper::client::conn::http1::handshake(TokioIo::new(far)).await?;
        let closing = hall.closing.clone();
        hall.tasks.spawn(async move {
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
            response.map(|body| Answer::Foreign { body })
        }
        Err(error) => unreachable(&host, port, &error),
    }
}

/// The connection for a plain request, which is written as the far side wants it: the next proxy, or the host itself.
async fn far_for<S>(
    hall: &Hall<S>,
    host: &str,
    port: u16,
    request: &mut Request<Incoming>,
) -> io::Result<Box<dyn Stream>> {
    let patience = hall.front.patience.dial;
    if let Some(next) = hall.front.upstream.for_plain(host, patience).await? {
        if let Some(auth) = next.auth {
            request.headers_mut().insert(header::PROXY_AUTHORIZATION, auth);
        }
        return Ok(Box::new(next.far));
    }
    let path = request.uri().path_and_query().cloned().unwrap_or(PathAndQuery::from_static("/"));
    *request.uri_mut() = Uri::from(path);
    hall.front.upstream.tunnel(host, port, patience).await
}

/// Takes away what concerns only one connection (RFC 9110, 7.6.1).
fn drop_hop_by_hop(headers: &mut HeaderMap) {
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

fn refusal<B>(host: &str, how_to_allow: &str) -> Response<Answer<B>> {
    let text = format!(
        "`{host}` is no host of this cloud, and requests to others are not carried on for you: {how_to_allow}"
    );
    say(StatusCode::FORBIDDEN, text)
}

fn unreachable<B>(host: &str, port: u16, error: &dyn std::error::Error) -> Response<Answer<B>> {
    say(StatusCode::BAD_GATEWAY, format!("cannot reach `{host}` on port {port}: {error}"))
}
