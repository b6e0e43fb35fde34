//! The way by which a request came, for the service to read and for the connection to see whether it still lives.

use std::{
    future::pending,
    net::SocketAddr,
    sync::Arc,
    sync::atomic::{AtomicU32, AtomicU64, Ordering::Relaxed},
};

use http::{Request, header::HOST, uri::Authority};

use crate::room::Seat;

/// How the client spoke to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scheme {
    /// Plain HTTP.
    Http,
    /// HTTP in TLS, on a TLS listener or inside a `CONNECT`.
    Https,
}

/// The way of one connection; every request that came by it has it as extension, in an [`Arc`](std::sync::Arc).
#[derive(Debug)]
pub struct Via {
    /// Whether TLS was spoken.
    pub scheme: Scheme,
    /// The caller's address.
    pub peer: SocketAddr,
    /// Our own address, as the caller dialled it.
    pub local: SocketAddr,
    /// What the caller's `CONNECT` named, if the connection is inside one.
    pub tunnel: Option<Authority>,
    /// Requests begun and writes made: it stands still on a connection that is idle or stuck.
    progress: AtomicU64,
    /// Requests that the service has not answered yet.
    in_service: AtomicU32,
    /// Its place among the connections, which lasts as long as what goes on where it led.
    seat: Option<Arc<Seat>>,
}

impl Via {
    /// A way, for a connection that is about to be served (or for a test of a service).
    pub fn new(scheme: Scheme, peer: SocketAddr, local: SocketAddr, tunnel: Option<Authority>) -> Via {
        let (progress, in_service) = (AtomicU64::new(0), AtomicU32::new(0));
        Via { scheme, peer, local, tunnel, progress, in_service, seat: None }
    }

    /// The same, in a place of the server's.
    pub(crate) fn seated(self, seat: Seat) -> Via {
        Via { seat: Some(Arc::new(seat)), ..self }
    }

    /// The way inside a tunnel that this one's caller asked for.
    pub(crate) fn inside(&self, scheme: Scheme, tunnel: Authority) -> Via {
        Via { seat: self.seat.clone(), ..Via::new(scheme, self.peer, self.local, Some(tunnel)) }
    }

    /// Whether the connection came when there was no more room: what it asks is to be refused, but for the server's
    /// health, and then it is to be closed.
    pub fn is_crowded(&self) -> bool {
        self.seat.as_ref().is_some_and(|seat| seat.evicted().is_some())
    }

    /// Ready when the connection must make room for another.
    pub(crate) async fn evicted(&self) {
        match self.seat.as_ref().and_then(|seat| seat.evicted()) {
            Some(evicted) => evicted.cancelled().await,
            None => pending().await,
        }
    }

    /// Whether the caller is on this machine.
    pub fn from_this_machine(&self) -> bool {
        self.peer.ip().to_canonical().is_loopback()
    }

    pub(crate) fn step(&self) {
        self.progress.fetch_add(1, Relaxed);
    }

    pub(crate) fn enter(&self) {
        self.step();
        self.in_service.fetch_add(1, Relaxed);
    }

    pub(crate) fn leave(&self) {
        self.in_service.fetch_sub(1, Relaxed);
    }

    /// The steps so far, or `None` while the service works on a request.
    pub(crate) fn steps_when_waiting(&self) -> Option<u64> {
        (self.in_service.load(Relaxed) == 0).then(|| self.progress.load(Relaxed))
    }
}

/// The host and port that a request is for: of its target where that says so (HTTP/2, a proxy's absolute form), else
/// of its `Host` header.
pub fn authority<B>(request: &Request<B>) -> Option<&str> {
    match request.uri().authority() {
        Some(authority) => Some(authority.as_str()),
        None => request.headers().get(HOST)?.to_str().ok(),
    }
}
