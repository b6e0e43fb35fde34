//! `zuno client`: what a tenant's administrator does with its API clients.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand};
use serde_json::{Value, json};
use zuno_catalogue::{PageStyle, Paging};
use zuno_client::Method;

use crate::body::Body;
use crate::reach::{Reached, Whom, claims};
use crate::table::{Shown, records, say};
use crate::usage::Usage;
use crate::{pages, recover};

/// Where API clients are kept.
const CLIENTS: &str = "/ziam/admin/api/v1/api-clients";

/// What can be done with API clients.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  zuno client create ci
  zuno client create robot --key public_key.pem
  zuno client rotate iq41q3fpgg6st --drop-old

All but `recover` go through the identity service's admin API, so they work on the real cloud as well.")]
pub enum Client {
    /// List the API clients.
    #[command(after_help = "Example: zuno client list")]
    List(AsAdmin),
    /// Make an API client; prints its secret, once.
    #[command(after_help = "\
Examples:
  zuno client create ci --json
  zuno client create robot --key public_key.pem
  zuno client create robot --jwks https://example.com/jwks.json --lifetime 600")]
    Create(CreateClient),
    /// Give an API client a new secret; prints it, once. The old one still counts unless it is dropped; a client has two
    /// at most, and a third replaces the newer.
    #[command(after_help = "Example: zuno client rotate iq41q3fpgg6st --drop-old")]
    Rotate(Rotate),
    /// Give the first API client of a data folder a new secret, for whoever has lost it; works with the server running or
    /// not, and writes it into the folder's credentials.json.
    #[command(after_help = "Example: zuno client recover --data ./cloud")]
    Recover(recover::Recover),
    /// Remove an API client; its tokens are refused from then on.
    #[command(after_help = "Example: zuno client delete iq41q3fpgg6st")]
    Delete(NamedClient),
}

/// An administrator's call, and how its answer is shown.
#[derive(Debug, Args)]
pub struct AsAdmin {
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    whom: Whom,
}

/// Options of `zuno client create`.
#[derive(Debug, Args)]
pub struct CreateClient {
    /// Its name, for people.
    name: String,
    /// It proves itself with the private half of this public key (PEM) instead of a secret.
    #[arg(long, value_name = "FILE", conflicts_with = "jwks")]
    key: Option<PathBuf>,
    /// It proves itself with a key that this URL publishes.
    #[arg(long, value_name = "URL")]
    jwks: Option<String>,
    /// How long its tokens live, in seconds.
    #[arg(long, value_name = "SECONDS", default_value_t = 3600)]
    lifetime: u32,
    /// The client whose reach it gets; the caller's own otherwise.
    #[arg(long, value_name = "ID")]
    like: Option<String>,
    #[command(flatten)]
    admin: AsAdmin,
}

/// Options of `zuno client rotate`.
#[derive(Debug, Args)]
pub struct Rotate {
    /// The API client's id.
    id: String,
    /// The secrets it had count no longer.
    #[arg(long)]
    drop_old: bool,
    #[command(flatten)]
    admin: AsAdmin,
}

/// An API client by its id.
#[derive(Debug, Args)]
pub struct NamedClient {
    /// The API client's id.
    id: String,
    #[command(flatten)]
    admin: AsAdmin,
}

/// Runs `zuno client`.
pub fn run(options: &Client) -> Result<ExitCode> {
    match options {
        Client::List(admin) => {
            let caller = admin.whom.reach()?;
            let page = Paging { style: PageStyle::Offset, size: 100, max: 1000, ..Paging::default() };
            let fetch =
                |query: &[(String, String)]| Ok(caller.read(&Method::GET, CLIENTS, query, None)?.json());
            let answer = Value::Array(pages::all(&page, &[], fetch)?);
            let mut shown = admin.shown.clone();
            if shown.as_table() && shown.columns.is_empty() {
                let columns =
                    ["id", "name", "status", "accessTokenLifeTime", "clientAuthentication.authType"];
                shown.columns = columns.map(str::to_owned).to_vec();
            }
            shown.show(&answer)?;
        }
        Client::Create(wanted) => wanted.admin.shown.show(&create(wanted)?)?,
        Client::Recover(wanted) => recover::run(wanted)?,
        Client::Rotate(wanted) => wanted.admin.shown.show(&rotate(wanted)?)?,
        Client::Delete(named) => {
            let caller = named.admin.whom.reach()?;
            caller.write(&Method::DELETE, &format!("{CLIENTS}/{}", named.id), &[], None)?;
            say(&format!("zuno: API client {} is gone", named.id));
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn create(wanted: &CreateClient) -> Result<Value> {
    let reached = wanted.admin.whom.reach()?;
    let caller = &reached;
    let like = match &wanted.like {
        Some(id) => id.clone(),
        None => own_id(caller)?,
    };
    let model = caller.read(&Method::GET, &format!("{CLIENTS}/{like}"), &[], None)?.json();
    let authentication = match (&wanted.key, &wanted.jwks) {
        (Some(path), _) => {
            let pem =
                std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
            if !pem.contains("PUBLIC KEY") {
                let text =
                    format!("{} is no public key in PEM: `openssl rsa -pubout` writes one", path.display());
                return Err(Usage(text).into());
            }
            json!({"authType": "PUBKEYCERT", "publicKeys": [{"keyName": wanted.name, "keyValue": pem}]})
        }
        (None, Some(url)) => json!({"authType": "JWKS", "clientJWKsUrl": url}),
        (None, None) => json!({"authType": "SECRET"}),
    };
    let body = json!({
        "name": wanted.name,
        "status": true,
        "accessTokenLifeTime": wanted.lifetime,
        "clientAuthentication": authentication,
        "clientResources": model["clientResources"],
    });
    let made = caller.write(&Method::POST, CLIENTS, &[], Some(&Body::json(&body)))?.json();
    let Some(id) = made["id"].as_str() else { bail!("the answer names no id: {made}") };
    let mut told = json!({"client_id": id, "name": wanted.name});
    if wanted.key.is_none() && wanted.jwks.is_none() {
        told["client_secret"] = new_secret(caller, id)?["value"].take();
    }
    Ok(told)
}

fn rotate(wanted: &Rotate) -> Result<Value> {
    let reached = wanted.admin.whom.reach()?;
    let caller = &reached;
    let secrets = format!("{CLIENTS}/{}/secrets", wanted.id);
    let made = new_secret(caller, &wanted.id)?;
    let listed = caller.read(&Method::GET, &secrets, &[], None)?.json();
    let listed = records(&listed).unwrap_or_default();
    let older: Vec<&str> = listed
        .iter()
        .filter_map(|secret| secret["id"].as_str())
        .filter(|id| Some(*id) != made["id"].as_str())
        .collect();
    if wanted.drop_old {
        for id in &older {
            caller.write(&Method::DELETE, &format!("{secrets}/{id}"), &[], None)?;
        }
    }
    let left = if wanted.drop_old { 0 } else { older.len() };
    Ok(json!({"client_id": wanted.id, "client_secret": made["value"], "older_secrets": left}))
}

/// Makes a secret: its id, and its value, which no other answer shows.
fn new_secret(caller: &Reached, id: &str) -> Result<Value> {
    let made = caller
        .write(&Method::POST, &format!("{CLIENTS}/{id}/secrets"), &[], Some(&Body::json(&json!({}))))?
        .json();
    if made["value"].is_string() {
        return Ok(made);
    }
    bail!("the answer shows no secret: look at `zuno api zidentity api-client-secret list {id}`")
}

/// The id of the client that calls, as its token says.
fn own_id(caller: &Reached) -> Result<String> {
    let claims = claims(&caller.token()?)?;
    let id = claims.get("client_id").or_else(|| claims.get("sub")).and_then(Value::as_str);
    Ok(id.context("the token does not say whose it is: name a client with --like")?.to_owned())
}
