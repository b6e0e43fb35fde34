//! What all connections of one server share.

use std::net::SocketAddr;

use hyper_util::{rt::TokioExecutor, server::conn::auto};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use crate::{front::Front, room::Room, via::Scheme};

/// What all connections of one [`serve`](crate::serve) share.
pub(crate) struct ServerState<S> {
    pub(crate) front: Front,
    pub(crate) service: S,
    pub(crate) http: auto::Builder<TokioExecutor>,
    pub(crate) tasks: TaskTracker,
    pub(crate) room: Room,
    /// Our own addresses, and what is spoken there.
    pub(crate) listeners: Vec<(SocketAddr, Scheme)>,
    /// From here on requests in flight are finished and no new ones are taken.
    pub(crate) closing: CancellationToken,
    /// From here on nothing is waited for.
    pub(crate) closed: CancellationToken,
}
