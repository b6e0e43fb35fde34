//! What the checks are made of.

use zuno_model::{Tenant, TenantId};

use crate::Row;

/// The tenant that is looked at.
pub const T: TenantId = TenantId(1);
/// Another one.
pub const OTHER: TenantId = TenantId(2);

/// A record.
pub fn row(id: &str, scope: &str, sort: &str) -> Row {
    Row {
        id: id.into(),
        scope: scope.into(),
        sort: sort.into(),
        body: format!("{{\"id\":\"{id}\"}}").into_bytes(),
    }
}

/// A tenant with this number.
pub fn tenant(id: TenantId) -> Tenant {
    Tenant {
        id,
        vanity: format!("t{}", id.0),
        customer_id: id.0 << 28,
        org_id: id.0,
        cloud: "zscalerthree.net".into(),
        created: 0,
        sample_fleet: false,
        audience: zuno_model::AudienceRule::default(),
    }
}
