//! The tenants of a server, and the one it starts with.

use std::sync::Arc;

use parking_lot::RwLock;
use zuno_identity::Secret;
use zuno_model::{Id, Tenant, TenantId, Time};
use zuno_store::{StoreError, read, write};

use crate::{Cloud, StartError};

/// The ZIA cloud that tenants live in: the one the examples were made on.
const ZIA_CLOUD: &str = "zscalerthree.net";

/// The ZPA customer id of the first tenant (product contract).
const FIRST_CUSTOMER: i64 = 216_196_257_331_281_920;

/// Customer ids have their low 28 bits free for the tenant's own objects (seen).
const CUSTOMER_STEP: i64 = 1 << 28;

/// The ZIA organisation number of the first tenant.
const FIRST_ORG: i64 = 24_326_813;

/// What the first tenant is to be.
#[derive(Clone, Debug)]
pub struct FirstTenant {
    /// Its label in host names.
    pub vanity: String,
    /// Its ZPA customer id.
    pub customer_id: Option<i64>,
    /// Its super-admin API client's id; made up when not given.
    pub client_id: Option<String>,
    /// That client's secret; made up when not given.
    pub client_secret: Option<Secret>,
    /// Without the sample fleet.
    pub bare: bool,
}

impl Default for FirstTenant {
    fn default() -> Self {
        FirstTenant {
            vanity: "acme".into(),
            customer_id: None,
            client_id: None,
            client_secret: None,
            bare: false,
        }
    }
}

/// A tenant that was just made, with the only sight of its client's secret.
#[derive(Clone, Debug)]
pub struct NewTenant {
    /// The tenant.
    pub tenant: Arc<Tenant>,
    /// Its super-admin API client's id.
    pub client_id: String,
    /// That client's secret.
    pub client_secret: Secret,
}

/// The tenants, in the order they were made.
#[derive(Debug, Default)]
pub struct Tenants {
    known: RwLock<Vec<Arc<Tenant>>>,
}

impl Tenants {
    /// All of them.
    pub fn all(&self) -> Vec<Arc<Tenant>> {
        self.known.read().clone()
    }

    /// The one with this label; the first one when no label is named.
    pub fn named(&self, vanity: Option<&str>) -> Option<Arc<Tenant>> {
        let known = self.known.read();
        match vanity {
            Some(vanity) => known.iter().find(|tenant| tenant.vanity.eq_ignore_ascii_case(vanity)).cloned(),
            None => known.first().cloned(),
        }
    }

    fn replace(&self, tenants: Vec<Tenant>) {
        *self.known.write() = tenants.into_iter().map(Arc::new).collect();
    }
}

/// A label that can stand in a host name and leaves room for `-admin`.
fn is_label(text: &str) -> bool {
    let inner = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    (1..=57).contains(&text.len())
        && text.chars().all(inner)
        && !text.starts_with('-')
        && !text.ends_with('-')
        && !text.ends_with("-admin")
}

impl Cloud {
    pub(crate) fn open_tenants(&self) -> Result<(), StartError> {
        self.tenants.replace(read(self.store.as_ref(), |tx| tx.tenants())?);
        Ok(())
    }

    /// The tenants of this server.
    pub fn tenants(&self) -> Vec<Arc<Tenant>> {
        self.tenants.all()
    }

    /// Makes the first tenant, unless there is one; a client whose id and secret are fixed works from every start on.
    ///
    /// # Errors
    /// The store failed, or the label cannot stand in a host name.
    pub fn first_tenant(&self) -> Result<Option<NewTenant>, StartError> {
        let first = self.options.first.clone();
        if let Some(tenant) = self.tenants.named(None) {
            if let (Some(id), Some(secret)) = (first.client_id, first.client_secret) {
                self.ensure_first_client(&tenant, &id, &secret)?;
            }
            return Ok(None);
        }
        self.new_tenant(first).map(Some)
    }

    /// Makes a tenant with everything a fresh one has and a super-admin API client.
    ///
    /// # Errors
    /// The store failed, or the label is taken or cannot stand in a host name.
    pub fn new_tenant(&self, wanted: FirstTenant) -> Result<NewTenant, StartError> {
        let vanity = wanted.vanity.to_ascii_lowercase();
        if !is_label(&vanity) {
            return Err(StartError::Option(format!(
                "`{vanity}` cannot be a vanity domain: use lower-case letters, digits and inner hyphens"
            )));
        }
        if self.tenants.named(Some(&vanity)).is_some() {
            return Err(StartError::Option(format!("there is already a tenant `{vanity}`")));
        }
        let tenant = self.add_tenant(vanity, wanted.customer_id, wanted.bare, self.clock.now())?;
        let client_id = wanted.client_id.unwrap_or_else(|| Id::opaque("i", uuid::Uuid::new_v4().as_u128()).0);
        let client_secret = wanted.client_secret.unwrap_or_else(Secret::generate);
        self.ensure_first_client(&tenant, &client_id, &client_secret)?;
        Ok(NewTenant { tenant, client_id, client_secret })
    }

    fn add_tenant(
        &self,
        vanity: String,
        customer: Option<i64>,
        bare: bool,
        now: Time,
    ) -> Result<Arc<Tenant>, StoreError> {
        let tenants = write(self.store.as_ref(), move |tx| {
            let known = tx.tenants()?;
            let last = known.iter().map(|tenant| tenant.id.0).max().unwrap_or(0);
            let highest = known.iter().map(|tenant| tenant.customer_id).max();
            let next = highest.map_or(FIRST_CUSTOMER, |highest| highest + CUSTOMER_STEP);
            tx.put_tenant(&Tenant {
                id: TenantId(last + 1),
                vanity: vanity.clone(),
                customer_id: customer.unwrap_or(next),
                org_id: FIRST_ORG + last,
                cloud: ZIA_CLOUD.into(),
                created: now,
                sample_fleet: !bare,
            })?;
            tx.tenants()
        })?;
        self.tenants.replace(tenants);
        let newest = self.tenants.all().into_iter().max_by_key(|tenant| tenant.id);
        newest.ok_or_else(|| StoreError::new("a tenant that was just made is gone"))
    }

    /// Removes a tenant and everything it has.
    ///
    /// # Errors
    /// The store failed.
    pub fn remove_tenant(&self, tenant: &Tenant) -> Result<(), StoreError> {
        let id = tenant.id;
        let left = write(self.store.as_ref(), move |tx| {
            tx.remove_tenant(id)?;
            tx.tenants()
        })?;
        self.tenants.replace(left);
        self.engine.baselines().forget(id);
        self.raise_generation();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::is_label;

    #[test]
    fn a_vanity_domain_can_stand_in_a_host_name() {
        assert!(is_label("acme") && is_label("a-1"));
        for wrong in ["", "-a", "a-", "A", "a.b", "acme-admin"] {
            assert!(!is_label(wrong), "{wrong}");
        }
    }
}
