//! API clients as the gateway reads them: who may ask for tokens, and what their roles reach now.

use serde_json::{Value, json};
use zuno_identity::{Access, ApiClient, Authentication, Grant, Secret, SecretDigest, StoredSecret};
use zuno_model::Tenant;
use zuno_store::{StoreError, read, write};

use crate::Cloud;

/// The products a super-admin client reaches, with the role each names so (seen).
const SUPER_ADMIN: [(&str, &str); 6] = [
    ("ZIA", "API_Role01"),
    ("ZPA", "API Full Access"),
    ("ZCC", "Super Admin"),
    ("CLOUD_CONNECTOR", "Super Admin"),
    ("ZDX", "ZDX Super Admin"),
    ("ZIAM", "Super Admin"),
];

fn note_of(client_id: &str) -> String {
    format!("client:{client_id}")
}

impl Cloud {
    /// Keeps the client that a tenant is administered with.
    pub(crate) fn keep_first_client(
        &self,
        tenant: &Tenant,
        id: &str,
        secret: &Secret,
    ) -> Result<(), StoreError> {
        let digest = serde_json::to_value(self.pepper.digest(secret.reveal()))
            .map_err(|cause| StoreError::because("a secret cannot be kept", cause))?;
        let body = json!({ "digest": digest }).to_string();
        let (tenant, note) = (tenant.id, note_of(id));
        write(self.store.as_ref(), move |tx| tx.set_note(tenant, &note, Some(body.as_bytes())))?;
        self.raise_generation();
        Ok(())
    }

    /// The API client of this id, as it is now.
    pub(crate) fn api_client(&self, tenant: &Tenant, id: &str) -> Result<Option<ApiClient>, StoreError> {
        let kept = read(self.store.as_ref(), |tx| tx.note(tenant.id, &note_of(id)))?;
        let Some(kept) = kept else { return Ok(None) };
        let unreadable = |cause| StoreError::because("an API client cannot be read", cause);
        let mut kept: Value = serde_json::from_slice(&kept).map_err(unreadable)?;
        let digest: SecretDigest = serde_json::from_value(kept["digest"].take()).map_err(unreadable)?;
        let secret = StoredSecret { id: "1".into(), digest, created_at: tenant.created, expires_at: None };
        let grant = |(product, role): (&str, &str)| Grant {
            product: product.into(),
            tenant: tenant_text(tenant, product),
            role: role.into(),
            access: Access::Full,
        };
        Ok(Some(ApiClient {
            id: id.into(),
            number: 117_810_311,
            name: "API Client Secret Authentication".into(),
            enabled: true,
            blocked_by: None,
            token_lifetime: 84_000,
            authentication: Authentication::Secrets(vec![secret]),
            grants: SUPER_ADMIN.into_iter().map(grant).collect(),
        }))
    }
}

/// The number by which a product knows the tenant.
fn tenant_text(tenant: &Tenant, product: &str) -> String {
    if product == "ZPA" { tenant.customer_id.to_string() } else { tenant.org_id.to_string() }
}
