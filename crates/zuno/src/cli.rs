//! The command line: what can be asked, and how it is explained.

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// The OneAPI cloud you can run yourself.
///
/// Real clients (SDKs, Terraform providers, curl) take this program for the cloud: it issues tokens, keeps real state
/// and answers as the six product APIs do. Not affiliated with the vendor.
#[derive(Debug, Parser)]
#[command(name = "zuno", version, propagate_version = true)]
pub struct Cli {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
    /// Say more on standard error; twice for everything.
    #[arg(short, long, global = true, action = clap::ArgAction::Count)]
    pub verbose: u8,
}

/// What can be asked.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Run the cloud; prints where it listens and how to point a client at it.
    Serve(Serve),
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
    /// Keep nothing: everything is gone when the server stops.
    #[arg(long, conflicts_with = "data")]
    pub memory: bool,
    /// The folder that holds the database, the local CA and the first client's credentials.
    #[arg(long, value_name = "DIR", env = "ZUNO_DATA")]
    pub data: Option<PathBuf>,
    /// The id of the first tenant's API client, for CI; made up and kept in a file otherwise.
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
    /// The first tenant's label in host names, as in `acme.zslogin.net`.
    #[arg(long, value_name = "LABEL", default_value = "acme", env = "ZUNO_VANITY")]
    pub vanity: String,
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
    /// Read the catalogue from this folder instead of the one built in, to try a change without building.
    #[arg(long, value_name = "DIR")]
    pub catalogue: Option<PathBuf>,
    /// Let callers on other machines use the proxy for hosts that are not the cloud's.
    #[arg(long)]
    pub open_proxy: bool,
}

/// Sets up what is told on standard error.
pub fn log(verbose: u8) {
    let level = match verbose {
        0 => "warn",
        1 => "info",
        _ => "debug",
    };
    let filter = tracing_subscriber::EnvFilter::try_from_env("ZUNO_LOG").unwrap_or_else(|_| level.into());
    tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr).init();
}
