//! What clients must know to find a server: the variables, those to take away, and the files to trust.

use std::net::{SocketAddr, ToSocketAddrs as _};
use std::path::Path;

use anyhow::{Context as _, Result};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::Value;
use zuno_client::{Client, Method, Operator, Remote, Retries, Settings};
use zuno_gateway::OlderKeys;
use zuno_intercept::{
    Before, ClientFiles, ClientSetup, Credentials, OlderSetup, Platform, Variable, client_variables,
    older_variables,
};

use crate::folder;
use crate::operator::{self, Told};
use crate::reach::{Target, claims, customer_of, is_led_to, variable};
use crate::usage::Usage;

/// Variables that would lead a client elsewhere, or into a scope that this server does not have: they are unset.
pub const UNSET: [&str; 21] = [
    // It stands for the older API, and makes the Ansible collection and pyzscaler refuse the rest (client).
    "ZPA_CLOUD",
    // A key would be preferred to the secret; another cloud has other hosts; a microtenant is another tenant's.
    "ZSCALER_PRIVATE_KEY",
    "ZSCALER_CLOUD",
    "ZSCALER_MICROTENANT_ID",
    "ZPA_MICROTENANT_ID",
    // Proxies of the clients' own, which would come before HTTPS_PROXY.
    "ZSCALER_CLIENT_PROXY_HOST",
    "ZSCALER_CLIENT_PROXY_PORT",
    "ZSCALER_CLIENT_PROXY_USERNAME",
    "ZSCALER_CLIENT_PROXY_PASSWORD",
    "ZSCALER_HTTP_PROXY",
    // The sandbox is another service with a secret of its own.
    "ZSCALER_SANDBOX_TOKEN",
    "ZSCALER_SANDBOX_CLOUD",
    // Base addresses of the older clients.
    "ZIA_OVERRIDE_URL",
    "ZTB_OVERRIDE_URL",
    "AIGUARD_OVERRIDE_URL",
    // zscalerctl's names for the same.
    "ZSCALERCTL_CLOUD",
    "ZSCALERCTL_PROXY_URL",
    "ZSCALERCTL_CONFIG",
    "ZSCALERCTL_PROFILE",
    "ZSCALERCTL_CLIENT_SECRET_FILE",
    "ZSCALERCTL_ZPA_MICROTENANT_ID",
];

/// Whether a variable says who a client is, and at which tenant; the server of this program's own commands is such, for they
/// would show it the credentials.
pub fn names_somebody(name: &str) -> bool {
    let of_clouds = ["ZSCALER_", "ZPA_", "ZSCALERCTL_"].iter().any(|begin| name.starts_with(begin));
    name == "ZUNO_SERVER" || of_clouds && !name.contains("_TESTING_") && !name.ends_with("_PROXY_FROM_ENV")
}

/// Whether a variable leads a client past the server, whoever it is.
pub fn leads_elsewhere(name: &str) -> bool {
    name.contains("PROXY") || name.ends_with("_OVERRIDE_URL")
}

/// The variables for clients of one server, those of the older hosts among them or not, and where this program itself finds
/// it.
pub fn variables(
    mut setup: ClientSetup,
    older: Option<&OlderSetup>,
    origin: &str,
    operator: Option<&str>,
) -> Vec<Variable> {
    setup.before = setup.before.with_older(older.is_some());
    let mut list = client_variables(&setup);
    list.extend(older.iter().flat_map(|older| older_variables(older, &setup.client, setup.platform)));
    list.extend(operator.map(|token| Variable {
        name: operator::VARIABLE,
        value: token.to_owned(),
        reason: "the operator's token, for `zuno tenant` and `zuno sim`",
        secret: true,
    }));
    list.push(Variable {
        name: "ZUNO_SERVER",
        value: origin.to_owned(),
        reason: "the server, for `zuno api` and the other commands",
        secret: false,
    });
    list
}

/// A setup for the server listening at `proxy`, with the client's credentials and the tenant they belong to.
pub fn of(proxy: SocketAddr, trust: ClientFiles, kept: &folder::Credentials) -> ClientSetup {
    let client = Credentials { id: kept.client_id.clone(), secret: kept.client_secret.clone() };
    ClientSetup {
        proxy,
        trust,
        vanity: kept.vanity.clone(),
        customer_id: kept.customer_id.clone(),
        // One API client serves both: the older sign-in knows the same ids and secrets.
        zpa: Some(client.clone()),
        client,
        before: Before::here(),
        platform: Platform::here(),
    }
}

/// What clients of the older hosts need of a server.
pub fn older(keys: OlderKeys) -> OlderSetup {
    OlderSetup {
        cloud: keys.cloud,
        username: keys.username,
        api_key: keys.api_key,
        measuring_secret: keys.measuring_secret,
        sandbox_token: keys.sandbox_token,
    }
}

/// What is known of a running server.
pub struct Running {
    /// Its address, as a URL.
    pub origin: String,
    /// Its address.
    pub proxy: SocketAddr,
    /// Its local CA's certificate, as PEM.
    pub ca: String,
    /// An API client and its tenant.
    pub kept: folder::Credentials,
    /// The operator's token, if it is known.
    pub operator: Option<String>,
    /// The server is the one of the data folder.
    pub of_folder: bool,
}

impl Running {
    /// Asks the server that the options mean, for clients that bring their own credentials.
    pub fn without_client(target: &Target) -> Result<Running> {
        let origin = target.origin()?;
        let nobody = || folder::Credentials {
            vanity: String::new(),
            customer_id: String::new(),
            client_id: String::new(),
            client_secret: String::new(),
        };
        let operator = target.operators_token(&origin, &Told::by_variables())?;
        let of_folder = target.folder_of(&origin).is_some();
        Running::at(origin, operator, nobody(), of_folder)
    }

    /// Asks the server that the options mean.
    pub fn find(target: &Target) -> Result<Running> {
        let origin = target.origin()?;
        let operator = target.operators_token(&origin, &Told::by_variables())?;
        let kept = target.kept(&origin);
        let of_folder = kept.is_some();
        let kept = match (target.id_and_secret()?, kept.or_else(|| of_shell(&origin))) {
            (None, Some(kept)) => kept,
            (None, None) => {
                let text = format!(
                    "no API client of {origin} is known: give --client-id and --client-secret, or name its data folder \
                     with --data"
                );
                return Err(Usage(text).into());
            }
            (Some((client_id, client_secret)), _) => {
                let (vanity, customer_id) = tenant(target, &origin, &client_id, &client_secret)?;
                folder::Credentials { vanity, customer_id, client_id, client_secret }
            }
        };
        Running::at(origin, operator, kept, of_folder)
    }

    fn at(
        origin: String,
        operator: Option<String>,
        kept: folder::Credentials,
        of_folder: bool,
    ) -> Result<Running> {
        let ca = Operator::new(&origin, None).ca()?;
        let authority = origin.split_once("://").map_or(origin.as_str(), |(_, authority)| authority);
        let address = if authority.contains(':') { authority.to_owned() } else { format!("{authority}:80") };
        let proxy = address.to_socket_addrs().ok().and_then(|mut found| found.next());
        let proxy = proxy.with_context(|| format!("`{authority}` has no address"))?;
        Ok(Running { origin, proxy, ca, kept, operator, of_folder })
    }

    /// What clients of the older hosts need, asked of the server's operator.
    pub fn older(&self) -> Result<OlderSetup> {
        let token = self.operator.clone().ok_or_else(|| {
            let text = "--legacy tells the organization's key, which the operator alone is told: name the server's folder with \
                        --data, or set ZUNO_OPERATOR_TOKEN";
            Usage(text.into())
        })?;
        let client = utf8_percent_encode(&self.kept.client_id, NON_ALPHANUMERIC);
        let path = format!("/tenants/{}/legacy/{client}", self.kept.vanity);
        let told = Operator::new(&self.origin, Some(token)).call(&Method::GET, &path, None)?;
        Ok(older(serde_json::from_value(told).context("the server tells no keys of the older hosts")?))
    }

    /// The setup, with the trust files in a folder.
    pub fn setup(&self, trust: &Path) -> Result<ClientSetup> {
        let trust = ClientFiles::write_pem(trust, &self.ca)?;
        Ok(of(self.proxy, trust, &self.kept))
    }
}

/// The client and tenant of a shell that was pointed at the server.
fn of_shell(origin: &str) -> Option<folder::Credentials> {
    if !is_led_to(origin) {
        return None;
    }
    Some(folder::Credentials {
        vanity: variable("ZSCALER_VANITY_DOMAIN")?,
        customer_id: variable("ZPA_CUSTOMER_ID")?,
        client_id: variable("ZSCALER_CLIENT_ID")?,
        client_secret: variable("ZSCALER_CLIENT_SECRET")?,
    })
}

/// The tenant's label and customer id: as told, or as a token of the client's says.
fn tenant(target: &Target, origin: &str, id: &str, secret: &str) -> Result<(String, String)> {
    if let (Some(vanity), Some(customer)) = (&target.vanity, &target.customer_id) {
        return Ok((vanity.clone(), customer.clone()));
    }
    let remote = Remote::Server { origin: origin.to_owned(), vanity: target.vanity.clone() };
    let credentials = zuno_client::Credentials::Secret { id: id.to_owned(), secret: secret.to_owned() };
    let client = Client::new(Settings { remote, credentials, retries: Retries::default() });
    let claims = claims(&client.token()?)?;
    let issuer = claims.get("iss").and_then(Value::as_str).unwrap_or_default();
    let vanity = issuer.strip_prefix("https://").and_then(|host| host.split('.').next());
    let vanity = vanity.with_context(|| format!("{origin} does not answer as a Zuno does"))?;
    let customer = match &target.customer_id {
        Some(told) => Some(told.clone()),
        None => customer_of(&claims),
    };
    let customer =
        customer.ok_or_else(|| Usage("the token names no ZPA customer id: give --customer-id".into()))?;
    Ok((vanity.to_owned(), customer))
}
