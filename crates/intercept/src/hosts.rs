//! Which service of the cloud a host name means.

/// One of the cloud's environments, as it shows in a host name.
///
/// The text is a slice of the host and keeps its case; compare it ignoring case.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cloud<'h> {
    /// The commercial cloud: `zslogin.net`, `api.zsapi.net` (seen).
    Production,
    /// `zsloginbeta.net`, `api.beta.zsapi.net` (seen).
    Beta,
    /// `zidentitygov.net`, `api.zscalergov.net` (client).
    Gov,
    /// `zidentitygov.us`, `api.zscalergov.us` (client).
    GovUs,
    /// Any other: `zslogin<name>.net`, `api.<name>.zsapi.net`; clients accept invented names (client).
    Named(&'h str),
}

/// What answers at a host name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Host<'h> {
    /// The authorization server of one tenant, `<vanity>.zslogin.net`.
    Token {
        /// The tenant's label, in the case of the host.
        vanity: &'h str,
        /// The environment.
        cloud: Cloud<'h>,
    },
    /// The identity administration API of one tenant, `<vanity>-admin.zslogin.net`.
    Admin {
        /// The tenant's label, without `-admin`.
        vanity: &'h str,
        /// The environment.
        cloud: Cloud<'h>,
    },
    /// The API gateway that fronts every product, `api.zsapi.net`; it names no tenant.
    Gateway {
        /// The environment.
        cloud: Cloud<'h>,
    },
    /// The older private access API, `config.private.zscaler.com`.
    LegacyZpa {
        /// The value of `ZPA_CLOUD` that leads here, as clients spell it.
        cloud: &'static str,
    },
    /// Where identity providers provision users of private access, `scim1.private.zscaler.com`.
    Provisioning,
    /// The older internet access API, `zsapi.<cloud>.net`, or `admin.<cloud>.net` as scripts call it.
    LegacyZia {
        /// The label of the cloud, such as `zscloud`.
        cloud: &'h str,
    },
    /// The older cloud and branch connector API, `connector.<cloud>.net`.
    LegacyConnector {
        /// The label of the cloud.
        cloud: &'h str,
    },
    /// The older client connector API, `api-mobile.<cloud>.net`.
    LegacyMobile {
        /// The label of the cloud.
        cloud: &'h str,
    },
    /// The older digital experience API, `api.zdxcloud.net`.
    LegacyZdx {
        /// The label of the cloud.
        cloud: &'h str,
    },
    /// The older workflow automation API, `api.<cloud>.zsworkflow.net`.
    LegacyWorkflow {
        /// The label of the cloud, such as `us1`.
        cloud: &'h str,
    },
    /// The AI guard API with its own key, `api.<cloud>.zseclipse.net`.
    LegacyAiGuard {
        /// The label of the cloud, such as `us1`.
        cloud: &'h str,
    },
    /// The submission API of the sandbox, `csbapi.<cloud>.net`.
    Sandbox {
        /// The label of the cloud.
        cloud: &'h str,
    },
    /// The published service endpoints, `config.zscaler.com`.
    Endpoints,
    /// The status pages and feeds, `trust.zscaler.com`.
    Trust,
    /// Any other host: no part of the cloud.
    Foreign,
}

/// Clouds of the internet access family whose plain host labels (`admin`, `connector`, …) are the cloud's; with any
/// other second label such a host belongs to a stranger (documented, client).
const ZIA_CLOUDS: [&str; 11] = [
    "zscaler",
    "zscalerone",
    "zscalertwo",
    "zscalerthree",
    "zscloud",
    "zscalerbeta",
    "zscalergov",
    "zscalerten",
    "zscalereleven",
    "zscalertwelve",
    "zspreview",
];

/// Clouds of the digital experience family (client, documented).
const ZDX_CLOUDS: [&str; 4] = ["zdxcloud", "zdxbeta", "zdxgov", "zdxten"];

/// Names of clouds that clients glue to `zslogin`; `local` is the one to invent, so that nothing real is ever reached.
const LOGIN_CLOUDS: [&str; 9] =
    ["", "alpha", "beta", "gov", "govus", "local", "preview", "zpatwo", "zspreview"];

/// Domains below which every other host of the cloud lies, and this machine's own name.
const DOMAINS: [&str; 11] = [
    "zsapi.net",
    "zidentitygov.net",
    "zidentitygov.us",
    "zscalergov.us",
    "zsworkflow.net",
    "zseclipse.net",
    "config.zscaler.com",
    "config.zscaler.us",
    "private.zscaler.com",
    "trust.zscaler.com",
    "localhost",
];

/// The domains that hold the cloud's hosts, and no more of the vendor's than they need.
pub(crate) fn domains() -> impl Iterator<Item = String> {
    let login = LOGIN_CLOUDS.iter().map(|name| format!("zslogin{name}.net"));
    let internet_access = ZIA_CLOUDS.iter().chain(&ZDX_CLOUDS).map(|name| format!("{name}.net"));
    let private_access = ZPA_HOSTS.iter().map(|(host, _)| (*host).to_owned());
    login.chain(internet_access).chain(private_access).chain(DOMAINS.iter().map(|name| (*name).to_owned()))
}

/// The fixed map of both official clients from `ZPA_CLOUD` to a host (client).
const ZPA_HOSTS: [(&str, &str); 6] = [
    ("config.private.zscaler.com", "PRODUCTION"),
    ("config.zpabeta.net", "BETA"),
    ("config.zpatwo.net", "ZPATWO"),
    ("config.zpagov.net", "GOV"),
    ("config.zpagov.us", "GOVUS"),
    ("config.zpapreview.net", "PREVIEW"),
];

impl<'h> Host<'h> {
    /// What `host` means: a host name in any case, with or without a port or the root's dot, as in a `Host` header.
    ///
    /// Never fails: what is no host name is [`Host::Foreign`].
    pub fn of(host: &'h str) -> Host<'h> {
        let name = match host.split_once(':') {
            Some((name, port)) if port.bytes().all(|b| b.is_ascii_digit()) => name,
            Some(_) => return Host::Foreign,
            None => host,
        };
        let name = name.strip_suffix('.').unwrap_or(name);
        if name.len() > 253 || !name.split('.').all(is_label) {
            return Host::Foreign;
        }
        in_domain(name).unwrap_or(Host::Foreign)
    }

    /// As [`Host::of`], for a header value that may be no text.
    pub fn of_bytes(host: &'h [u8]) -> Host<'h> {
        std::str::from_utf8(host).map_or(Host::Foreign, Host::of)
    }

    /// Whether the host is the cloud's: the predicate by which a proxy decides what to answer itself.
    pub fn is_cloud(self) -> bool {
        self != Host::Foreign
    }
}

fn in_domain(name: &str) -> Option<Host<'_>> {
    let (rest, top) = name.rsplit_once('.')?;
    let (left, domain) = rest.rsplit_once('.')?;
    if let Some(&(_, cloud)) = ZPA_HOSTS.iter().find(|(host, _)| same(host, name)) {
        return Some(Host::LegacyZpa { cloud });
    }
    if same(top, "net") {
        in_net(left, domain)
    } else if same(top, "us") {
        match (left, domain) {
            _ if same(domain, "zidentitygov") => tenant(left, Cloud::GovUs),
            _ if same(rest, "api.zscalergov") => Some(Host::Gateway { cloud: Cloud::GovUs }),
            _ if same(rest, "config.zscaler") => Some(Host::Endpoints),
            _ => None,
        }
    } else if same(top, "com") && same(domain, "zscaler") {
        // `api.config` is the older spelling that many firewall scripts still carry.
        match left {
            _ if same(left, "config") || same(left, "api.config") => Some(Host::Endpoints),
            _ if same(left, "trust") => Some(Host::Trust),
            _ if same(left, "scim1.private") => Some(Host::Provisioning),
            _ => None,
        }
    } else {
        None
    }
}

fn in_net<'h>(left: &'h str, domain: &'h str) -> Option<Host<'h>> {
    if let Some(name) = after(domain, "zslogin") {
        // Clients glue the cloud's name on, so it starts as a name does: not with a hyphen.
        return if name.starts_with('-') { None } else { tenant(left, named(name)) };
    }
    if same(domain, "zidentitygov") {
        return tenant(left, Cloud::Gov);
    }
    if same(domain, "zsapi") {
        let (first, cloud) = match left.split_once('.') {
            Some((first, cloud)) if !cloud.contains('.') => (first, named(cloud)),
            Some(_) => return None,
            None => (left, Cloud::Production),
        };
        // Regional hosts such as `apiusw2` are named in `x-oneapi-host` (seen).
        return after(first, "api").map(|_| Host::Gateway { cloud });
    }
    if same(domain, "zsworkflow") || same(domain, "zseclipse") {
        let cloud = left.split_once('.').filter(|(api, cloud)| same(api, "api") && !cloud.contains('.'))?.1;
        let workflow = same(domain, "zsworkflow");
        return Some(if workflow { Host::LegacyWorkflow { cloud } } else { Host::LegacyAiGuard { cloud } });
    }
    let cloud = domain;
    if same(left, "zsapi") {
        return Some(Host::LegacyZia { cloud });
    }
    if same(left, "api") && ZDX_CLOUDS.iter().any(|known| same(known, cloud)) {
        return Some(Host::LegacyZdx { cloud });
    }
    if !ZIA_CLOUDS.iter().any(|known| same(known, cloud)) {
        return None;
    }
    match left {
        _ if same(left, "admin") => Some(Host::LegacyZia { cloud }),
        _ if same(left, "connector") => Some(Host::LegacyConnector { cloud }),
        // `mobile6` is what a client computes for zscalerten; `mobile` is in the documents.
        _ if ["api-mobile", "mobile", "mobile6"].iter().any(|label| same(left, label)) => {
            Some(Host::LegacyMobile { cloud })
        }
        _ if same(left, "csbapi") => Some(Host::Sandbox { cloud }),
        _ if same(left, "api") && same(cloud, "zscalergov") => Some(Host::Gateway { cloud: Cloud::Gov }),
        _ => None,
    }
}

/// A tenant's own host: one label, of which `-admin` at the end picks the administration API.
fn tenant<'h>(label: &'h str, cloud: Cloud<'h>) -> Option<Host<'h>> {
    const ADMIN: &str = "-admin";
    if label.contains('.') {
        return None;
    }
    let cut = label.len().saturating_sub(ADMIN.len());
    Some(match (label.get(..cut), label.get(cut..)) {
        (Some(vanity), Some(end)) if !vanity.is_empty() && same(end, ADMIN) => Host::Admin { vanity, cloud },
        _ => Host::Token { vanity: label, cloud },
    })
}

fn named(name: &str) -> Cloud<'_> {
    match name {
        "" => Cloud::Production,
        _ if same(name, "beta") => Cloud::Beta,
        _ if same(name, "gov") => Cloud::Gov,
        _ if same(name, "govus") => Cloud::GovUs,
        _ => Cloud::Named(name),
    }
}

fn same(one: &str, other: &str) -> bool {
    one.eq_ignore_ascii_case(other)
}

/// What follows `prefix`, in any case.
fn after<'h>(text: &'h str, prefix: &str) -> Option<&'h str> {
    let (start, rest) = (text.get(..prefix.len())?, text.get(prefix.len()..)?);
    same(start, prefix).then_some(rest)
}

fn is_label(label: &str) -> bool {
    (1..=63).contains(&label.len())
        && label.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !label.starts_with('-')
        && !label.ends_with('-')
}

#[cfg(test)]
mod tests;
