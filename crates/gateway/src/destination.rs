//! Which service of the cloud a request is for: the host says so, or else the path.

use zuno_intercept::Host;

use crate::entry_point::EntryPoint;
use crate::{published, trust};

/// A service, with the path as the gateway knows it.
#[derive(Debug, PartialEq, Eq)]
pub enum Destination {
    /// The authorization server, of one tenant where the host names it.
    Identity {
        /// The tenant's label.
        vanity: Option<String>,
    },
    /// A product, under its gateway path.
    Api {
        /// The path with the product's prefix.
        path: String,
        /// Where the caller comes in, which says what counts there.
        entry_point: EntryPoint,
        /// The tenant's label, where the host names it.
        vanity: Option<String>,
    },
    /// The sign-in of an older host.
    SignIn(EntryPoint),
    /// Where identity providers provision users of private access.
    Provisioning,
    /// What this server says of itself and lets its operator do.
    Own,
    /// The published service endpoints, and the lists made of them.
    Published,
    /// The trust portal: its feeds, posts and status.
    Trust,
    /// A service of the cloud that is not here, as people call it.
    Nowhere(&'static str),
}

/// The labels that only the older private-access API has at the root of its paths.
const PRIVATE_ROOTS: [&str; 4] = ["/mgmtconfig/", "/userconfig/", "/cbiconfig/", "/waap-pra-config/"];

/// Where the paths of products begin that are at the gateway and nowhere else, so that most calls need not be held against
/// all that other services have.
const PRODUCTS: [&str; 6] =
    ["/zia/api/v1/", "/zpa/mgmtconfig/", "/zcc/papi/", "/zdx/v1/", "/ztw/api/v1/", "/ziam/admin/"];

/// Where the sandbox portal takes files.
const PORTAL: &str = "/zscsb";

/// Products of the gateway that are not here, by the first label of their paths (documented, client).
const NOT_HERE: [(&str, &str); 8] = [
    ("/aiguard", "AI guard"),
    ("/bi", "business insights"),
    ("/easm", "external attack surface management"),
    ("/zcell", "cellular"),
    ("/zins", "insights"),
    ("/zms", "microsegmentation"),
    ("/ztb", "zero trust branch"),
    ("/zwa", "workflow automation"),
];

/// Whether a path is below a prefix, label by label.
pub fn is_below(path: &str, prefix: &str) -> bool {
    path.strip_prefix(prefix).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

/// The product of the gateway that such a path belongs to and that is not here.
pub fn not_here(path: &str) -> Option<&'static str> {
    NOT_HERE.iter().find(|(prefix, _)| is_below(path, prefix)).map(|(_, name)| *name)
}

/// Finds the service.
pub fn of(host: &str, path: &str) -> Destination {
    match Host::of(host) {
        Host::Token { vanity, .. } => by_identity_path(path, Some(vanity)),
        Host::Admin { vanity, .. } => by_identity_path(path, Some(vanity)),
        Host::LegacyZpa { .. } => by_private_path(path),
        Host::Provisioning => Destination::Provisioning,
        Host::Endpoints => Destination::Published,
        Host::Trust => Destination::Trust,
        Host::Gateway { .. } => api(path, EntryPoint::Gateway, None),
        Host::Foreign => by_path(path),
        Host::LegacyZia { .. } => by_older_path("/zia", path, EntryPoint::InternetAccess),
        Host::LegacyConnector { .. } => by_older_path("/ztw", path, EntryPoint::Connectors),
        Host::LegacyMobile { .. } => by_older_path("/zcc", path, EntryPoint::ClientConnector),
        Host::LegacyZdx { .. } => by_older_path("/zdx", path, EntryPoint::DigitalExperience),
        Host::LegacyWorkflow { .. } => Destination::Nowhere("workflow automation"),
        Host::LegacyAiGuard { .. } => Destination::Nowhere("AI guard"),
        Host::Sandbox { .. } => by_sandbox_path(path),
    }
}

fn api(path: &str, entry_point: EntryPoint, vanity: Option<&str>) -> Destination {
    Destination::Api { path: path.to_owned(), entry_point, vanity: vanity.map(str::to_lowercase) }
}

fn by_identity_path(path: &str, vanity: Option<&str>) -> Destination {
    if path.starts_with("/admin/api/") {
        return api(&format!("/ziam{path}"), EntryPoint::Gateway, vanity);
    }
    Destination::Identity { vanity: vanity.map(str::to_lowercase) }
}

fn by_private_path(path: &str) -> Destination {
    by_older_path("/zpa", path, EntryPoint::PrivateAccess)
}

/// At an older host a product's paths lack the product.
fn by_older_path(product: &str, path: &str, entry_point: EntryPoint) -> Destination {
    if entry_point.is_sign_in(path) {
        return Destination::SignIn(entry_point);
    }
    api(&format!("{product}{path}"), entry_point, None)
}

/// The sandbox portal takes files and nothing else of internet access: a path that it does not know leads nowhere.
fn by_sandbox_path(path: &str) -> Destination {
    let path = if is_below(path, PORTAL) { format!("/zia/api/v1{path}") } else { String::new() };
    api(&path, EntryPoint::SandboxPortal, None)
}

fn by_path(path: &str) -> Destination {
    if PRODUCTS.iter().any(|product| path.starts_with(product)) {
        return api(path, EntryPoint::Gateway, None);
    }
    if matches!(path, "/" | "/health" | "/ready" | "/metrics" | "/openapi.json" | "/_zuno")
        || path.starts_with("/openapi/")
        || path.starts_with("/_zuno/")
    {
        return Destination::Own;
    }
    if path.starts_with("/oauth2/") || path.starts_with("/.well-known/") {
        return Destination::Identity { vanity: None };
    }
    if path.starts_with("/admin/api/") {
        return api(&format!("/ziam{path}"), EntryPoint::Gateway, None);
    }
    if EntryPoint::PrivateAccess.is_sign_in(path) || PRIVATE_ROOTS.iter().any(|root| path.starts_with(root)) {
        return by_private_path(path);
    }
    // Clients that take a base address are led to it with these.
    if path.starts_with("/api/v1/") {
        return by_older_path("/zia", path, EntryPoint::InternetAccess);
    }
    if path.starts_with("/papi/") {
        return by_older_path("/zcc", path, EntryPoint::ClientConnector);
    }
    if path.starts_with("/v1/") {
        return by_older_path("/zdx", path, EntryPoint::DigitalExperience);
    }
    if is_below(path, PORTAL) {
        return by_sandbox_path(path);
    }
    if path.starts_with("/scim/") {
        return Destination::Provisioning;
    }
    if trust::is_at(path) {
        return Destination::Trust;
    }
    if path.starts_with("/api/")
        || path.starts_with("/lists/")
        || zuno_endpoints::Kind::at(path).is_some()
        || published::pages::SitePage::is_at(path)
    {
        return Destination::Published;
    }
    api(path, EntryPoint::Gateway, None)
}

#[cfg(test)]
mod tests {
    use super::{Destination, EntryPoint, api, of};

    #[test]
    fn the_host_picks_the_service_and_else_the_path_does() {
        let identity = |vanity: Option<&str>| Destination::Identity { vanity: vanity.map(str::to_owned) };
        assert_eq!(of("ACME.zslogin.net", "/oauth2/v1/token"), identity(Some("acme")));
        assert_eq!(of("127.0.0.1:8080", "/oauth2/v1/token"), identity(None));
        assert_eq!(
            of("acme-admin.zslogin.net", "/admin/api/v1/users"),
            api("/ziam/admin/api/v1/users", EntryPoint::Gateway, Some("acme"))
        );
        assert_eq!(
            of("api.beta.zsapi.net", "/zia/api/v1/status"),
            api("/zia/api/v1/status", EntryPoint::Gateway, None)
        );
        let private = EntryPoint::PrivateAccess;
        assert_eq!(of("config.private.zscaler.com", "/signin"), Destination::SignIn(private));
        assert_eq!(of("localhost", "/mgmtconfig/v1/x"), api("/zpa/mgmtconfig/v1/x", private, None));
        assert_eq!(of("config.zscaler.com", "/api/zscaler.net/cenr/json"), Destination::Published);
        assert_eq!(of("localhost", "/api/zscaler.net/cenr/json"), Destination::Published);
        assert_eq!(of("localhost", "/zscaler.net/cenr/json"), Destination::Published);
        assert_eq!(of("localhost", "/lists/office.txt"), Destination::Published);
        assert_eq!(of("trust.zscaler.com", "/blog-feed"), Destination::Trust);
        assert_eq!(of("localhost", "/rss-feed/incidents"), Destination::Trust);
        assert_eq!(of("localhost", "/zscaler.net/posts/10001"), Destination::Trust);
        assert_eq!(of("localhost", "/notification/10001"), Destination::Trust);
        assert_eq!(of("localhost", "/zscaler.net"), Destination::Trust);
        assert_eq!(of("localhost", "/api/cloud-status.json"), Destination::Trust);
        assert_eq!(of("localhost", "/private.zscaler.com/zpa"), Destination::Published);
        assert_eq!(of("localhost", "/_zuno/tenants"), Destination::Own);
        let portal = EntryPoint::SandboxPortal;
        assert_eq!(of("csbapi.zscaler.net", "/zscsb/submit"), api("/zia/api/v1/zscsb/submit", portal, None));
        assert_eq!(of("localhost", "/zscsb/discan"), api("/zia/api/v1/zscsb/discan", portal, None));
        assert_eq!(of("csbapi.zscaler.net", "/api/v1/users"), api("", portal, None));
        assert_eq!(of("csbapi.zscaler.net", "/zia/api/v1/users"), api("", portal, None));
        // The cloud's own hosts lead to the cloud alone.
        assert_eq!(of("api.zsapi.net", "/_zuno/tenants"), api("/_zuno/tenants", EntryPoint::Gateway, None));
        assert_eq!(of("acme.zslogin.net", "/_zuno/tenants"), identity(Some("acme")));
        assert_eq!(of("trust.zscaler.com", "/_zuno/trust"), Destination::Trust);
    }

    #[test]
    fn an_older_host_has_a_sign_in_and_one_product() {
        for (host, sign_in, path, entry_point, at) in [
            (
                "zsapi.zscloud.net",
                "/api/v1/authenticatedSession",
                "/api/v1/status",
                EntryPoint::InternetAccess,
                "/zia",
            ),
            (
                "admin.zspreview.net",
                "/authenticatedSession",
                "/api/v1/status",
                EntryPoint::InternetAccess,
                "/zia",
            ),
            ("connector.zscaler.net", "/api/v1/auth", "/api/v1/ecgroup", EntryPoint::Connectors, "/ztw"),
            ("connector.zscaler.net", "/auth", "/api/v1/auth/permissions", EntryPoint::Connectors, "/ztw"),
            (
                "mobile.zscaler.net",
                "/papi/auth/v1/login",
                "/papi/public/v1/x",
                EntryPoint::ClientConnector,
                "/zcc",
            ),
            ("api.zdxcloud.net", "/v1/oauth/token", "/v1/apps", EntryPoint::DigitalExperience, "/zdx"),
            ("api.zdxbeta.net", "/v1/oauth/jwks", "/v1/oauth2", EntryPoint::DigitalExperience, "/zdx"),
            (
                "localhost",
                "/api/v1/authenticatedSession",
                "/api/v1/locations",
                EntryPoint::InternetAccess,
                "/zia",
            ),
            ("localhost", "/papi/auth/v1/login", "/papi/public/v1/x", EntryPoint::ClientConnector, "/zcc"),
            ("localhost", "/v1/oauth/validate", "/v1/apps", EntryPoint::DigitalExperience, "/zdx"),
        ] {
            assert_eq!(of(host, sign_in), Destination::SignIn(entry_point), "{host}{sign_in}");
            assert_eq!(of(host, path), api(&format!("{at}{path}"), entry_point, None), "{host}{path}");
            assert_eq!(of(host, "/_zuno/tenants") == Destination::Own, host == "localhost");
        }
    }
}
