//! Where a caller comes in. An entry point says what its callers show, whom that may belong to, and which product lies
//! behind it.

use std::borrow::Cow;

use zuno_identity::ONE_API_AUDIENCE;
use zuno_model::Tenant;

/// Where a caller comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum EntryPoint {
    /// The gateway of all products: a bearer token of the authorization server's.
    Gateway,
    /// The older host of private access: a bearer token of its own sign-in.
    PrivateAccess,
    /// The older hosts of internet access: a session's cookie.
    InternetAccess,
    /// The older hosts of connectors: a session's cookie.
    Connectors,
    /// The older hosts of client connector: a token of their own sign-in, in a header of its own.
    ClientConnector,
    /// The older hosts of digital experience: a bearer token of their own sign-in.
    DigitalExperience,
    /// The hosts of the sandbox portal: a token of their own, in the query.
    SandboxPortal,
}

impl EntryPoint {
    /// The one product behind it, by its name in the catalogue; nothing where all are.
    pub fn product(self) -> Option<&'static str> {
        match self {
            EntryPoint::Gateway => None,
            EntryPoint::PrivateAccess => Some("zpa"),
            EntryPoint::InternetAccess | EntryPoint::SandboxPortal => Some("zia"),
            EntryPoint::Connectors => Some("ztw"),
            EntryPoint::ClientConnector => Some("zcc"),
            EntryPoint::DigitalExperience => Some("zdx"),
        }
    }

    /// Whether a path is of the sign-in there. Those of sessions are called without the rest of the path, too (client:
    /// python, go).
    pub fn is_sign_in(self, path: &str) -> bool {
        match self {
            EntryPoint::Gateway | EntryPoint::SandboxPortal => false,
            EntryPoint::PrivateAccess => matches!(path, "/signin" | "/signout" | "/logout"),
            EntryPoint::InternetAccess => {
                matches!(path, "/api/v1/authenticatedSession" | "/authenticatedSession")
            }
            EntryPoint::Connectors => matches!(path, "/api/v1/auth" | "/auth"),
            EntryPoint::ClientConnector => path == "/papi/auth/v1/login",
            EntryPoint::DigitalExperience => {
                matches!(path, "/v1/oauth/token" | "/v1/oauth/jwks" | "/v1/oauth/validate")
            }
        }
    }

    /// Whether answers come through the gateway, which leaves its marks on them.
    pub fn is_gateway(self) -> bool {
        matches!(self, EntryPoint::Gateway | EntryPoint::PrivateAccess)
    }

    /// What the tokens and sessions that count here are made for, so that none counts at another entry point. Digital
    /// experience names the cloud and the organization (documented); the names of the other older hosts are looked at by
    /// nobody else.
    pub fn audience(self, tenant: &Tenant) -> Cow<'static, str> {
        Cow::Borrowed(match self {
            EntryPoint::Gateway => ONE_API_AUDIENCE,
            EntryPoint::PrivateAccess => "https://config.private.zscaler.com",
            EntryPoint::InternetAccess => "https://zsapi.zscaler.net",
            EntryPoint::Connectors => "https://connector.zscaler.net",
            EntryPoint::SandboxPortal => "https://csbapi.zscaler.net",
            EntryPoint::ClientConnector => "https://api-mobile.zscaler.net",
            EntryPoint::DigitalExperience => {
                return Cow::Owned(format!("{}.{}", tenant.cloud, tenant.org_id));
            }
        })
    }
}

#[cfg(test)]
mod tests {
    use zuno_model::{AudienceRule, TenantId};

    use super::*;

    #[test]
    fn no_two_entry_points_take_the_same_tokens() {
        let tenant = Tenant {
            id: TenantId(1),
            vanity: "acme".into(),
            customer_id: 1,
            org_id: 24_326_813,
            cloud: "zscalerthree.net".into(),
            created: 0,
            sample_fleet: false,
            audience: AudienceRule::default(),
        };
        let entry_points = [
            EntryPoint::Gateway,
            EntryPoint::PrivateAccess,
            EntryPoint::InternetAccess,
            EntryPoint::Connectors,
            EntryPoint::ClientConnector,
            EntryPoint::DigitalExperience,
            EntryPoint::SandboxPortal,
        ];
        let mut audiences: Vec<_> =
            entry_points.iter().map(|entry_point| entry_point.audience(&tenant)).collect();
        assert_eq!(audiences[5], "zscalerthree.net.24326813");
        audiences.sort();
        audiences.dedup();
        assert_eq!(audiences.len(), entry_points.len());
    }
}
