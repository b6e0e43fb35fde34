//! What can be said of a server, at `zuno serve` and wherever else one is started.

use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Result;
use clap::Args;

use super::record::Record;
use super::spy::SpyOptions;
use super::{Database, Follow};
use crate::address::address;
use crate::operator::Told;
use crate::secret::read_secret;

/// How the cloud is run.
#[derive(Clone, Debug, Args)]
pub struct Serve {
    /// Where to listen for HTTP and as a proxy: `8080` for callers on this machine, `0.0.0.0:8080` for all; port 0 picks a
    /// free port and prints it.
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", value_parser = address, env = "ZUNO_LISTEN")]
    pub listen: SocketAddr,
    /// Where to listen for HTTPS as well, for set-ups with a hosts file or DNS.
    #[arg(long, value_name = "ADDR", value_parser = address, env = "ZUNO_TLS")]
    pub tls: Option<SocketAddr>,
    /// Keep nothing, even if a folder is named: everything is gone when the server stops.
    #[arg(long)]
    pub memory: bool,
    /// The folder that holds the database, the local CA and the first client's credentials.
    #[arg(long, value_name = "DIR", env = "ZUNO_DATA")]
    pub data: Option<PathBuf>,
    /// Keep the state in this PostgreSQL database instead, which any number of servers may share, as in
    /// `postgres://zuno@db.example.net/zuno?sslmode=verify-full`. The password may stand in PGPASSWORD: what is typed
    /// here, others of the machine see in the list of processes.
    #[arg(
        long,
        value_name = "URL",
        env = "ZUNO_DATABASE",
        hide_env_values = true,
        conflicts_with = "memory"
    )]
    pub database: Option<Database>,
    /// The folder that holds the server's keys, the same for all servers on one database; `keys` in the data folder when
    /// not said.
    #[arg(long, value_name = "DIR", env = "ZUNO_KEYS")]
    pub keys: Option<PathBuf>,
    /// Make the first tenant what the files of this folder say before telling where the server listens, as `zuno apply` does.
    #[arg(long, value_name = "FOLDER", env = "ZUNO_APPLY")]
    pub apply: Option<PathBuf>,
    /// Who may come in, and do what.
    #[command(flatten)]
    pub admission: Admission,
    /// Whether the published service endpoints follow a site.
    #[command(flatten)]
    pub follow: Follow,
    /// Whether calls go to the real cloud.
    #[command(flatten)]
    pub record: Record,
    /// Whether reads do.
    #[command(flatten)]
    pub spy: SpyOptions,
    /// The first tenant, and how the server behaves.
    #[command(flatten)]
    pub behaviour: Behaviour,
}

/// Who may come in, and do what.
#[derive(Clone, Debug, Default, Args)]
pub struct Admission {
    /// Let callers on other machines use the proxy for hosts that are not the cloud's; this machine's own they do not
    /// reach.
    #[arg(long)]
    pub open_proxy: bool,
    /// A name or address under which the operator's API answers, and which an assertion may be meant for, beside
    /// localhost and the address that is dialled; may be repeated.
    #[arg(long = "host", value_name = "NAME", value_delimiter = ',', env = "ZUNO_HOST")]
    pub hosts: Vec<String>,
    /// Who may operate the server.
    #[command(flatten)]
    pub operator: Told,
}

/// The first tenant, and how a server behaves, wherever it is started.
#[derive(Clone, Debug, Args)]
pub struct Behaviour {
    /// The id of the first tenant's API client, for CI; made up otherwise.
    #[arg(long, value_name = "ID", env = "ZUNO_CLIENT_ID", requires = "clients_secret")]
    pub client_id: Option<String>,
    /// That client's secret, of 8 characters at least. Other users of the machine see it in the list of processes: the
    /// variable and --client-secret-file keep it out of there.
    #[arg(
        long,
        value_name = "SECRET",
        env = "ZUNO_CLIENT_SECRET",
        hide_env_values = true,
        requires = "client_id",
        group = "clients_secret"
    )]
    pub client_secret: Option<String>,
    /// A file that holds that client's secret; `-` is standard input.
    #[arg(
        long,
        value_name = "FILE",
        env = "ZUNO_CLIENT_SECRET_FILE",
        requires = "client_id",
        group = "clients_secret"
    )]
    pub client_secret_file: Option<PathBuf>,
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
    /// `real` has calls take as long as they were seen to take in the cloud, a write to internet access about two seconds; `off`
    /// answers at once.
    #[arg(long, value_name = "WHICH", default_value = "off", value_parser = ["off", "real"], env = "ZUNO_LATENCY")]
    pub latency: String,
    /// `real` refuses more objects of a kind than a tenant has without asking; `off` takes as many as there is room for.
    #[arg(
        long, value_name = "WHICH", default_value = "real", value_parser = ["off", "real"], env = "ZUNO_OBJECT_LIMITS"
    )]
    pub object_limits: String,
    /// `quick` has deep traces and reports done within seconds; `real` takes the time that they take.
    #[arg(long, value_name = "WHICH", default_value = "quick", value_parser = ["quick", "real"], env = "ZUNO_PACE")]
    pub pace: String,
    /// A host, address or network whose JWKS URLs may be fetched; may be repeated. None is allowed otherwise.
    #[arg(long = "jwks-host", value_name = "HOST")]
    pub jwks_hosts: Vec<String>,
    /// Take ids and secrets from this number, so that the same calls in the same order give the same ones. Not for a
    /// server that others reach: whoever knows the number knows the secrets.
    #[arg(long, value_name = "NUMBER", env = "ZUNO_SEED")]
    pub seed: Option<u64>,
    /// How much of the calls is kept for `zuno logs`, in MiB; the oldest go as new ones come. 0 keeps none.
    #[arg(long, value_name = "MIB", default_value_t = 8, value_parser = clap::value_parser!(u16).range(0..=4096), env = "ZUNO_JOURNAL")]
    pub journal: u16,
    /// Tell at `/metrics`, to whoever asks, how many calls were answered and how fast, as Prometheus collects it.
    #[arg(long)]
    pub metrics: bool,
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

impl Behaviour {
    /// What holds where nobody says otherwise, whatever variables are set.
    pub fn plain() -> Behaviour {
        let off = || "off".to_owned();
        Behaviour {
            client_id: None,
            client_secret: None,
            client_secret_file: None,
            vanity: None,
            customer_id: None,
            bare: false,
            limits: off(),
            latency: off(),
            object_limits: "real".into(),
            pace: "quick".into(),
            jwks_hosts: Vec::new(),
            seed: None,
            journal: 0,
            metrics: false,
            es256: false,
            endpoints: None,
            endpoints_head: "refuse".into(),
            catalogue: None,
        }
    }

    /// Reads what is told in files, once: one may be a pipe.
    pub fn read_files(&mut self) -> Result<()> {
        if let Some(path) = self.client_secret_file.take() {
            self.client_secret = Some(read_secret(&path)?);
        }
        Ok(())
    }
}
