//! The environment in which an unmodified client finds this server.

use std::{fmt, net::SocketAddr, path::PathBuf};

use crate::{before::Before, trust::ClientFiles};

/// An identifier and its secret. The secret never shows in debug output.
#[derive(Clone, PartialEq, Eq)]
pub struct Credentials {
    /// The public half.
    pub id: String,
    /// The secret half.
    pub secret: String,
}

impl fmt::Debug for Credentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credentials").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Where clients run, as far as it changes what they need.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Go reads its roots from `SSL_CERT_FILE`.
    Unix,
    /// macOS and Windows: Go reads the system's store only.
    SystemStore,
}

impl Platform {
    /// The platform of this process.
    pub const fn here() -> Platform {
        if cfg!(any(target_vendor = "apple", windows)) { Platform::SystemStore } else { Platform::Unix }
    }
}

/// What a client must know of this server and of its tenant.
#[derive(Debug, Clone)]
pub struct ClientSetup {
    /// Where the proxy listens; an unspecified address becomes loopback.
    pub proxy: SocketAddr,
    /// The files of trusted certificates, with absolute paths.
    pub trust: ClientFiles,
    /// The tenant's label in host names.
    pub vanity: String,
    /// The private access customer id.
    pub customer_id: String,
    /// The API client of the OneAPI.
    pub client: Credentials,
    /// The API key of the older private access API, if there is one.
    pub zpa: Option<Credentials>,
    /// What the environment said before: options that are added to, proxies that were there.
    pub before: Before,
    /// Where the clients run.
    pub platform: Platform,
}

/// One variable of the environment, and why it is there.
#[derive(Clone, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: &'static str,
    /// Its value; see `secret`.
    pub value: String,
    /// One line that says who reads it and for what.
    pub reason: &'static str,
    /// Whether the value must not be printed where others may see it.
    pub secret: bool,
}

impl fmt::Debug for Variable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let value = if self.secret { "(secret)" } else { &self.value };
        f.debug_struct("Variable").field("name", &self.name).field("value", &value).finish_non_exhaustive()
    }
}

/// Every variable that [`client_variables`] may set, and this program's own beside them.
pub const NAMES: [&str; 30] = [
    "ZSCALER_CLIENT_ID",
    "ZSCALER_CLIENT_SECRET",
    "ZSCALER_VANITY_DOMAIN",
    "ZSCALER_CUSTOMER_ID",
    "ZPA_CUSTOMER_ID",
    "ZPA_CLIENT_ID",
    "ZPA_CLIENT_SECRET",
    "ZSCALERCTL_CLIENT_ID",
    "ZSCALERCTL_CLIENT_SECRET",
    "ZSCALERCTL_VANITY_DOMAIN",
    "ZSCALERCTL_ZPA_CUSTOMER_ID",
    "ZSCALERCTL_PROXY_FROM_ENV",
    "HTTPS_PROXY",
    "https_proxy",
    "HTTP_PROXY",
    "http_proxy",
    "NO_PROXY",
    "no_proxy",
    "NODE_USE_ENV_PROXY",
    "NODE_OPTIONS",
    "REQUESTS_CA_BUNDLE",
    "SSL_CERT_FILE",
    "CURL_CA_BUNDLE",
    "NODE_EXTRA_CA_CERTS",
    "ZSCALER_TESTING_DISABLE_HTTPS_CHECK",
    "ZPA_TESTING_DISABLE_HTTPS_CHECK",
    "PYTHONPATH",
    "JAVA_TOOL_OPTIONS",
    "ZUNO_SERVER",
    Before::NAME,
];

/// The variables that lead Python, Go, Node, curl and Java clients here, with nothing else set up, in reading order.
///
/// `ZSCALER_CLOUD` is left out on purpose: without it clients build the production hosts. So is `ZPA_CLOUD`: no client
/// that was found needs it, and the Ansible collection and pyzscaler take it for the sign of the older API (client).
pub fn client_variables(setup: &ClientSetup) -> Vec<Variable> {
    let proxy = format!("http://{}", reachable(setup.proxy));
    let text = |path: &PathBuf| path.to_string_lossy().into_owned();
    let bundle = text(&setup.trust.bundle);
    let mut list = List(Vec::new());
    list.open(
        "ZSCALER_CLIENT_ID",
        &setup.client.id,
        "the API client, for every SDK, Terraform and the MCP server",
    );
    list.secret("ZSCALER_CLIENT_SECRET", &setup.client.secret, "its secret");
    list.open("ZSCALER_VANITY_DOMAIN", &setup.vanity, "the tenant: clients build its token host from this");
    list.open("ZSCALER_CUSTOMER_ID", &setup.customer_id, "the ZPA customer id, for the Python SDK");
    list.open("ZPA_CUSTOMER_ID", &setup.customer_id, "the same, for Go, Terraform and the older ZPA client");
    if let Some(zpa) = &setup.zpa {
        list.open("ZPA_CLIENT_ID", &zpa.id, "the API key of the older ZPA client");
        list.secret("ZPA_CLIENT_SECRET", &zpa.secret, "its secret");
    }
    list.open("ZSCALERCTL_CLIENT_ID", &setup.client.id, "zscalerctl reads names of its own");
    list.secret("ZSCALERCTL_CLIENT_SECRET", &setup.client.secret, "its secret");
    list.open("ZSCALERCTL_VANITY_DOMAIN", &setup.vanity, "its tenant");
    list.open("ZSCALERCTL_ZPA_CUSTOMER_ID", &setup.customer_id, "its ZPA customer id");
    list.open("ZSCALERCTL_PROXY_FROM_ENV", "true", "without this zscalerctl ignores HTTPS_PROXY");

    list.open(
        "HTTPS_PROXY",
        &proxy,
        "the cloud's hosts are answered here: Go, Java build tools, the Python SDK",
    );
    list.open("https_proxy", &proxy, "the spelling that Python's requests and older curl read");
    // With the list below a program would ask the network's proxy even for hosts that must not go there.
    if !setup.before.either("HTTP_PROXY").is_empty() || !setup.before.either("ALL_PROXY").is_empty() {
        let reason =
            "plain HTTP comes here too, and goes on by the proxy that was set, or past it as NO_PROXY said";
        list.open("HTTP_PROXY", &proxy, reason);
        list.open("http_proxy", &proxy, "the spelling that curl reads");
    }
    // An inherited list may name the vendor's domains, and the client would then reach the real cloud.
    let direct = "localhost,127.0.0.1,::1";
    list.open(
        "NO_PROXY",
        direct,
        "this machine only, whatever the list was: the cloud's hosts must not bypass",
    );
    list.open("no_proxy", direct, "the same for programs that read the lower case");
    list.open("NODE_USE_ENV_PROXY", "1", "Node reads HTTPS_PROXY only with this (Node 22.21, 24 and later)");
    list.open("NODE_OPTIONS", &node_options(setup), "an older Node reads no proxy: a start-up file tells it");

    list.open(
        "REQUESTS_CA_BUNDLE",
        &bundle,
        "whom Python's requests trusts: what was trusted before, and the local CA",
    );
    list.open("SSL_CERT_FILE", &bundle, "the same for Go, OpenSSL, Ruby and other Python");
    list.open("CURL_CA_BUNDLE", &bundle, "the same for curl");
    list.open("NODE_EXTRA_CA_CERTS", &bundle, "Node adds them to its own roots");
    if setup.platform == Platform::SystemStore {
        let reason = "Go trusts only the system's store here, so its SDK must skip the check";
        list.open("ZSCALER_TESTING_DISABLE_HTTPS_CHECK", "true", reason);
        list.open("ZPA_TESTING_DISABLE_HTTPS_CHECK", "true", "the same for the older ZPA client");
    }
    list.open(
        "PYTHONPATH",
        &python_path(setup),
        "zscaler-oneapi-sdk-python reads no proxy for its calls: a start-up file tells it",
    );
    list.open("JAVA_TOOL_OPTIONS", &java_options(setup), "Java: proxy, and the same trust as a key store");
    // A proxy's address may hold its password.
    let reason = "what these variables said before, for servers started here and for `zuno env --unset`";
    list.secret(Before::NAME, &setup.before.note(&proxy), reason);
    list.0
}

struct List(Vec<Variable>);

impl List {
    fn open(&mut self, name: &'static str, value: &str, reason: &'static str) {
        self.0.push(Variable { name, value: value.to_owned(), reason, secret: false });
    }

    fn secret(&mut self, name: &'static str, value: &str, reason: &'static str) {
        self.0.push(Variable { name, value: value.to_owned(), reason, secret: true });
    }
}

fn java_options(setup: &ClientSetup) -> String {
    let proxy = reachable(setup.proxy);
    let (host, port) = (proxy.ip(), proxy.port());
    let store = setup.trust.java.to_string_lossy();
    // The virtual machine splits at white space outside quotes and knows no escape within them.
    let quote = if store.contains('\'') { '"' } else { '\'' };
    let ours = format!(
        "-Dhttps.proxyHost={host} -Dhttps.proxyPort={port} \
         -Djavax.net.ssl.trustStoreType=PKCS12 -Djavax.net.ssl.trustStore={quote}{store}{quote}"
    );
    match setup.before.get("JAVA_TOOL_OPTIONS").map(str::trim) {
        // Of two settings of one property the last counts; a nested start must not pile them up.
        Some(theirs) if !theirs.is_empty() && !theirs.contains(&ours) => format!("{theirs} {ours}"),
        Some(theirs) if !theirs.is_empty() => theirs.to_owned(),
        _ => ours,
    }
}

/// What was there and the start-up file, once. Node splits at blanks outside double quotes, in which a backslash
/// escapes.
fn node_options(setup: &ClientSetup) -> String {
    let file = setup.trust.node.to_string_lossy().replace('\\', "\\\\").replace('"', "\\\"");
    let ours = format!("--require \"{file}\"");
    match setup.before.get("NODE_OPTIONS").map(str::trim) {
        Some(theirs) if !theirs.is_empty() && !theirs.contains(&ours) => format!("{theirs} {ours}"),
        Some(theirs) if !theirs.is_empty() => theirs.to_owned(),
        _ => ours,
    }
}

/// The folder of the start-up file before what was there, once.
fn python_path(setup: &ClientSetup) -> String {
    let ours = setup.trust.python.to_string_lossy();
    let separator = if cfg!(windows) { ';' } else { ':' };
    let theirs = setup.before.get("PYTHONPATH").unwrap_or_default().split(separator);
    let theirs = theirs.filter(|folder| !folder.is_empty() && *folder != ours);
    theirs.fold(ours.to_string(), |path, folder| format!("{path}{separator}{folder}"))
}

fn reachable(listening: SocketAddr) -> SocketAddr {
    let mut address = listening;
    if address.ip().is_unspecified() {
        // A wildcard IPv6 socket takes IPv4 on every platform we know but OpenBSD; loopback stays in its family.
        let loopback: std::net::IpAddr = match address {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        };
        address.set_ip(loopback);
    }
    address
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    fn setup() -> ClientSetup {
        let secret = |id: &str| Credentials { id: id.into(), secret: "s3cret-word".into() };
        ClientSetup {
            proxy: "0.0.0.0:8080".parse().unwrap(),
            trust: ClientFiles {
                ca: "/home/a b/ca.pem".into(),
                bundle: "/home/a b/ca-bundle.pem".into(),
                java: "/home/a b/ca-bundle.p12".into(),
                python: "/home/a b/python".into(),
                node: "/home/a b/node/lead.cjs".into(),
                other_roots: 1,
            },
            vanity: "acme".into(),
            customer_id: "216196257331281920".into(),
            client: secret("client"),
            zpa: Some(secret("zpa")),
            before: Before::default(),
            platform: Platform::Unix,
        }
    }

    /// The same in an environment that says something already.
    fn inheriting(name: &str, value: &str) -> ClientSetup {
        let before = Before::of(|asked| (asked == name).then(|| value.to_owned()));
        ClientSetup { before, ..setup() }
    }

    fn value(list: &[Variable], name: &str) -> Option<String> {
        list.iter().find(|v| v.name == name).map(|v| v.value.clone())
    }

    #[test]
    fn every_client_finds_proxy_trust_and_credentials() {
        let list = client_variables(&setup());
        for (name, wanted) in [
            ("HTTPS_PROXY", "http://127.0.0.1:8080"),
            ("https_proxy", "http://127.0.0.1:8080"),
            ("REQUESTS_CA_BUNDLE", "/home/a b/ca-bundle.pem"),
            ("SSL_CERT_FILE", "/home/a b/ca-bundle.pem"),
            ("CURL_CA_BUNDLE", "/home/a b/ca-bundle.pem"),
            ("NODE_EXTRA_CA_CERTS", "/home/a b/ca-bundle.pem"),
            ("NODE_OPTIONS", "--require \"/home/a b/node/lead.cjs\""),
            ("NODE_USE_ENV_PROXY", "1"),
            ("ZSCALER_CLIENT_ID", "client"),
            ("ZSCALER_VANITY_DOMAIN", "acme"),
            ("ZPA_CUSTOMER_ID", "216196257331281920"),
            ("ZPA_CLIENT_ID", "zpa"),
        ] {
            assert_eq!(value(&list, name).as_deref(), Some(wanted), "{name}");
        }
        assert_eq!(value(&list, "ZSCALER_CLOUD"), None, "production hosts are wanted");
        assert_eq!(value(&list, "ZPA_CLOUD"), None, "it stands for the older API");
        assert_eq!(value(&list, "HTTP_PROXY"), None, "plain HTTP goes where it went");
        assert_eq!(value(&list, "ZSCALER_TESTING_DISABLE_HTTPS_CHECK"), None);
        let names: HashSet<_> = list.iter().map(|v| v.name).collect();
        assert_eq!(names.len(), list.len(), "no name comes twice");
        assert!(names.iter().all(|name| NAMES.contains(name)), "{names:?}");
    }

    #[test]
    fn secrets_are_marked_and_never_in_debug_output() {
        let list = client_variables(&setup());
        for variable in &list {
            let known = variable.value == "s3cret-word" || variable.name == Before::NAME;
            assert_eq!(variable.secret, known, "{}", variable.name);
            assert!(!variable.reason.contains('\n') && !variable.reason.is_empty());
        }
        assert!(!format!("{list:?} {:?}", setup()).contains("s3cret-word"));
    }

    #[test]
    fn java_options_are_added_to_once_and_survive_blanks_in_paths() {
        let ours = value(&client_variables(&setup()), "JAVA_TOOL_OPTIONS").unwrap();
        assert!(ours.ends_with("-Djavax.net.ssl.trustStore='/home/a b/ca-bundle.p12'"), "{ours}");
        let inherited = |theirs: &str| {
            value(&client_variables(&inheriting("JAVA_TOOL_OPTIONS", theirs)), "JAVA_TOOL_OPTIONS").unwrap()
        };
        let once = inherited("-Xmx1g");
        assert_eq!(once, format!("-Xmx1g {ours}"));
        assert_eq!(inherited(&once), once);
        assert_eq!(inherited(" "), ours);
    }

    #[test]
    fn a_python_path_is_added_to_once() {
        let inherited =
            |theirs: &str| value(&client_variables(&inheriting("PYTHONPATH", theirs)), "PYTHONPATH").unwrap();
        assert_eq!(value(&client_variables(&setup()), "PYTHONPATH").unwrap(), "/home/a b/python");
        if cfg!(unix) {
            assert_eq!(inherited("lib:src"), "/home/a b/python:lib:src");
            assert_eq!(inherited("/home/a b/python:lib"), "/home/a b/python:lib");
        }
    }

    #[test]
    fn options_of_node_are_added_to_once() {
        let inherited = |theirs: &str| {
            value(&client_variables(&inheriting("NODE_OPTIONS", theirs)), "NODE_OPTIONS").unwrap()
        };
        let once = inherited("--max-old-space-size=99");
        assert_eq!(once, "--max-old-space-size=99 --require \"/home/a b/node/lead.cjs\"");
        assert_eq!(inherited(&once), once);
    }

    #[test]
    fn plain_http_comes_here_where_it_had_a_proxy() {
        for name in ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"] {
            let list = client_variables(&inheriting(name, "http://user:pass@corp:3128"));
            assert_eq!(value(&list, "http_proxy").as_deref(), Some("http://127.0.0.1:8080"), "{name}");
            assert!(!format!("{list:?}").contains("pass"));
        }
    }

    #[test]
    fn an_ipv6_listener_is_reached_in_its_family() {
        let list = client_variables(&ClientSetup { proxy: "[::]:9".parse().unwrap(), ..setup() });
        assert_eq!(value(&list, "HTTPS_PROXY").as_deref(), Some("http://[::1]:9"));
    }
}
