//! Which server or cloud a command means, and with whose credentials: the order of precedence, in one place.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use clap::Args;
use serde_json::Value;
use zuno_client::{Client, Credentials, Error, Operator, Patience, Place, Settings};

use crate::Usage;
use crate::folder::{self, Running};

/// Whom to call, and as whom.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "Whom to call")]
pub struct Target {
    /// A Zuno's address. Without it: the real cloud if the ZSCALER_ variables name a client, or else the server that
    /// runs on the data folder.
    #[arg(long, value_name = "URL", env = "ZUNO_SERVER")]
    pub server: Option<String>,
    /// The data folder of the server, which holds credentials for it.
    #[arg(long, value_name = "DIR", env = "ZUNO_DATA")]
    pub data: Option<PathBuf>,
    /// The API client's id; otherwise ZSCALER_CLIENT_ID, or what the data folder holds.
    #[arg(long, value_name = "ID", env = "ZUNO_CLIENT_ID", requires = "client_secret")]
    pub client_id: Option<String>,
    /// Its secret; otherwise ZSCALER_CLIENT_SECRET, or the key in ZSCALER_PRIVATE_KEY.
    #[arg(
        long,
        value_name = "SECRET",
        env = "ZUNO_CLIENT_SECRET",
        hide_env_values = true,
        requires = "client_id"
    )]
    pub client_secret: Option<String>,
    /// The tenant's label in host names; a server's first tenant otherwise.
    #[arg(long, value_name = "LABEL", env = "ZUNO_VANITY")]
    pub vanity: Option<String>,
    /// The ZPA customer id; otherwise ZPA_CUSTOMER_ID, or what the token says.
    #[arg(long, value_name = "ID", env = "ZUNO_CUSTOMER_ID")]
    pub customer_id: Option<String>,
}

/// A client that is ready to call, and the customer id if it is known without asking.
pub struct Reached {
    /// The client.
    pub client: Client,
    customer_id: Option<String>,
}

impl Reached {
    /// The ZPA customer id: as told, or as the token says.
    pub fn customer_id(&self) -> Result<String> {
        if let Some(known) = &self.customer_id {
            return Ok(known.clone());
        }
        let claims = claims(&self.client.token()?)?;
        let services =
            claims.get("service-info").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let private = services.iter().find(|service| service["prd"] == "ZPA");
        let found = private.and_then(|service| service["tnt"].as_str()).map(str::to_owned);
        found.ok_or_else(|| {
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

/// A variable that is set to something.
fn variable(name: &str) -> Option<String> {
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
            return match Place::server(named, None)? {
                Place::Server { origin, .. } => Ok(origin),
                Place::Cloud { .. } => unreachable!("a server's address is no cloud"),
            };
        }
        let running = self.folder().as_deref().and_then(Running::address);
        running.map(|address| format!("http://{address}")).ok_or_else(|| {
            let text = "no server is known: start one with `zuno serve`, or name one with --server URL or ZUNO_SERVER";
            Usage(text.into()).into()
        })
    }

    /// The operator of that Zuno.
    pub fn operator(&self) -> Result<Operator> {
        Ok(Operator::new(self.origin()?))
    }

    /// What the data folder holds for the server at `origin`; nothing when another server is meant.
    pub fn kept(&self, origin: &str) -> Option<folder::Credentials> {
        let path = self.folder()?;
        let running = Running::address(&path).map(|address| format!("http://{address}"));
        let same = running.as_deref() == Some(&origin.replace("//localhost:", "//127.0.0.1:"));
        let kept = if same { folder::Credentials::kept(&path) } else { None };
        kept.filter(|kept| self.vanity.as_ref().is_none_or(|vanity| *vanity == kept.vanity))
    }

    fn told(&self) -> Option<Credentials> {
        let (id, secret) = (self.client_id.clone()?, self.client_secret.clone()?);
        Some(Credentials::Secret { id, secret })
    }

    /// A client for whom these options, the variables and the data folder mean, in this order.
    pub fn reach(&self) -> Result<Reached> {
        let vendor = vendor_credentials()?;
        let real = variable("ZSCALER_VANITY_DOMAIN").filter(|_| vendor.is_some() && self.server.is_none());
        let mut customer_id = self.customer_id.clone();
        let mut from_environment = || {
            customer_id = customer_id
                .take()
                .or_else(|| variable("ZPA_CUSTOMER_ID"))
                .or_else(|| variable("ZSCALER_CUSTOMER_ID"))
        };
        let (place, credentials) = match real {
            Some(vanity) => {
                from_environment();
                let place = Place::Cloud { vanity, cloud: variable("ZSCALER_CLOUD") };
                (place, self.told().or(vendor))
            }
            None => {
                let origin = self.origin()?;
                let kept = self.kept(&origin);
                let credentials = self.told().or(vendor).or_else(|| {
                    let kept = kept.as_ref()?;
                    customer_id = customer_id.take().or_else(|| Some(kept.customer_id.clone()));
                    Some(Credentials::Secret {
                        id: kept.client_id.clone(),
                        secret: kept.client_secret.clone(),
                    })
                });
                (Place::Server { origin, vanity: self.vanity.clone() }, credentials)
            }
        };
        let Some(credentials) = credentials else {
            let text = "no API client is known: give --client-id and --client-secret, or set ZSCALER_CLIENT_ID and \
                        ZSCALER_CLIENT_SECRET";
            return Err(Usage(text.into()).into());
        };
        let wait = |wait: std::time::Duration, refusal: &zuno_client::Refusal| {
            anstream::eprintln!("zuno: {} asks to wait {} s", refusal.path, wait.as_secs());
            std::thread::sleep(wait);
        };
        let patience = Patience { wait: Box::new(wait), ..Patience::default() };
        Ok(Reached { client: Client::new(Settings { place, credentials, patience }), customer_id })
    }
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
             the data folder's credentials.json",
        ),
        Error::Refused(refusal) => match refusal.status {
            401 => Some("the token was not accepted: is it another server's, or another tenant's?"),
            403 => Some("the API client's role does not allow this, or the product is in read-only mode"),
            409 => Some("another change was under way, or the object is taken or in use: see the code"),
            501 => Some("`zuno api --list` shows what is built"),
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
