//! The tenants of a server as they were last read, and what a new one is to be.

use std::collections::HashMap;
use std::sync::Arc;

use serde_json::{Value, json};
use zuno_identity::Secret;
use zuno_model::Tenant;

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
    /// The snapshot that it begins with, in the place of what a fresh tenant has.
    pub from: Option<String>,
}

impl Default for FirstTenant {
    fn default() -> Self {
        FirstTenant {
            vanity: "acme".into(),
            customer_id: None,
            client_id: None,
            client_secret: None,
            bare: false,
            from: None,
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

impl NewTenant {
    /// What its operator is told.
    pub(crate) fn to_json(&self) -> Value {
        json!({
            "vanity": self.tenant.vanity,
            "customer_id": self.tenant.customer_id.to_string(),
            "client_id": self.client_id,
            "client_secret": self.client_secret.reveal(),
        })
    }
}

/// The tenants in the order they were made, as they were last read, with the version they were read at.
#[derive(Debug, Default)]
pub struct Tenants {
    pub read_at: Option<u64>,
    pub all: Vec<Arc<Tenant>>,
    pub named: HashMap<String, Arc<Tenant>>,
}
