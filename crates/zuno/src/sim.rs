//! `zuno sim`: machines that a real tenant would have run somewhere, and a simulated cloud has to be given.

use std::io::Read as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use zuno_client::Method;

use crate::operator::Told;
use crate::reach::Target;
use crate::table::Shown;
use crate::usage::Usage;

/// What can be done with simulated machines.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
App connectors, service edges, private cloud controllers and browser access machines cannot be made by an API call: \
they enrol. This enrols simulated ones, so that groups, keys, statuses and deletes have something real behind them.

Examples:
  zuno sim list
  KEY=$(zuno api zpa provisioning-key list CONNECTOR_GRP --json | jq -r '.list[0].provisioningKey')
  zuno sim enrol --key \"$KEY\" --count 3 --name lab
  zuno sim stop lab-2

These want the operator's token, which is found in the data folder of the server. Machines are renamed, switched off and removed through the API.")]
pub enum Sim {
    /// Enrol machines with a provisioning key, as real ones do when they first start.
    #[command(after_help = "\
The key says which tenant and which group, and so which sort of machine. Each machine counts as one use of the key; \
a key that does not suffice for all of them enrols none (nonce.usage.exceeded).

Examples:
  zuno sim enrol --key \"$KEY\"
  zuno sim enrol --key \"$KEY\" --count 3 --name lab      lab-1, lab-2, lab-3
  zuno sim enrol --key - < key.txt")]
    Enrol(Enrol),
    /// Start a machine without a key: it shows a code, and joins the group for which an administrator confirms it.
    #[command(after_help = "\
The code counts for ten minutes. It is confirmed by POST …/CONNECTOR_GRP/usercodes with `userCodes` and \
`componentGroupId`.

Example: zuno sim wait service-edge --json")]
    Wait(Wait),
    /// List the machines of a tenant, those of the sample fleet among them.
    #[command(after_help = "Example: zuno sim list --json")]
    List(OfTenant),
    /// Cut a machine off: its control channel is told as ZPN_STATUS_DISCONNECTED.
    #[command(after_help = "Example: zuno sim stop sjc-connector-1")]
    Stop(Named),
    /// Connect a machine again.
    #[command(after_help = "Example: zuno sim start sjc-connector-1")]
    Start(Named),
}

/// A server, one of its tenants, and how the answer is shown.
#[derive(Debug, Args)]
pub struct OfTenant {
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    told: Told,
    #[command(flatten)]
    target: Target,
}

/// Options of `zuno sim enrol`.
#[derive(Debug, Args)]
pub struct Enrol {
    /// The key's text, which begins with `3|`; `-` reads it from standard input.
    #[arg(long, value_name = "KEY")]
    key: String,
    /// How many machines.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=100))]
    count: u32,
    /// What one machine is called, or what the names of several begin with; the key's name with a number otherwise.
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    #[command(flatten)]
    server: OfTenant,
}

/// Options of `zuno sim wait`.
#[derive(Debug, Args)]
pub struct Wait {
    /// The sort of machine.
    #[arg(value_enum, default_value_t = Sort::Connector)]
    sort: Sort,
    #[command(flatten)]
    server: OfTenant,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Sort {
    Connector,
    ServiceEdge,
    Controller,
    BrowserAccess,
}

/// A machine by its name or id.
#[derive(Debug, Args)]
pub struct Named {
    /// Its name, or its id where several have the name.
    name: String,
    #[command(flatten)]
    server: OfTenant,
}

/// Runs `zuno sim`.
pub fn run(options: &Sim) -> Result<ExitCode> {
    match options {
        Sim::Enrol(wanted) => {
            let body = json!({ "key": key(&wanted.key)?, "count": wanted.count, "name": wanted.name });
            let operator = wanted.server.target.operator(&wanted.server.told)?;
            wanted.server.shown.show(&operator.call(&Method::POST, "/machines", Some(&body))?)?;
        }
        Sim::Wait(wanted) => {
            let association = match wanted.sort {
                Sort::Connector => "CONNECTOR_GRP",
                Sort::ServiceEdge => "SERVICE_EDGE_GRP",
                Sort::Controller => "SITE_CONTROLLER_GRP",
                Sort::BrowserAccess => "EXPORTER_GRP",
            };
            wanted.server.change(&Method::PUT, Some(&json!({ "waits": association })))?;
        }
        Sim::List(server) => server.change(&Method::GET, None)?,
        Sim::Stop(named) => named.turn(false)?,
        Sim::Start(named) => named.turn(true)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn key(given: &str) -> Result<String> {
    let mut text = given.to_owned();
    if given == "-" {
        text.clear();
        std::io::stdin().read_to_string(&mut text).context("cannot read the key from standard input")?;
    }
    let text = text.trim();
    if text.starts_with("3|") {
        return Ok(text.to_owned());
    }
    // The text itself is a secret, and so is not repeated.
    let words = "this is no provisioning key: its text begins with `3|`, and a shell wants it in quotes; \
                 it is the member `provisioningKey` of the key's own answer";
    Err(Usage(words.into()).into())
}

impl OfTenant {
    fn change(&self, method: &Method, body: Option<&Value>) -> Result<()> {
        let operator = self.target.operator(&self.told)?;
        let vanity = match &self.target.vanity {
            Some(vanity) => vanity.clone(),
            None => {
                let tenants = operator.call(&Method::GET, "/tenants", None)?;
                tenants[0]["vanity"].as_str().context("the server has no tenant")?.to_owned()
            }
        };
        self.shown.show(&operator.call(method, &format!("/tenants/{vanity}/machines"), body)?)
    }
}

impl Named {
    fn turn(&self, on: bool) -> Result<()> {
        self.server.change(&Method::PUT, Some(&json!({ "named": self.name, "connected": on })))
    }
}
