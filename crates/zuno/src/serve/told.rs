//! What a server says when it is ready: where it listens, and how a client finds it.

use std::io::Write as _;
use std::net::SocketAddr;

use anyhow::{Result, bail};

use super::mirror::Following;
use super::options::Serve;
use super::server::Server;
use crate::table::quoted;
use crate::{folder, operator};

/// Where the server listens and how a client finds it; the first line is what scripts wait for.
pub fn words(
    server: &Server,
    bound: SocketAddr,
    secure: Option<SocketAddr>,
    options: &Serve,
) -> Result<String> {
    let mut lines = vec![format!("listening on http://{bound}")];
    lines.extend(secure.map(|secure| format!("and on https://{secure}")));
    let Some(tenant) = server.cloud.tenants()?.into_iter().next() else { bail!("the server has no tenant") };
    if let Some(database) = &options.database {
        lines.push(format!("state in the database {}", database.address()?));
    }
    lines.push(format!("tenant {}, ZPA customer id {}", tenant.vanity, tenant.customer_id));
    match (&server.made, &server.folder) {
        (Some(made), Some(path)) => {
            let file = folder::credentials(path);
            lines.push(format!("API client {}, its secret is in {}", made.client_id, file.display()));
        }
        (Some(made), None) if options.behaviour.client_secret.is_none() => {
            lines.push(format!(
                "API client {} with the secret {}",
                made.client_id,
                made.client_secret.reveal()
            ));
        }
        (None, Some(path)) if options.behaviour.client_id.is_none() => {
            lines.push(format!("credentials are in {}", folder::credentials(path).display()));
        }
        _ => {}
    }
    match &server.folder {
        Some(path) => lines.push(format!("the operator's token is in {}", operator::file(path).display())),
        None if options.admission.operator.token_is_told() => {}
        None => lines.push(format!(
            "`zuno tenant` and `zuno sim` want the operator's token: export {}={}",
            operator::VARIABLE,
            server.operator.reveal()
        )),
    }
    lines.extend(server.following.as_ref().map(Following::about));
    lines.extend(options.record.about());
    lines.extend(options.spy.about());
    let mut named = named(server, bound, options);
    if options.record.record.is_some() {
        named.push_str(" --keep-credentials");
    }
    lines.push(format!("point this machine's clients at it: eval \"$(zuno env{named})\""));
    lines.push("stop it with Ctrl-C\n".into());
    Ok(lines.join("\n"))
}

/// Says what the server has to say. A reader that has gone away by then is no reason to stop.
pub fn say_words(words: &str) {
    let _ = std::io::stdout().write_all(words.as_bytes());
}

/// What `zuno env` must be told to find this server.
fn named(server: &Server, bound: SocketAddr, options: &Serve) -> String {
    match (&server.folder, &options.data) {
        (Some(_), None) => String::new(),
        (Some(path), Some(_)) => format!(" --data {}", quoted(&path.to_string_lossy())),
        (None, _) if options.record.record.is_some() => format!(" --server http://{bound}"),
        (None, _) => format!(" --server http://{bound} --client-id … --client-secret …"),
    }
}
