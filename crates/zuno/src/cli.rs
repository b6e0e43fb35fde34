//! The command line: what can be asked, and how it is explained.

use std::io::IsTerminal as _;
use std::net::SocketAddr;
use std::path::PathBuf;

use clap::builder::Styles;
use clap::builder::styling::{AnsiColor, Style};
use clap::{Args, Parser, Subcommand};

use crate::serve::Follow;
use crate::{admin, api, demo, documents, endpoints, environment, everyday, run, sim};

/// The OneAPI cloud you can run yourself.
///
/// Real clients (SDKs, Terraform providers, curl) take this program for the cloud: it issues tokens, keeps real state
/// and answers as the six product APIs do. Not affiliated with the vendor.
#[derive(Debug, Parser)]
#[command(name = "zuno", version, propagate_version = true, styles = STYLES, max_term_width = 100)]
#[command(after_help = "\
First steps:
  zuno demo                                every documented example, sent and answered
  zuno run -- python my_script.py          a client, unmodified, against a cloud of its own
  zuno serve                               a cloud that stays, with its state in a folder
  eval \"$(zuno env)\"                       points this shell's clients at it

Exit status: 0 done; 1 refused or failed; 2 the command line is wrong. `zuno run` returns its command's.")]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say more on standard error; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count, display_order = 900)]
    pub verbose: u8,
    /// Options from a TOML file, tables for commands; `zuno/config.toml` in the platform's folder when not said.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        env = "ZUNO_CONFIG",
        hide_env_values = true,
        display_order = 901
    )]
    pub config: Option<PathBuf>,
}

/// Headings stand out, and what is typed stands out from what is replaced.
const STYLES: Styles = Styles::styled()
    .header(Style::new().bold())
    .usage(Style::new().bold())
    .literal(AnsiColor::Cyan.on_default())
    .placeholder(AnsiColor::Green.on_default());

/// What can be asked.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the cloud; prints where it listens and how to point a client at it.
    #[command(after_help = "\
Examples:
  zuno serve
  zuno serve --memory --listen 127.0.0.1:0 --client-id ci --client-secret \"$SECRET\"
  zuno serve --data ./cloud --vanity example --limits real
  zuno serve --mirror-endpoints --mirror-every 6h

The first line printed is where it listens. Credentials, the local CA and the files that clients trust are in the \
data folder; `eval \"$(zuno env)\"` reads them there.")]
    Serve(Serve),
    /// Run a client, unmodified, against this cloud.
    Run(run::Run),
    /// Print the variables that lead clients to a running server.
    Env(environment::Env),
    /// Take the guided tour: every documented example, sent and answered.
    Demo(demo::Demo),
    /// Call any operation of the six APIs.
    Api(api::Api),
    /// Print an access token.
    Token(everyday::Token),
    /// Tell the categories of URLs.
    Lookup(everyday::Lookup),
    /// Make the changes that wait take effect.
    Activate(everyday::Activate),
    /// Administer the tenants of a running server.
    #[command(subcommand)]
    Tenant(admin::Tenant),
    /// Administer the API clients of a tenant.
    #[command(subcommand)]
    Client(admin::Client),
    /// Give a running server simulated machines: connectors, service edges, private cloud controllers.
    #[command(subcommand)]
    Sim(sim::Sim),
    /// Read the published service endpoints: where an address is, what changed, lists for firewalls.
    #[command(
        subcommand,
        after_help = "\
Examples:
  zuno endpoints lookup --live 165.225.240.12
  zuno endpoints allowlist --live --format nftables --output /etc/nftables.d/zscaler.nft
  zuno endpoints diff yesterday.json today.json

Documents come from the real site (--live), from files (--file), or from a Zuno (--server, or the one that is running)."
    )]
    Endpoints(endpoints::Endpoints),
    /// Print the OpenAPI 3.1 document of what the catalogue describes.
    Openapi(documents::OpenApi),
    /// Print the completions of a shell.
    Completions(documents::Completions),
    /// Print the manual page, or write all of them.
    Man(documents::Man),
}

/// How the cloud is run.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Where to listen for HTTP and as a proxy; port 0 picks a free port and prints it.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", env = "ZUNO_LISTEN")]
    pub listen: SocketAddr,
    /// Where to listen for HTTPS as well, for set-ups with a hosts file or DNS.
    #[arg(long, value_name = "ADDR", env = "ZUNO_TLS")]
    pub tls: Option<SocketAddr>,
    /// Keep nothing, even if a folder is named: everything is gone when the server stops.
    #[arg(long)]
    pub memory: bool,
    /// The folder that holds the database, the local CA and the first client's credentials.
    #[arg(long, value_name = "DIR", env = "ZUNO_DATA")]
    pub data: Option<PathBuf>,
    /// Let callers on other machines use the proxy for hosts that are not the cloud's.
    #[arg(long)]
    pub open_proxy: bool,
    /// Whether the published service endpoints follow a site.
    #[command(flatten)]
    pub follow: Follow,
    /// The first tenant, and how the server behaves.
    #[command(flatten)]
    pub behaviour: Behaviour,
}

/// The first tenant, and how a server behaves, wherever it is started.
#[derive(Clone, Debug, Args)]
pub struct Behaviour {
    /// The id of the first tenant's API client, for CI; made up otherwise.
    #[arg(long, value_name = "ID", env = "ZUNO_CLIENT_ID", requires = "client_secret")]
    pub client_id: Option<String>,
    /// That client's secret.
    #[arg(
        long,
        value_name = "SECRET",
        env = "ZUNO_CLIENT_SECRET",
        hide_env_values = true,
        requires = "client_id"
    )]
    pub client_secret: Option<String>,
    /// The first tenant's label in host names, as in `acme.zslogin.net`; `acme` when not said.
    #[arg(long, value_name = "LABEL", env = "ZUNO_VANITY")]
    pub vanity: Option<String>,
    /// The first tenant's ZPA customer id.
    #[arg(long, value_name = "ID", env = "ZUNO_CUSTOMER_ID")]
    pub customer_id: Option<i64>,
    /// Leave the sample fleet of devices, connectors and people out of the first tenant.
    #[arg(long)]
    pub bare: bool,
    /// `real` enforces the documented rate limits; `off` only counts.
    #[arg(long, value_name = "WHICH", default_value = "off", value_parser = ["off", "real"], env = "ZUNO_LIMITS")]
    pub limits: String,
    /// A host, address or network whose JWKS URLs may be fetched; may be repeated. None is allowed otherwise.
    #[arg(long = "jwks-host", value_name = "HOST")]
    pub jwks_hosts: Vec<String>,
    /// Sign tokens with ES256 instead of RS256.
    #[arg(long)]
    pub es256: bool,
    /// Publish the service endpoints in this folder, files named CLOUD.KIND.json, instead of the built-in ones; a file
    /// that changes is read again.
    #[arg(long, value_name = "DIR", env = "ZUNO_ENDPOINTS")]
    pub endpoints: Option<PathBuf>,
    /// What HEAD gets where service endpoints are published: `refuse` answers 405 as the real site does, `answer` the
    /// headers of GET.
    #[arg(long, value_name = "WHICH", default_value = "refuse", value_parser = ["refuse", "answer"], env = "ZUNO_ENDPOINTS_HEAD")]
    pub endpoints_head: String,
    /// Read the catalogue from this folder instead of the one built in, to try a change without building.
    #[arg(long, value_name = "DIR")]
    pub catalogue: Option<PathBuf>,
}

/// Sets up what is told on standard error.
pub fn log(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("ZUNO_LOG").unwrap_or_else(|_| level.into());
    let colours =
        std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|set| set.is_empty());
    tracing_subscriber::fmt().with_env_filter(filter).with_ansi(colours).with_writer(std::io::stderr).init();
}
