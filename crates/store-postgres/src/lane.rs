//! Lanes: writers of one lane go one after the other, on whichever server they are. Each tenant has its lane.

use zuno_model::TenantId;

/// How many there are; as many rows as the table has.
pub const LANES: usize = 8;

/// Whom a group of jobs keeps out until it is committed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// All other writers of this lane's tenants.
    Of(usize),
    /// All other writers.
    All,
}

impl Lane {
    /// A tenant's lane. Every server must come to the same.
    pub fn of(tenant: TenantId) -> Lane {
        Lane::Of(tenant.0.rem_euclid(LANES as i64) as usize)
    }

    /// Whether whoever holds it may touch what a tenant has.
    pub fn has(self, tenant: TenantId) -> bool {
        self == Lane::All || self == Lane::of(tenant)
    }
}
