//! A socket to listen at, or what to do where there is none.

use std::io::ErrorKind;
use std::net::SocketAddr;

use anyhow::{Result, anyhow};
use tokio::net::TcpListener;

/// Opens a listening socket.
pub async fn listen(address: SocketAddr) -> Result<(TcpListener, SocketAddr)> {
    let socket = TcpListener::bind(address).await.map_err(|cause| {
        let why = match cause.kind() {
            ErrorKind::AddrInUse => {
                "another program is there; choose another port with --listen, or 0 for a free one"
            }
            ErrorKind::AddrNotAvailable => {
                "this machine has no such address; 127.0.0.1 is for callers here, 0.0.0.0 for all"
            }
            ErrorKind::PermissionDenied => {
                "a user may not take that port; choose one above 1023 with --listen"
            }
            _ => return anyhow!("cannot listen at {address}: {cause}"),
        };
        anyhow!("cannot listen at {address}: {why}")
    })?;
    let bound = socket.local_addr()?;
    Ok((socket, bound))
}
