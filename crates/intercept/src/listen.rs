//! The doors of the server: where connections come in, and how all of them end at a shutdown.

use std::{convert::Infallible, future::Future, io, net::SocketAddr, sync::Arc, time::Duration};

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
pub enum Door {
    /// HTTP/1.1, HTTP/2 by prior knowledge, and the proxy.
    Plain(TcpListener),
    /// The same inside TLS, with the certificate of the host that the client names.
    Tls(TcpListener),
}

/// What all connections of one [`serve`] share.
pub(crate) struct Hall<S> {
    pub(crate) front: Front,
    pub(crate) service: S,
    pub(crate) http: auto::Builder<TokioExecutor>,
    pub(crate) tasks: TaskTracker,
    pub(crate) room: Room,
    /// Our own addresses, and what is spoken there.
    pub(crate) doors: Vec<(SocketAddr, Scheme)>,
    /// From here on requests in flight are finished and no new ones are taken.
    pub(crate) closing: CancellationToken,
    /// From here on nothing is waited for.
    pub(crate) closed: CancellationToken,
}

/// Answers at all `doors` with `service` until `shutdown` is ready, and returns when the last connection has ended.
///
/// After the signal, requests in flight are finished for as long as [`Patience::farewell`](crate::Patience) says. The
/// service is cloned once per connection; each request carries an `Arc<`[`Via`]`>` as extension. Reading a request's
/// body is the service's affair, and so is a limit on its time and size, and so is what a connection gets that
/// [came when there was no more room](Via::is_crowded). Nothing here fails once a door is open.
pub async fn serve<S, B>(doors: Vec<Door>, front: Front, service: S, shutdown: impl Future<Output = ()>)
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let known = |door: &Door| match door {
        Door::Plain(listener) => Some((listener.local_addr().ok()?, Scheme::Http)),
        Door::Tls(listener) => Some((listener.local_addr().ok()?, Scheme::Https)),
    };
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().max_buf_size(LARGEST_HEAD);
    http.http2().max_concurrent_streams(STREAMS).initial_connection_window_size(WINDOW);
    let hall = Arc::new(Hall {
        room: Room::new(front.connections),
        doors: doors.iter().filter_map(known).collect(),
        front,
        service,
        http,
        tasks: TaskTracker::new(),
        closing: CancellationToken::new(),
        closed: CancellationToken::new(),
    });
    for door in doors {
        let hall = hall.clone();
        hall.clone().tasks.spawn(async move {
            tokio::select! {
                never = admit(&hall, door) => match never {},
                () = hall.closing.cancelled() => {}
            }
        });
    }
    shutdown.await;
    hall.closing.cancel();
    hall.tasks.close();
    if tokio::time::timeout(hall.front.patience.farewell, hall.tasks.wait()).await.is_err() {
        hall.closed.cancel();
        hall.tasks.wait().await;
    }
}

async fn admit<S, B>(hall: &Arc<Hall<S>>, door: Door) -> Infallible
where
    S: Service<Request<Incoming>, Response = Response<B>> + Clone + Send + Sync + 'static,
    S::Future: Send + 'static,
    S::Error: Into<BoxError>,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<BoxError>,
{
    let (listener, scheme) = match door {
        Door::Plain(listener) => (listener, Scheme::Http),
        Door::Tls(listener) => (listener, Scheme::Https),
    };
    loop {
        let (stream, peer) = match listener.accept().await {
            Ok(accepted) => accepted,
            Err(error) => {
                // A peer that hung up in the queue is no reason to wait; running out of descriptors is.
                if !is_of_one_peer(&error) {
                    hall.room.cannot_accept(&error);
                    sleep(Duration::from_millis(50)).await;
                }
                continue;
            }
        };
        let Ok(local) = stream.local_addr() else { continue };
        connection::set_options(&stream);
        let via = Arc::new(Via::new(scheme, peer, local, None).seated(hall.room.seat()));
        let hall = hall.clone();
        match scheme {
            Scheme::Http => hall.tasks.spawn(connection::converse(hall.clone(), stream, via)),
            Scheme::Https => hall.tasks.spawn(connection::converse_in_tls(hall.clone(), stream, via, None)),
        };
    }
}

fn is_of_one_peer(error: &io::Error) -> bool {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}
