//! `zuno sim`: machines that a real tenant would have run somewhere, and a simulated cloud has to be given.

use std::io::Read as _;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use zuno_client::Method;

use crate::operator::AsOperator;
use crate::table::Shown;
use crate::usage::Usage;

/// What can be done with simulated machines.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
App connectors, service edges, private cloud controllers, browser access machines, and cloud and branch connectors \
cannot be made by an API call: they enrol. This enrols simulated ones, so that groups, keys, statuses and deletes have something real behind them.

Examples:
  zuno sim list
  KEY=$(zuno api zpa provisioning-key list CONNECTOR_GRP --json | jq -r '.list[0].provisioningKey')
  zuno sim enrol --key \"$KEY\" --count 3 --name lab
  URL=$(zuno api ztw provisioning-url list --json | jq -r '.[0].provUrl')
  zuno sim enrol --key \"$URL\" --count 2
  zuno sim stop lab-2

These want the operator's token, which is found in the data folder of the server. Machines are renamed, switched off and removed through the API.")]
pub enum Sim {
    /// Enrol machines with a provisioning key or URL, as real ones do when they first start.
    #[command(after_help = "\
The key says which tenant and which group, and so which sort of machine. Each machine counts as one use of the key; \
a key that does not suffice for all of them enrols none (nonce.usage.exceeded).

Cloud and branch connectors enrol with the URL of their provisioning template. They join a group of that template that has \
room, or make one, with its location; they take traffic from the fifth minute of the server's clock on.

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
    /// Add a company of a size: people, devices that are measured, sites, connectors.
    #[command(after_help = "\
Everything follows from the seed. The devices are those of client connector and of digital experience, their owners people \
of internet access, and each site has two connectors of private access. A company of 5,000 devices takes some seconds.

Examples:
  zuno sim fleet --devices 5000 --users 2000 --locations 20 --seed 1
  zuno sim fleet      a small one: 100 devices of 40 people at 3 sites")]
    Fleet(Fleet),
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
    operator: AsOperator,
}

/// Options of `zuno sim enrol`.
#[derive(Debug, Args)]
pub struct Enrol {
    /// The key's text, which begins with `3|`, or a provisioning template's URL; `-` reads it from standard input.
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

/// Options of `zuno sim fleet`.
#[derive(Debug, Args)]
pub struct Fleet {
    /// How many devices; they belong to the people in turn.
    #[arg(long, value_name = "N", default_value_t = 100, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    devices: u32,
    /// How many people.
    #[arg(long, value_name = "N", default_value_t = 40, value_parser = clap::value_parser!(u32).range(1..=50_000))]
    users: u32,
    /// How many sites, in cities of the world.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u32).range(1..=500))]
    locations: u32,
    /// What everything is drawn from.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..))]
    seed: u32,
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
            let vanity = &wanted.server.operator.target.vanity;
            let key = key(&wanted.key)?;
            let body = json!({ "key": key, "count": wanted.count, "name": wanted.name, "vanity": vanity });
            let operator = wanted.server.operator.operator()?;
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
        Sim::Fleet(wanted) => {
            let Fleet { devices, users, locations, seed, server } = wanted;
            let body = json!({ "devices": devices, "users": users, "locations": locations, "seed": seed });
            server.call(&Method::POST, "fleet", Some(&body))?;
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
    if text.starts_with("3|") || text.contains("/provUrl?name=") {
        return Ok(text.to_owned());
    }
    // The text itself is a secret, and so is not repeated.
    let words = "this is no provisioning key: its text begins with `3|`, and a shell wants it in quotes; \
                 it is the member `provisioningKey` of the key's own answer, or `provUrl` of a provisioning template's";
    Err(Usage(words.into()).into())
}

impl OfTenant {
    fn change(&self, method: &Method, body: Option<&Value>) -> Result<()> {
        self.call(method, "machines", body)
    }

    fn call(&self, method: &Method, what: &str, body: Option<&Value>) -> Result<()> {
        let (operator, vanity) = self.operator.of_tenant()?;
        self.shown.show(&operator.call(method, &format!("/tenants/{vanity}/{what}"), body)?)
    }
}

impl Named {
    fn turn(&self, on: bool) -> Result<()> {
        self.server.change(&Method::PUT, Some(&json!({ "named": self.name, "connected": on })))
    }
}
