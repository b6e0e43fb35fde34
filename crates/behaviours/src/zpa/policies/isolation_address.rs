//! `isolation-address`: where a browser is sent for an isolation profile, and the tenant's own UUID there.
//!
//! The address holds the tenant's name and the profile's UUID; both are told under an older and a newer name (seen).

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::isolation_profile as member;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record, fingerprint};

/// The guarantee for one resource.
struct IsolationAddress;

/// Makes it; there are no parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(IsolationAddress))
}

/// A UUID that a tenant keeps for good.
fn tenant_uuid(customer: i64) -> Id {
    Id::uuid(fingerprint(format!("isolation {customer}").as_bytes()))
}

impl Behaviour for IsolationAddress {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let tenant = cx.tenant();
        let own = tenant_uuid(tenant.customer_id);
        for name in [member::ISOLATION_TENANT_ID, member::CBI_TENANT_ID] {
            record.insert(name.into(), Value::String(own.0.clone()));
        }
        let profile = record.get(member::ISOLATION_PROFILE_ID).and_then(Value::as_str).unwrap_or_default();
        let vanity = &tenant.vanity;
        let address =
            format!("https://redirect.isolation.zscaler.com/tenant/{vanity}/profile/{profile}/zpa/render");
        for name in [member::ISOLATION_URL, member::CBI_URL] {
            record.insert(name.into(), Value::String(address.clone()));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::tenant_uuid;

    #[test]
    fn a_tenant_has_one_uuid_and_shares_it_with_nobody() {
        assert_eq!(tenant_uuid(5), tenant_uuid(5));
        assert_ne!(tenant_uuid(5), tenant_uuid(6));
        assert_eq!(tenant_uuid(5).as_str().len(), 36);
    }
}
