//! The listeners of the server: where connections come in, and how all of them end at a shutdown.

use std::{convert::Infallible, future::Future, io, sync::Arc, time::Duration};

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::{body::Incoming, service::Service};
use hyper_util::{rt::TokioExecutor, server::conn::auto};
use tokio::{net::TcpListener, time::sleep};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{
    connection,
    front::{BoxError, Front},
    room::Room,
    socket,
    state::ServerState,
    via::{Scheme, Via},
};

/// The longest head of a request in HTTP/1.1, and what is read ahead of a body, in bytes.
const LARGEST_HEAD: usize = 64 << 10;
/// How many requests one connection may have under way in HTTP/2.
const STREAMS: u32 = 100;
/// How many bytes of bodies one connection may send ahead of their readers in HTTP/2.
const WINDOW: u32 = 1 << 20;

/// A listening socket, and what is spoken there.
#[derive(Debug)]
pub enum Listener {
    /// HTTP/1.1, HTTP/2 by prior knowledge, and the proxy.
    Plain(TcpListener),
    /// The same inside TLS, with the certificate of the host that the client names.
    Tls(TcpListener),
}

/// Answers at all `listeners` with `service` until `shutdown` is ready, and returns when the last connection has ended.
///
/// After the signal, requests in flight are finished for as long as [`Timeouts::farewell`](crate::Timeouts) says. The
/// service is cloned once per connection; each request carries an `Arc<`[`Via`]`>` as extension. Reading a request's
/// body is the service's affair, and so is a limit on its time and size, and so is what a connection gets that
/// [came when there was no more room](Via::is_crowded). Nothing here fails once a listener is open.
pub async fn serve<S, B>(
    listeners: Vec<Listener>,
    front: Front,
    service: S,
    shutdown: impl Future<Output = ()>,
) where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let known = |listener: &Listener| match listener {
        Listener::Plain(listener) => Some((listener.local_addr().ok()?, Scheme::Http)),
        Listener::Tls(listener) => Some((listener.local_addr().ok()?, Scheme::Https)),
    };
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().max_buf_size(LARGEST_HEAD);
    http.http2().max_concurrent_streams(STREAMS).initial_connection_window_size(WINDOW);
    let state = Arc::new(ServerState {
        room: Room::new(front.connections),
        listeners: listeners.iter().filter_map(known).collect(),
        front,
        service,
        http,
        tasks: TaskTracker::new(),
        closing: CancellationToken::new(),
        closed: CancellationToken::new(),
    });
    for listener in listeners {
        let state = state.clone();
        state.clone().tasks.spawn(async move {
            tokio::select! {
                never = admit(&state, listener) => match never {},
                () = state.closing.cancelled() => {}
            }
        });
    }
    shutdown.await;
    state.closing.cancel();
    state.tasks.close();
    if tokio::time::timeout(state.front.timeouts.farewell, state.tasks.wait()).await.is_err() {
        state.closed.cancel();
        state.tasks.wait().await;
    }
}

async fn admit<S, B>(state: &Arc<ServerState<S>>, listener: Listener) -> Infallible
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let (listener, scheme) = match listener {
        Listener::Plain(listener) => (listener, Scheme::Http),
        Listener::Tls(listener) => (listener, Scheme::Https),
    };
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // A peer that hung up in the queue is no reason to wait; running out of descriptors is.
                if !is_of_one_peer(&error) {
                    state.room.cannot_accept(&error);
                    sleep(Duration::from_millis(50)).await;
                }
                continue;
            }
        };
        let Ok(local) = stream.local_addr() else { continue };
        socket::set_options(&stream);
        let via = Arc::new(Via::new(scheme, peer, local, None).seated(state.room.seat()));
        let state = state.clone();
        match scheme {
            Scheme::Http => state.tasks.spawn(connection::serve_connection(state.clone(), stream, via)),
            Scheme::Https => {
                state.tasks.spawn(connection::serve_tls_connection(state.clone(), stream, via, None))
            }
        };
    }
}

fn is_of_one_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
