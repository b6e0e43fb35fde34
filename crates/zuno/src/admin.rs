//! `zuno tenant` and `zuno client`: what an operator, or a tenant's administrator, does with a running cloud.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use zuno_catalogue::{Page, PageStyle};
use zuno_client::{Error, Method, Operator};

use crate::operator::{Told, read_secret};
use crate::reach::{Reached, Target, Whom};
use crate::table::{Shown, say};
use crate::{Usage, pages, recover};

/// Where API clients are kept.
const CLIENTS: &str = "/ziam/admin/api/v1/api-clients";

/// What can be done with tenants.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  zuno tenant create test-42 --json
  zuno tenant mode zia locked on
  zuno tenant set acme --audience refused
  zuno tenant reset test-42

These want the operator's token, which is found in the data folder of the server; for a server without one, or on \
another machine, tell it by ZUNO_OPERATOR_TOKEN or --operator-token-file.")]
pub enum Tenant {
    /// List the tenants.
    #[command(after_help = "Example: zuno tenant list")]
    List(OnServer),
    /// Make a tenant with everything a fresh one has; prints its API client and that client's secret, once.
    #[command(after_help = "Example: zuno tenant create test-42 --bare --json")]
    Create(CreateTenant),
    /// Remove a tenant and everything it has; asks first if it is the last one.
    #[command(after_help = "Example: zuno tenant delete test-42")]
    Delete(DeleteTenant),
    /// Make a tenant fresh again; its API clients and their secrets stay.
    #[command(after_help = "Example: zuno tenant reset test-42")]
    Reset(NamedTenant),
    /// Switch a product's read-only mode or edit lock on or off.
    #[command(after_help = "\
Examples:
  zuno tenant mode zia read-only on   refuses writes as an upgrade does (403)
  zuno tenant mode zia locked on      refuses them as another's edits do (409)")]
    Mode(Mode),
    /// Change how a tenant behaves: what its token requests say of their audience.
    #[command(after_help = "\
Examples:
  zuno tenant set acme --audience required   none without `audience`
  zuno tenant set acme --audience refused    none with it, as some tenants
  zuno tenant set acme --audience either     both get the same token")]
    Set(SetTenant),
}

/// Options of `zuno tenant set`.
#[derive(Debug, Args)]
pub struct SetTenant {
    /// Its label in host names.
    name: String,
    /// Whether token requests may, must or must not name their audience.
    #[arg(long, value_enum)]
    audience: AudienceName,
    #[command(flatten)]
    server: OnServer,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum AudienceName {
    Either,
    Required,
    Refused,
}

/// A server, and how its answer is shown.
#[derive(Debug, Args)]
pub struct OnServer {
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    told: Told,
    #[command(flatten)]
    target: Target,
}

/// Options of `zuno tenant create`.
#[derive(Debug, Args)]
pub struct CreateTenant {
    /// Its label in host names, as in `test-42.zslogin.net`.
    name: String,
    /// Leave the sample fleet of devices, connectors and people out.
    #[arg(long)]
    bare: bool,
    /// The id of its API client; made up otherwise.
    #[arg(long, value_name = "ID", requires = "with_secrets")]
    with_client: Option<String>,
    /// That client's secret, of 8 characters at least. Other users of the machine see it in the list of processes:
    /// --with-secret-file keeps it out of there.
    #[arg(long, value_name = "SECRET", requires = "with_client", group = "with_secrets")]
    with_secret: Option<String>,
    /// A file that holds that client's secret; `-` is standard input.
    #[arg(long, value_name = "FILE", requires = "with_client", group = "with_secrets")]
    with_secret_file: Option<PathBuf>,
    /// Its ZPA customer id, a multiple of 268435456; the next free one otherwise.
    #[arg(long, value_name = "ID")]
    with_customer: Option<i64>,
    #[command(flatten)]
    server: OnServer,
}

/// A tenant by its label.
#[derive(Debug, Args)]
pub struct NamedTenant {
    /// Its label in host names.
    name: String,
    #[command(flatten)]
    server: OnServer,
}

/// Options of `zuno tenant delete`.
#[derive(Debug, Args)]
pub struct DeleteTenant {
    /// Its label in host names.
    name: String,
    /// Do not ask, even if it is the last one.
    #[arg(long)]
    yes: bool,
    #[command(flatten)]
    server: OnServer,
}

/// Options of `zuno tenant mode`.
#[derive(Debug, Args)]
pub struct Mode {
    /// The product: zia, zpa, zcc, ztw, zdx or zidentity.
    product: String,
    /// Which switch.
    #[arg(value_enum)]
    mode: ModeName,
    /// Which way.
    #[arg(value_enum)]
    state: State,
    #[command(flatten)]
    server: OnServer,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum ModeName {
    ReadOnly,
    Locked,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum State {
    On,
    Off,
}

/// Runs `zuno tenant`.
pub fn tenant(options: &Tenant) -> Result<ExitCode> {
    match options {
        Tenant::List(server) => {
            let tenants = server.operator()?.call(&Method::GET, "/tenants", None)?;
            server.shown.show(&tenants)?;
        }
        Tenant::Create(wanted) => {
            let secret = match (&wanted.with_secret, &wanted.with_secret_file) {
                (Some(secret), _) => Some(secret.clone()),
                (None, Some(path)) => Some(read_secret(path)?),
                (None, None) => None,
            };
            let body = json!({
                "vanity": wanted.name,
                "bare": wanted.bare,
                "customer_id": wanted.with_customer.map(|id| id.to_string()),
                "client_id": wanted.with_client,
                "client_secret": secret,
            });
            let operator = wanted.server.operator()?;
            wanted.server.shown.show(&operator.call(&Method::POST, "/tenants", Some(&body))?)?;
        }
        Tenant::Delete(wanted) => {
            if !remove(wanted)? {
                return Ok(ExitCode::FAILURE);
            }
            done(&format!("tenant {} is gone", wanted.name));
        }
        Tenant::Reset(named) => {
            named.server.operator()?.call(&Method::POST, &format!("/tenants/{}/reset", named.name), None)?;
            done(&format!("tenant {} is fresh again", named.name));
        }
        Tenant::Set(wanted) => {
            let audience = match wanted.audience {
                AudienceName::Either => "either",
                AudienceName::Required => "required",
                AudienceName::Refused => "refused",
            };
            let path = format!("/tenants/{}", wanted.name);
            let body = json!({ "audience": audience });
            wanted.server.operator()?.call(&Method::PATCH, &path, Some(&body))?;
            done(&format!("the audience in token requests to {}: {audience}", wanted.name));
        }
        Tenant::Mode(wanted) => {
            let operator = wanted.server.operator()?;
            let vanity = match &wanted.server.target.vanity {
                Some(vanity) => vanity.clone(),
                None => {
                    let tenants = operator.call(&Method::GET, "/tenants", None)?;
                    tenants[0]["vanity"].as_str().context("the server has no tenant")?.to_owned()
                }
            };
            let mode = match wanted.mode {
                ModeName::ReadOnly => "read-only",
                ModeName::Locked => "locked",
            };
            let path = format!("/tenants/{vanity}/modes/{}/{mode}", wanted.product);
            let on = wanted.state == State::On;
            operator.call(&Method::PUT, &path, Some(&json!({ "on": on })))?;
            done(&format!("{} of {vanity} is {}{mode}", wanted.product, if on { "" } else { "no longer " }));
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl OnServer {
    fn operator(&self) -> Result<Operator> {
        self.target.operator(&self.told)
    }
}

/// Removes a tenant; tells whether it is gone. The last one goes only if that is wanted.
fn remove(wanted: &DeleteTenant) -> Result<bool> {
    let operator = wanted.server.operator()?;
    let path = format!("/tenants/{}", wanted.name);
    let last = format!("{path}?last=true");
    match operator.call(&Method::DELETE, if wanted.yes { &last } else { &path }, None) {
        Err(Error::Refused(refusal)) if refusal.status == 409 => {
            let name = &wanted.name;
            if !std::io::stdin().is_terminal() {
                let text = format!(
                    "`{name}` is the last tenant, and a server without one answers nobody: --yes removes it"
                );
                return Err(Usage(text).into());
            }
            anstream::eprint!(
                "`{name}` is the last tenant, and a server without one answers nobody. Remove it? [y/N] "
            );
            let mut answer = String::new();
            std::io::stdin().read_line(&mut answer).context("cannot read the answer")?;
            if !matches!(answer.trim().to_ascii_lowercase().as_str(), "y" | "yes") {
                return Ok(false);
            }
            operator.call(&Method::DELETE, &last, None)?;
        }
        outcome => drop(outcome?),
    }
    Ok(true)
}

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
pub fn client(options: &Client) -> Result<ExitCode> {
    match options {
        Client::List(admin) => {
            let caller = admin.whom.reach()?;
            let page = Page { style: PageStyle::Offset, size: 100, max: 1000, ..Page::default() };
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
            done(&format!("API client {} is gone", named.id));
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
    let made = caller.write(&Method::POST, CLIENTS, &[], Some(&body))?.json();
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
    let listed = crate::table::records(&listed).unwrap_or_default();
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
    let made = caller.write(&Method::POST, &format!("{CLIENTS}/{id}/secrets"), &[], Some(&json!({})))?.json();
    if made["value"].is_string() {
        return Ok(made);
    }
    bail!("the answer shows no secret: look at `zuno api zidentity api-client-secret list {id}`")
}

/// The id of the client that calls, as its token says.
fn own_id(caller: &Reached) -> Result<String> {
    let claims = crate::reach::claims(&caller.token()?)?;
    let id = claims.get("client_id").or_else(|| claims.get("sub")).and_then(Value::as_str);
    Ok(id.context("the token does not say whose it is: name a client with --like")?.to_owned())
}

fn done(text: &str) {
    say(&format!("zuno: {text}"));
}
