//! A socket to listen at, or what to do where there is none; and how a server is asked to stop.

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

/// Hears from now on when the process is asked to stop; ready once it was. Whoever has read where the server listens may
/// ask at once.
pub fn asked_to_stop() -> Result<impl Future<Output = ()>> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let (mut interrupt, mut terminate) =
            (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        Ok(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
        })
    }
    #[cfg(not(unix))]
    {
        Ok(async {
            let _ = tokio::signal::ctrl_c().await;
        })
    }
}
