//! Which server or cloud a command means, and with whose credentials: the order of precedence, in one place.
//!
//! One rule for every command: what is meant is a Zuno, unless the command line says `--real`. The variables that the
//! vendor's own clients read never lead a command to the real cloud by themselves.

use std::cell::Cell;
use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::parser::ValueSource;
use clap::{ArgMatches, Args};
use serde_json::Value;
use zuno_client::{Client, Credentials, Error, Method, Remote, Response, Retries, Settings};
use zuno_intercept::Before;

use crate::body::Body;
use crate::folder;
use crate::secret::read_secret;
use crate::table::say;
use crate::usage::Usage;

/// Whom to call, and as whom: a Zuno, or the real cloud.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Whom to call")]
pub struct Whom {
    /// A Zuno.
    #[command(flatten)]
    pub target: Target,
    /// Call the real cloud, as the client that ZSCALER_CLIENT_ID, ZSCALER_CLIENT_SECRET and ZSCALER_VANITY_DOMAIN name.
    /// Without it a Zuno is called, whatever these say.
    #[arg(long)]
    pub real: bool,
}

/// Which Zuno to call, and as whom.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Whom to call")]
pub struct Target {
    /// A Zuno's address; the server that runs on the data folder otherwise.
    #[arg(long, value_name = "URL", env = "ZUNO_SERVER")]
    pub server: Option<String>,
    /// The data folder of the server, which holds credentials for it.
    #[arg(long, value_name = "DIR", env = "ZUNO_DATA")]
    pub data: Option<PathBuf>,
    /// The API client's id; otherwise what the data folder holds, or ZSCALER_CLIENT_ID.
    #[arg(long, value_name = "ID", env = "ZUNO_CLIENT_ID", requires = "clients_secret")]
    pub client_id: Option<String>,
    /// Its secret; otherwise what goes with the id: ZSCALER_CLIENT_SECRET, or the key in ZSCALER_PRIVATE_KEY. Other users
    /// of the machine see it in the list of processes: the variables and --client-secret-file keep it out of there.
    #[arg(
        long,
        value_name = "SECRET",
        env = "ZUNO_CLIENT_SECRET",
        hide_env_values = true,
        requires = "client_id",
        group = "clients_secret"
    )]
    pub client_secret: Option<String>,
    /// A file that holds its secret; `-` is standard input.
    #[arg(
        long,
        value_name = "FILE",
        env = "ZUNO_CLIENT_SECRET_FILE",
        requires = "client_id",
        group = "clients_secret"
    )]
    pub client_secret_file: Option<PathBuf>,
    /// The tenant's label in host names; a server's first tenant otherwise.
    #[arg(long, value_name = "LABEL", env = "ZUNO_VANITY")]
    pub vanity: Option<String>,
    /// The ZPA customer id; otherwise ZPA_CUSTOMER_ID, or what the token says.
    #[arg(long, value_name = "ID", env = "ZUNO_CUSTOMER_ID")]
    pub customer_id: Option<String>,
}

/// A client that is ready to call, and the customer id if it is known without asking.
pub struct Reached {
    client: Client,
    customer_id: Option<String>,
    /// The real tenant has been named since something is about to change there.
    named: Cell<bool>,
}

/// Says why it waits, and does.
fn waited(wait: Duration, why: &Error) {
    let (who, asked) = match why.refusal() {
        Some(refusal) if matches!(refusal.status, 429 | 503) => {
            (refusal.path.clone(), "asks to wait".to_owned())
        }
        Some(refusal) => {
            let code = refusal.code.as_deref().map(|code| format!(" {code}")).unwrap_or_default();
            (refusal.path.clone(), format!("is refused with {}{code}; again in", refusal.status))
        }
        None => ("no answer came".to_owned(), "again in".to_owned()),
    };
    say(&format!("zuno: {who} {asked} {} s", wait.as_secs()));
    std::thread::sleep(wait);
}

impl Reached {
    fn new(remote: Remote, credentials: Credentials, customer_id: Option<String>) -> Reached {
        Reached::with(remote, credentials, customer_id, Retries::default())
    }

    fn with(
        remote: Remote,
        credentials: Credentials,
        customer_id: Option<String>,
        retries: Retries,
    ) -> Reached {
        let retries = Retries { wait: Box::new(waited), ..retries };
        let client = Client::new(Settings { remote, credentials, retries });
        Reached { client, customer_id, named: Cell::new(false) }
    }

    /// The client that a server's first start made, at the server itself.
    pub fn at(origin: &str, kept: &folder::Credentials) -> Result<Reached> {
        let remote = Remote::server(origin, Some(kept.vanity.clone()))?;
        let credentials =
            Credentials::Secret { id: kept.client_id.clone(), secret: kept.client_secret.clone() };
        Ok(Reached::new(remote, credentials, Some(kept.customer_id.clone())))
    }

    /// The same for long work, which no single failure should end: a read that failed is sent again, and so is a write that
    /// met somebody else's.
    pub fn stubborn(self) -> Reached {
        let (remote, credentials) = (self.client.remote().clone(), self.client.credentials().clone());
        let retries = Retries { stubborn: true, attempts: 8, ..Retries::default() };
        Reached::with(remote, credentials, self.customer_id, retries)
    }

    /// Whether it is the real cloud.
    pub fn is_real(&self) -> bool {
        matches!(self.client.remote(), Remote::Cloud { .. })
    }

    /// Which tenant it is, and where: what tells it from any other.
    pub fn tenant(&self) -> String {
        match self.client.remote() {
            Remote::Server { origin, vanity } => {
                format!("{origin} {}", vanity.as_deref().unwrap_or_default())
            }
            Remote::Cloud { vanity, cloud } => format!("{vanity} {}", cloud.as_deref().unwrap_or_default()),
        }
    }

    /// The access token.
    pub fn token(&self) -> Result<String> {
        Ok(self.client.token()?)
    }

    /// Calls an operation that changes nothing.
    pub fn read(
        &self,
        method: &Method,
        path: &str,
        query: &[(String, String)],
        body: Option<&Body>,
    ) -> Result<Response> {
        Ok(self.client.call_with(method, path, query, body.map(Body::sent))?)
    }

    /// Calls an operation that changes something; a real tenant is named first, once.
    pub fn write(
        &self,
        method: &Method,
        path: &str,
        query: &[(String, String)],
        body: Option<&Body>,
    ) -> Result<Response> {
        if let Remote::Cloud { vanity, .. } = self.client.remote()
            && !self.named.replace(true)
        {
            let by =
                Before::here().led_by().map(|proxy| format!(", by the proxy {proxy}")).unwrap_or_default();
            say(&format!(
                "zuno: this changes the real tenant {vanity} at {}{by}",
                self.client.remote().gateway()
            ));
        }
        Ok(self.client.call_with(method, path, query, body.map(Body::sent))?)
    }

    /// The ZPA customer id: as told, or as the token says.
    pub fn customer_id(&self) -> Result<String> {
        if let Some(known) = &self.customer_id {
            return Ok(known.clone());
        }
        let claims = claims(&self.client.token()?)?;
        customer_of(&claims).ok_or_else(|| {
            let text = "the ZPA customer id is not known: give --customer-id, or set ZPA_CUSTOMER_ID";
            Usage(text.into()).into()
        })
    }
}

/// What a token says, without a look at its signature.
pub fn claims(token: &str) -> Result<Value> {
    let part = token.split('.').nth(1).context("the token is no JWT")?;
    let bytes = URL_SAFE_NO_PAD.decode(part).context("the token is no JWT")?;
    serde_json::from_slice(&bytes).context("the token holds no claims")
}

/// The ZPA customer id that a token says.
pub fn customer_of(claims: &Value) -> Option<String> {
    let services = claims.get("service-info")?.as_array()?;
    let private = services.iter().find(|service| service["prd"] == "ZPA")?;
    private["tnt"].as_str().map(str::to_owned)
}

/// A variable that is set to something.
pub fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

impl Target {
    /// The data folder, if the platform has one.
    pub fn folder(&self) -> Option<PathBuf> {
        folder::choose(self.data.as_deref()).ok()
    }

    /// The address of a Zuno, named or running on the data folder.
    pub fn origin(&self) -> Result<String> {
        if let Some(named) = &self.server {
            return match Remote::server(named, None)? {
                Remote::Server { origin, .. } => Ok(origin),
                Remote::Cloud { .. } => unreachable!("a server's address is no cloud"),
            };
        }
        let running = self.folder().as_deref().and_then(folder::address);
        running.map(|address| format!("http://{address}")).ok_or_else(|| {
            let text = "no server is known: start one with `zuno serve`, or name one with --server URL or ZUNO_SERVER";
            Usage(text.into()).into()
        })
    }

    /// The data folder, if the server at `origin` runs on it.
    pub fn folder_of(&self, origin: &str) -> Option<PathBuf> {
        let path = self.folder()?;
        let running = folder::address(&path).map(|address| format!("http://{address}"));
        let same = running.as_deref() == Some(&origin.replace("//localhost:", "//127.0.0.1:"));
        same.then_some(path)
    }

    /// What the data folder holds for the server at `origin`; nothing when another server is meant.
    pub fn kept(&self, origin: &str) -> Option<folder::Credentials> {
        let kept = folder::Credentials::kept(&self.folder_of(origin)?);
        kept.filter(|kept| self.vanity.as_ref().is_none_or(|vanity| *vanity == kept.vanity))
    }

    fn told(&self) -> Result<Option<Credentials>> {
        let told = self.id_and_secret()?;
        Ok(told.map(|(id, secret)| Credentials::Secret { id, secret }))
    }

    /// The client that is told, with its secret.
    pub fn id_and_secret(&self) -> Result<Option<(String, String)>> {
        let secret = match (&self.client_secret, &self.client_secret_file) {
            (Some(secret), _) => Some(secret.clone()),
            (None, Some(path)) => Some(read_secret(path)?),
            (None, None) => None,
        };
        Ok(self.client_id.clone().zip(secret))
    }

    /// A client of the Zuno that is meant: as these options say, or the variables of a shell that was pointed at it, or
    /// its data folder, or whatever client the vendor's variables name.
    pub fn reach(&self) -> Result<Reached> {
        let origin = self.origin()?;
        let mut customer_id = self.customer_id.clone();
        let vendor = vendor_credentials()?;
        let led = vendor.is_some() && is_led_to(&origin);
        let kept = self.kept(&origin).filter(|_| !led);
        let credentials = match (self.told()?, kept) {
            (Some(told), _) => Some(told),
            (None, Some(kept)) => {
                customer_id = customer_id.or(Some(kept.customer_id));
                Some(Credentials::Secret { id: kept.client_id, secret: kept.client_secret })
            }
            (None, None) => vendor,
        };
        let Some(credentials) = credentials else {
            let text = "no API client is known: give --client-id and --client-secret, or name the server's data folder with \
                        --data";
            return Err(Usage(text.into()).into());
        };
        let remote = Remote::Server { origin, vanity: self.vanity.clone() };
        Ok(Reached::new(remote, credentials, customer_id))
    }
}

impl Whom {
    /// A client of the cloud that is meant.
    pub fn reach(&self) -> Result<Reached> {
        if !self.real {
            return self.target.reach();
        }
        let vanity = self.target.vanity.clone().or_else(|| variable("ZSCALER_VANITY_DOMAIN"));
        let credentials = self.target.told()?.map_or_else(vendor_credentials, |told| Ok(Some(told)))?;
        let (Some(vanity), Some(credentials)) = (vanity, credentials) else {
            let text = "--real needs a client of the real cloud: set ZSCALER_VANITY_DOMAIN, ZSCALER_CLIENT_ID, and \
                        ZSCALER_CLIENT_SECRET or ZSCALER_PRIVATE_KEY";
            return Err(Usage(text.into()).into());
        };
        let customer_id = self.target.customer_id.clone();
        let customer_id =
            customer_id.or_else(|| variable("ZPA_CUSTOMER_ID")).or_else(|| variable("ZSCALER_CUSTOMER_ID"));
        let remote = Remote::Cloud { vanity, cloud: variable("ZSCALER_CLOUD") };
        Ok(Reached::new(remote, credentials, customer_id))
    }
}

/// Whether `zuno env` or `zuno run` has pointed this process at the Zuno there, so that the vendor's variables are its own.
pub fn is_led_to(origin: &str) -> bool {
    Before::here().led_by().is_some() && variable("ZUNO_SERVER").as_deref() == Some(origin)
}

/// Refuses a command line that names a Zuno and the real cloud.
///
/// # Errors
/// It does.
pub fn one_of_both(matches: &ArgMatches) -> Result<()> {
    let said = |name: &str| {
        let there = matches.try_contains_id(name).unwrap_or(false);
        there && matches.value_source(name) == Some(ValueSource::CommandLine)
    };
    if said("real") && said("server") {
        return Err(Usage("--server is a Zuno, and --real the real cloud: give one of them".into()).into());
    }
    matches.subcommand().map_or(Ok(()), |(_, inner)| one_of_both(inner))
}

/// The client that the vendor's own variables name.
fn vendor_credentials() -> Result<Option<Credentials>> {
    let Some(id) = variable("ZSCALER_CLIENT_ID") else { return Ok(None) };
    if let Some(secret) = variable("ZSCALER_CLIENT_SECRET") {
        return Ok(Some(Credentials::Secret { id, secret }));
    }
    let Some(key) = variable("ZSCALER_PRIVATE_KEY") else { return Ok(None) };
    // The vendor's clients take the key itself or the path of its file.
    let pem = if key.contains("-----BEGIN") {
        key
    } else {
        std::fs::read_to_string(Path::new(&key)).with_context(
            || "ZSCALER_PRIVATE_KEY is neither a key in PEM nor the path of a file that can be read",
        )?
    };
    Ok(Some(Credentials::Key { id, pem }))
}

/// What to do about a failure, where that is known.
pub fn next_step(wrong: &anyhow::Error) -> Option<&'static str> {
    let error = wrong.chain().find_map(|cause| cause.downcast_ref::<Error>())?;
    match error {
        Error::Setting(_) => None,
        Error::Unreachable { .. } => {
            Some("is it running? `zuno serve` starts one; --server or ZUNO_SERVER names another")
        }
        Error::NoToken(_) => Some(
            "check id and secret: --client-id and --client-secret, or ZSCALER_CLIENT_ID and ZSCALER_CLIENT_SECRET, or \
             the data folder's credentials.json; a client of the real cloud needs --real",
        ),
        Error::Refused(refusal) if refusal.path.starts_with("/_zuno/") => match refusal.status {
            401 => Some(
                "--operator-token-file or ZUNO_OPERATOR_TOKEN tells the token, --data the folder that holds it",
            ),
            _ => None,
        },
        Error::Refused(refusal) => match refusal.status {
            401 => Some("the token was not accepted: is it another server's, or another tenant's?"),
            403 => Some("the API client's role does not allow this, or the product is in read-only mode"),
            409 => Some("another change was under way, or the object is taken or in use: see the code"),
            _ if refusal.is_absent() => Some("`zuno api --list` shows what is there"),
            _ => None,
        },
    }
}

#[cfg(test)]
mod tests {
    use super::claims;

    #[test]
    fn claims_are_read_and_nonsense_is_refused() {
        // {"alg":"none"} . {"sub":"abc"} . nothing
        let token = "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhYmMifQ.";
        assert_eq!(claims(token).unwrap()["sub"], "abc");
        for wrong in ["", "a", "a.b.c", "a.e30x.c"] {
            assert!(claims(wrong).is_err(), "{wrong}");
        }
    }
}
