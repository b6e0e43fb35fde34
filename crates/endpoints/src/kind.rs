//! Which documents are published, for which clouds, and where.

use std::fmt;
use std::str::FromStr;

/// The host that publishes the documents (seed).
pub const HOST: &str = "config.zscaler.com";
/// The older host, whose paths lack the leading `/api`; scripts still carry it (client).
pub const OLDER_HOST: &str = "api.config.zscaler.com";

/// A kind of published document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// The data centres: ranges, VPN hosts, virtual addresses (seed).
    Cenr,
    /// The central authority's prefixes that must be reachable (seed).
    HubsRequired,
    /// The wider prefixes with room for growth (seed).
    HubsRecommended,
    /// The addresses that Client Connector tunnels to (seed).
    Svpn,
    /// The blocks that hold existing and future data centres (seed).
    Future,
    /// The private-access brokers, with ports and domains (client).
    Zpa,
    /// The same addresses, one a line (client).
    ZpaPlaintext,
    /// The central authority before there were hubs (client).
    Ca,
    /// The servers of PAC files (client).
    Pac,
    /// What the page for people is drawn from; alone it says which data centre is not ready (client).
    Page,
    /// A plain list of prefixes of anyone's making: lines, or a JSON array.
    List,
}

impl Kind {
    /// Every kind that has a place on the site.
    pub const PUBLISHED: [Kind; 10] = [
        Kind::Cenr,
        Kind::HubsRequired,
        Kind::HubsRecommended,
        Kind::Svpn,
        Kind::Future,
        Kind::Zpa,
        Kind::ZpaPlaintext,
        Kind::Ca,
        Kind::Pac,
        Kind::Page,
    ];

    /// The name people use for it.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Cenr => "cenr",
            Kind::HubsRequired => "hubs-required",
            Kind::HubsRecommended => "hubs-recommended",
            Kind::Svpn => "svpn",
            Kind::Future => "future",
            Kind::Zpa => "zpa",
            Kind::ZpaPlaintext => "zpa-plaintext",
            Kind::Ca => "ca",
            Kind::Pac => "pac",
            Kind::Page => "page",
            Kind::List => "list",
        }
    }

    /// What stands behind the cloud in the path; none for what is not published that way.
    pub fn path(self) -> Option<&'static str> {
        Some(match self {
            Kind::Cenr => "cenr/json",
            Kind::HubsRequired => "hubs/cidr/json/required",
            Kind::HubsRecommended => "hubs/cidr/json/recommended",
            Kind::Svpn => "svpn/json",
            Kind::Future => "future/json",
            Kind::Zpa => "zpa/json",
            Kind::ZpaPlaintext => "zpa/plaintext",
            Kind::Ca => "ca/json",
            Kind::Pac => "pac/json",
            Kind::Page | Kind::List => return None,
        })
    }

    /// The path of a cloud's document of this kind on the current host; none for a list.
    ///
    /// ```
    /// use zuno_endpoints::Kind;
    ///
    /// assert_eq!(Kind::Cenr.url_path("zscaler.net").as_deref(), Some("/api/zscaler.net/cenr/json"));
    /// ```
    pub fn url_path(self, cloud: &str) -> Option<String> {
        match self {
            // The verb comes before the cloud here (client).
            Kind::Page => Some(format!("/api/getdata/{cloud}/all/cenr")),
            _ => Some(format!("/api/{cloud}/{}", self.path()?)),
        }
    }

    /// Which document a path asks for, on either host: with `/api` or without.
    pub fn at(path: &str) -> Option<(&str, Kind)> {
        let path = path.strip_prefix('/')?;
        let path = path.strip_prefix("api/").unwrap_or(path).trim_end_matches('/');
        if let Some(rest) = path.strip_prefix("getdata/") {
            let cloud = rest.strip_suffix("/all/cenr")?;
            return (!cloud.contains('/')).then_some((cloud, Kind::Page));
        }
        let (cloud, rest) = path.split_once('/')?;
        let kind = Kind::PUBLISHED.into_iter().find(|kind| kind.path() == Some(rest))?;
        Some((cloud, kind))
    }

    /// Whether the real site is known to publish this kind for a cloud; `None` for a cloud that is not known.
    pub fn is_published_for(self, cloud: &str) -> Option<bool> {
        let cloud = Cloud::named(cloud)?;
        Some(match self {
            Kind::Svpn => cloud.product == Product::InternetAccess && cloud.name != "zscalerone.net",
            Kind::Cenr | Kind::HubsRequired | Kind::Future | Kind::Ca | Kind::Pac | Kind::Page => {
                cloud.product == Product::InternetAccess
            }
            Kind::HubsRecommended => cloud.product != Product::PrivateAccess,
            Kind::Zpa | Kind::ZpaPlaintext => cloud.product == Product::PrivateAccess,
            Kind::List => false,
        })
    }
}

impl fmt::Display for Kind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// No kind has this name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no kind `{0}`: name one of {names}", names = Kind::PUBLISHED.map(Kind::name).join(", "))]
pub struct NoSuchKind(pub String);

impl FromStr for Kind {
    type Err = NoSuchKind;

    fn from_str(text: &str) -> Result<Kind, NoSuchKind> {
        let mut all = Kind::PUBLISHED.into_iter().chain([Kind::List]);
        all.find(|kind| kind.name() == text).ok_or_else(|| NoSuchKind(text.to_owned()))
    }
}

/// What a cloud is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Product {
    /// ZIA.
    InternetAccess,
    /// ZPA.
    PrivateAccess,
    /// ZDX.
    DigitalExperience,
}

/// A cloud that documents are published for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cloud {
    /// Its name, as in paths.
    pub name: &'static str,
    /// What it is for.
    pub product: Product,
    /// Named by the vendor's page of service endpoints.
    pub documented: bool,
}

const fn cloud(name: &'static str, product: Product, documented: bool) -> Cloud {
    Cloud { name, product, documented }
}

impl Cloud {
    /// Every cloud known to have documents, those of the seed first; the rest were seen in help pages and scripts.
    pub const ALL: [Cloud; 18] = [
        cloud("zscaler.net", Product::InternetAccess, true),
        cloud("zscalerone.net", Product::InternetAccess, true),
        cloud("zscalertwo.net", Product::InternetAccess, true),
        cloud("zscalerthree.net", Product::InternetAccess, true),
        cloud("zscloud.net", Product::InternetAccess, true),
        cloud("zscalerbeta.net", Product::InternetAccess, false),
        cloud("zscalergov.net", Product::InternetAccess, false),
        cloud("zscalerten.net", Product::InternetAccess, false),
        cloud("zscalereleven.net", Product::InternetAccess, false),
        cloud("zscalertwelve.net", Product::InternetAccess, false),
        cloud("zspreview.net", Product::InternetAccess, false),
        cloud("zscalergov.us", Product::InternetAccess, false),
        cloud("private.zscaler.com", Product::PrivateAccess, false),
        cloud("zpatwo.net", Product::PrivateAccess, false),
        cloud("zpabeta.net", Product::PrivateAccess, false),
        cloud("zdxcloud.net", Product::DigitalExperience, false),
        cloud("zdxgov.net", Product::DigitalExperience, false),
        cloud("zdxbeta.net", Product::DigitalExperience, false),
    ];

    /// A cloud by its name, in any case.
    pub fn named(name: &str) -> Option<&'static Cloud> {
        Cloud::ALL.iter().find(|cloud| cloud.name.eq_ignore_ascii_case(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_again_on_both_hosts() {
        for kind in Kind::PUBLISHED {
            let path = kind.url_path("zscaler.net").unwrap();
            assert_eq!(Kind::at(&path), Some(("zscaler.net", kind)), "{path}");
            assert_eq!(Kind::at(path.strip_prefix("/api").unwrap()), Some(("zscaler.net", kind)), "{path}");
            assert_eq!(kind.name().parse(), Ok(kind));
        }
        for path in [
            "",
            "/",
            "/api/zscaler.net",
            "/api/zscaler.net/cenr",
            "/api/a/b/cenr/json",
            "/api/getdata/a/b/all/cenr",
        ] {
            assert_eq!(Kind::at(path), None, "{path}");
        }
    }

    #[test]
    fn what_is_yet_to_be_published_is_known() {
        assert_eq!(Kind::Svpn.is_published_for("zscalerone.net"), Some(false));
        assert_eq!(Kind::Svpn.is_published_for("ZSCALERTWO.net"), Some(true));
        assert_eq!(Kind::Cenr.is_published_for("private.zscaler.com"), Some(false));
        assert_eq!(Kind::Cenr.is_published_for("example.net"), None);
    }
}
