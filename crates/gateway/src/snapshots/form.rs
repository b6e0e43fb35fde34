//! What a snapshot says of itself, and what it has beside records.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zuno_engine::Waiting;
use zuno_identity::SecretDigest;
use zuno_model::{AudienceRule, Tenant, TenantId, Time};

use crate::state::settings::Lasting;

/// The version of the form that this program writes and reads.
pub const VERSION: u32 = 1;

/// What a snapshot says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// Which form it has.
    pub zuno_snapshot: u32,
    /// Its name at the server.
    pub name: String,
    /// What its maker says of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// When it was taken, by the server's clock.
    pub at: Time,
    /// The version of the program that took it.
    pub zuno: String,
    /// The tenant that it was taken of.
    pub tenant: Origin,
    /// How many secrets were left out of it.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub secrets_left_out: u64,
}

/// A tenant, as it was called and counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Origin {
    pub vanity: String,
    #[serde(with = "as_text")]
    pub customer_id: i64,
    #[serde(with = "as_text")]
    pub org_id: i64,
    pub cloud: String,
    pub created: Time,
    pub sample_fleet: bool,
    #[serde(default)]
    pub audience: AudienceRule,
}

/// What a snapshot has beside records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Beside {
    /// The next number of each series that has begun.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub counters: BTreeMap<String, i64>,
    /// Modes and the clock.
    pub settings: Lasting,
    /// By product: what waits for its activation beside changes of records.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub waiting: BTreeMap<String, Waiting>,
    /// By identity provider: what is kept of the token that it provisions with.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub provisioning_tokens: BTreeMap<String, SecretDigest>,
}

/// A snapshot as the store keeps it, but for its records.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Kept {
    /// What it says of itself.
    pub head: Head,
    /// Under which number its parts are kept.
    pub number: i64,
    /// For which tenant its secrets are sealed.
    pub sealed_for: TenantId,
    /// How many records it has of each kind that the tenant had made its own; of all others it has none, and they stay as the
    /// catalogue has them.
    pub kinds: BTreeMap<String, u64>,
    /// How many changes of records wait for an activation.
    pub waiting: u64,
    /// How many bytes its records take.
    pub bytes: u64,
    /// Of which kind the records of each part are.
    pub parts: Vec<String>,
}

impl Origin {
    /// That of a tenant.
    pub fn of(tenant: &Tenant) -> Origin {
        let Tenant { id: _, vanity, customer_id, org_id, cloud, created, sample_fleet, audience } =
            tenant.clone();
        Origin { vanity, customer_id, org_id, cloud, created, sample_fleet, audience }
    }

    /// The tenant that it was, under another number.
    pub fn as_tenant(&self, id: TenantId) -> Tenant {
        let Origin { vanity, customer_id, org_id, cloud, created, sample_fleet, audience } = self.clone();
        Tenant { id, vanity, customer_id, org_id, cloud, created, sample_fleet, audience }
    }

    /// A tenant as it becomes when this one's state is put into it: its names and numbers stay.
    pub fn put_into(&self, tenant: &Tenant) -> Tenant {
        Tenant {
            created: self.created,
            sample_fleet: self.sample_fleet,
            audience: self.audience,
            ..tenant.clone()
        }
    }

    /// Whether a tenant has the same names and numbers.
    pub fn is_named_as(&self, tenant: &Tenant) -> bool {
        (&self.vanity, self.customer_id, self.org_id, &self.cloud)
            == (&tenant.vanity, tenant.customer_id, tenant.org_id, &tenant.cloud)
    }
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// Whole numbers that not every reader of JSON keeps, as text.
mod as_text {
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(number: &i64, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(number)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<i64, D::Error> {
        let text = String::deserialize(from)?;
        text.parse().map_err(|_| D::Error::custom(format!("`{text}` is no whole number")))
    }
}
