//! Where the cloud is: the real one under its own host names, or a Zuno at an address.

use crate::Error;

/// Where calls go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Remote {
    /// The cloud under the host names that all its clients build; a proxy of the environment is used.
    Cloud {
        /// The tenant's label in host names.
        vanity: String,
        /// The environment as `ZSCALER_CLOUD` spells it; production when not said.
        cloud: Option<String>,
    },
    /// A server at one plain address, such as `http://127.0.0.1:8080`; no proxy is used.
    Server {
        /// Scheme, host and port, without a path.
        origin: String,
        /// The tenant's label; the server's first tenant when not said.
        vanity: Option<String>,
    },
}

impl Remote {
    /// The server at an address; `http://` may be left out.
    ///
    /// # Errors
    /// The text is no address of a server.
    pub fn server(address: &str, vanity: Option<String>) -> Result<Remote, Error> {
        let wrong = || {
            Error::Setting(format!(
                "`{address}` is no address of a server: write it as `http://127.0.0.1:8080`"
            ))
        };
        let whole = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
        let uri: ureq::http::Uri = whole.parse().map_err(|_| wrong())?;
        let scheme =
            uri.scheme_str().filter(|scheme| matches!(*scheme, "http" | "https")).ok_or_else(wrong)?;
        let authority = uri.authority().filter(|authority| !authority.host().is_empty()).ok_or_else(wrong)?;
        if !matches!(uri.path(), "" | "/") || uri.query().is_some() {
            return Err(wrong());
        }
        Ok(Remote::Server { origin: format!("{scheme}://{authority}"), vanity })
    }

    /// The address of the token endpoint.
    pub(crate) fn token_url(&self) -> String {
        let origin = match self {
            Remote::Server { origin, .. } => origin.clone(),
            Remote::Cloud { vanity, cloud } => match environment(cloud.as_deref()).as_str() {
                "" => format!("https://{vanity}.zslogin.net"),
                "gov" => format!("https://{vanity}.zidentitygov.net"),
                "govus" => format!("https://{vanity}.zidentitygov.us"),
                // The SDKs build a name that does not exist; the real host keeps the plain one (client).
                "zpatwo" => format!("https://{vanity}.zslogin.net"),
                named => format!("https://{vanity}.zslogin{named}.net"),
            },
        };
        format!("{origin}/oauth2/v1/token")
    }

    /// The scheme and host that paths of products stand behind.
    pub fn gateway(&self) -> String {
        match self {
            Remote::Server { origin, .. } => origin.clone(),
            Remote::Cloud { cloud, .. } => match environment(cloud.as_deref()).as_str() {
                "" => "https://api.zsapi.net".into(),
                "gov" => "https://api.zscalergov.net".into(),
                "govus" => "https://api.zscalergov.us".into(),
                named => format!("https://api.{named}.zsapi.net"),
            },
        }
    }

    /// The `Host` header that names the tenant to a server that is reached by its address.
    pub(crate) fn token_host(&self) -> Option<String> {
        match self {
            Remote::Server { vanity: Some(vanity), .. } => Some(format!("{vanity}.zslogin.net")),
            _ => None,
        }
    }
}

fn environment(cloud: Option<&str>) -> String {
    let cloud = cloud.unwrap_or_default().to_ascii_lowercase();
    if cloud == "production" { String::new() } else { cloud }
}

#[cfg(test)]
mod tests {
    use super::Remote;

    #[test]
    fn every_environment_has_the_hosts_that_other_clients_build() {
        for (cloud, token, gateway) in [
            (None, "https://acme.zslogin.net/oauth2/v1/token", "https://api.zsapi.net"),
            (Some("PRODUCTION"), "https://acme.zslogin.net/oauth2/v1/token", "https://api.zsapi.net"),
            (Some("beta"), "https://acme.zsloginbeta.net/oauth2/v1/token", "https://api.beta.zsapi.net"),
            (Some("gov"), "https://acme.zidentitygov.net/oauth2/v1/token", "https://api.zscalergov.net"),
            (Some("ZPATWO"), "https://acme.zslogin.net/oauth2/v1/token", "https://api.zpatwo.zsapi.net"),
        ] {
            let remote = Remote::Cloud { vanity: "acme".into(), cloud: cloud.map(str::to_owned) };
            assert_eq!((remote.token_url().as_str(), remote.gateway().as_str()), (token, gateway));
        }
    }

    #[test]
    fn a_server_is_an_origin_and_nothing_more() {
        let origin = |text: &str| match Remote::server(text, None) {
            Ok(Remote::Server { origin, .. }) => Some(origin),
            _ => None,
        };
        assert_eq!(origin("127.0.0.1:8080").as_deref(), Some("http://127.0.0.1:8080"));
        assert_eq!(origin("https://zuno.example/").as_deref(), Some("https://zuno.example"));
        for wrong in ["", "http://", "ftp://a", "http://a/b", "http://a/?b", "a b"] {
            assert_eq!(origin(wrong), None, "{wrong}");
        }
    }
}
