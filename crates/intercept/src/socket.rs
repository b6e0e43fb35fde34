//! How every TCP connection is set up, near or far.

use std::time::Duration;

use tokio::net::TcpStream;

/// Answers small writes at once, and notices a peer that has vanished without a word.
pub(crate) fn set_options(stream: &TcpStream) {
    // Neither is worth losing a connection that already works.
    let _ = stream.set_nodelay(true);
    let probes = socket2::TcpKeepalive::new().with_time(Duration::from_secs(60));
    let _ = socket2::SockRef::from(stream).set_tcp_keepalive(&probes);
}
