//! One connection, from its first byte to its end, however the peer behaves.

use std::{
    io,
    pin::{Pin, pin},
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::{body::Incoming, service::Service};
use hyper_util::rt::TokioIo;
use pin_project_lite::pin_project;
use rustls::{ServerConfig, server::Acceptor};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::TcpStream,
    time::{Instant, sleep, timeout},
};
use tokio_rustls::LazyConfigAcceptor;

use crate::{
    front::{BoxError, ConnectionService, host_name},
    listen::ServerState,
    via::Via,
};

/// Answers small writes at once, and notices a peer that has vanished without a word.
pub(crate) fn set_options(stream: &TcpStream) {
    // Neither is worth losing a connection that already works.
    let _ = stream.set_nodelay(true);
    let probes = socket2::TcpKeepalive::new().with_time(Duration::from_secs(60));
    let _ = socket2::SockRef::from(stream).set_tcp_keepalive(&probes);
}

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

pin_project! {
    /// A stream that tells its connection's [`Via`] when something could be written.
    struct Watched<IO> { #[pin] io: IO, via: Arc<Via> }
}

impl<IO: AsyncRead> AsyncRead for Watched<IO> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        self.project().io.poll_read(cx, buf)
    }
}

impl<IO: AsyncWrite> AsyncWrite for Watched<IO> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.project();
        this.io.poll_write(cx, buf).map(|written| {
            this.via.step();
            written
        })
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bufs: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.project();
        this.io.poll_write_vectored(cx, bufs).map(|written| {
            this.via.step();
            written
        })
    }

    fn is_write_vectored(&self) -> bool {
        self.io.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().io.poll_flush(cx)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.project().io.poll_shutdown(cx)
    }
}
