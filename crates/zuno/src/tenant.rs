//! `zuno tenant`: what an operator does with the tenants of a running cloud.

use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::json;
use zuno_client::{Error, Method};

use crate::operator::OnServer;
use crate::secret::read_secret;
use crate::table::say;
use crate::usage::Usage;

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
    #[command(after_help = "\
Examples:
  zuno tenant create test-42 --bare --json
  zuno tenant create test-43 --from before")]
    Create(CreateTenant),
    /// Remove a tenant and everything it has; asks first if it is the last one.
    #[command(after_help = "Example: zuno tenant delete test-42")]
    Delete(DeleteTenant),
    /// Make a tenant fresh again, or what a snapshot has; its API clients and their secrets stay.
    #[command(after_help = "\
Examples:
  zuno tenant reset test-42
  zuno tenant reset test-42 --to before")]
    Reset(ResetTenant),
    /// Switch a product's read-only mode, its edit lock, or its filling in on or off.
    #[command(after_help = "\
Examples:
  zuno tenant mode zia read-only on   refuses writes as an upgrade does (403)
  zuno tenant mode zia locked on      refuses them as another's edits do (409)
  zuno tenant mode zia as-sent on     fills nothing in, for Terraform")]
    Mode(Mode),
    /// Change how a tenant behaves: the audience of its token requests, and the domains of its people.
    #[command(after_help = "\
Examples:
  zuno tenant set acme --audience required   none without `audience`
  zuno tenant set acme --audience refused    none with it, as some tenants
  zuno tenant set acme --audience either     both get the same token
  zuno tenant set acme --domain example.com  people sign in with it, and no other")]
    Set(SetTenant),
}

/// Options of `zuno tenant set`.
#[derive(Debug, Args)]
pub struct SetTenant {
    /// Its label in host names.
    name: String,
    /// Whether token requests may, must or must not name their audience.
    #[arg(long, value_enum, required_unless_present = "domain", conflicts_with = "domain")]
    audience: Option<AudienceName>,
    /// A domain of its people's addresses and its sites' names, in the place of those that it has; repeat it for more.
    #[arg(long, value_name = "DOMAIN")]
    domain: Vec<String>,
    #[command(flatten)]
    server: OnServer,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum AudienceName {
    Either,
    Required,
    Refused,
}

impl AudienceName {
    /// As the operator writes it.
    fn word(self) -> &'static str {
        match self {
            AudienceName::Either => "either",
            AudienceName::Required => "required",
            AudienceName::Refused => "refused",
        }
    }
}

/// Options of `zuno tenant create`.
#[derive(Debug, Args)]
pub struct CreateTenant {
    /// Its label in host names, as in `test-42.zslogin.net`.
    name: String,
    /// Leave the sample fleet of devices, connectors and people out.
    #[arg(long)]
    bare: bool,
    /// Begin with what this snapshot has, in the place of what a fresh tenant has.
    #[arg(long, value_name = "SNAPSHOT", conflicts_with = "bare")]
    from: Option<String>,
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

/// Options of `zuno tenant reset`.
#[derive(Debug, Args)]
pub struct ResetTenant {
    /// Its label in host names.
    name: String,
    /// The snapshot that it is to be like; fresh when not said.
    #[arg(long, value_name = "SNAPSHOT")]
    to: Option<String>,
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
    AsSent,
}

#[derive(Clone, Copy, Debug, PartialEq, ValueEnum)]
enum State {
    On,
    Off,
}

/// Runs `zuno tenant`.
pub fn run(options: &Tenant) -> Result<ExitCode> {
    match options {
        Tenant::List(server) => {
            let tenants = server.operator.operator()?.call(&Method::GET, "/tenants", None)?;
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
                "from": wanted.from,
                "customer_id": wanted.with_customer.map(|id| id.to_string()),
                "client_id": wanted.with_client,
                "client_secret": secret,
            });
            let operator = wanted.server.operator.operator()?;
            wanted.server.shown.show(&operator.call(&Method::POST, "/tenants", Some(&body))?)?;
        }
        Tenant::Delete(wanted) => {
            if !remove(wanted)? {
                return Ok(ExitCode::FAILURE);
            }
            say(&format!("zuno: tenant {} is gone", wanted.name));
        }
        Tenant::Reset(named) => {
            let body = named.to.as_ref().map(|snapshot| json!({ "to": snapshot }));
            let path = format!("/tenants/{}/reset", named.name);
            named.server.operator.operator()?.call(&Method::POST, &path, body.as_ref())?;
            let now = named.to.as_ref().map_or("fresh again".into(), |snapshot| format!("as in {snapshot}"));
            say(&format!("zuno: tenant {} is {now}", named.name));
        }
        Tenant::Set(wanted) => {
            let path = format!("/tenants/{}", wanted.name);
            let (body, said) = match wanted.audience {
                Some(audience) => {
                    let audience = audience.word();
                    let said = format!("the audience in token requests to {}: {audience}", wanted.name);
                    (json!({ "audience": audience }), said)
                }
                None => {
                    let said = format!("the domains of {}: {}", wanted.name, wanted.domain.join(", "));
                    (json!({ "domains": wanted.domain }), said)
                }
            };
            wanted.server.operator.operator()?.call(&Method::PATCH, &path, Some(&body))?;
            say(&format!("zuno: {said}"));
        }
        Tenant::Mode(wanted) => {
            let operator = wanted.server.operator.operator()?;
            let vanity = wanted.server.operator.target.tenant(&operator)?;
            let mode = match wanted.mode {
                ModeName::ReadOnly => "read-only",
                ModeName::Locked => "locked",
                ModeName::AsSent => "as-sent",
            };
            let path = format!("/tenants/{vanity}/modes/{}/{mode}", wanted.product);
            let on = wanted.state == State::On;
            operator.call(&Method::PUT, &path, Some(&json!({ "on": on })))?;
            say(&format!(
                "zuno: {} of {vanity} is {}{mode}",
                wanted.product,
                if on { "" } else { "no longer " }
            ));
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Removes a tenant; tells whether it is gone. The last one goes only if that is wanted.
fn remove(wanted: &DeleteTenant) -> Result<bool> {
    let operator = wanted.server.operator.operator()?;
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
