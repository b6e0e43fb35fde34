//! What clients of the older hosts need to sign in beside an API client's id and secret. Nothing of it is kept: it follows
//! from the server's own key.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use zuno_identity::{Authentication, OrganizationKey, SandboxToken, measuring_secret};
use zuno_model::{Fault, Tenant};

use crate::Cloud;
use crate::entry_point::EntryPoint;

/// What an API client signs in with at the older hosts.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OlderKeys {
    /// The cloud's label in host names, `zscalerthree`.
    pub cloud: String,
    /// The client's name as an administrator's; its secret is the password.
    pub username: String,
    /// The organization's key.
    pub api_key: String,
    /// The secret that goes with the client's id at digital experience; nothing for a client without secrets.
    #[serde(skip_serializing_if = "Option::is_none", default)]
    pub measuring_secret: Option<String>,
    /// The token that the client shows at the sandbox portal.
    #[serde(default)]
    pub sandbox_token: String,
}

impl Cloud {
    /// The organization's key at the older hosts of internet access and connectors.
    pub(crate) fn organization_key(&self, tenant: &Tenant) -> OrganizationKey {
        OrganizationKey::of(&self.pepper, tenant.id.0)
    }

    /// What an API client of a tenant signs in with at the older hosts, if there is one of this id.
    ///
    /// # Errors
    /// The store failed.
    pub fn older_keys(&self, tenant: &Arc<Tenant>, client: &str) -> Result<Option<OlderKeys>, Fault> {
        let Some(known) = self.api_client(tenant, client, EntryPoint::Gateway)? else { return Ok(None) };
        let now = self.now(tenant.id)?;
        let newest = match &known.authentication {
            Authentication::Secrets(secrets) => {
                secrets.iter().filter(|secret| secret.is_live(now)).max_by_key(|secret| secret.created_at)
            }
            _ => None,
        };
        Ok(Some(OlderKeys {
            cloud: tenant.cloud.split('.').next().unwrap_or_default().to_owned(),
            username: format!("{client}@{}.{}", tenant.org_id, tenant.cloud),
            api_key: self.organization_key(tenant).reveal().to_owned(),
            measuring_secret: newest.map(|own| measuring_secret(&self.pepper, tenant.id.0, client, own)),
            sandbox_token: SandboxToken::of(&self.pepper, tenant.id.0, &known).reveal().to_owned(),
        }))
    }
}
