//! A first tenant that is what files say before anybody hears of the server.

use std::net::SocketAddr;
use std::process::ExitCode;

use anyhow::Result;

use super::options::Serve;
use super::server::Server;
use crate::declare;

/// What makes a tenant what a folder says.
pub type Applied = Box<dyn FnOnce() -> Result<()> + Send>;

/// What makes the first tenant what a folder says, where one is named.
pub fn applied(server: &Server, bound: SocketAddr, options: &Serve) -> Result<Option<Applied>> {
    let Some(folder) = options.apply.clone() else { return Ok(None) };
    let kept = server.credentials(&options.behaviour)?;
    Ok(Some(Box::new(move || declare::apply_here(&format!("http://{bound}"), &kept, &folder))))
}

/// Serves, has what is wished applied by calls, and says then that the server is ready; one that cannot be what is wished ends.
pub async fn serving_once(
    serving: impl Future<Output = ()>,
    applied: Applied,
    told: impl FnOnce(),
) -> Result<ExitCode> {
    tokio::pin!(serving);
    let applying = tokio::task::spawn_blocking(applied);
    tokio::select! {
        () = &mut serving => return Ok(ExitCode::SUCCESS),
        applied = applying => applied??,
    }
    told();
    serving.await;
    Ok(ExitCode::SUCCESS)
}
