//! `isolation-tenant`: the tenant has a UUID of its own in browser isolation, told under an older and a newer name (seen).

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_catalogue::handles::zpa::isolation_profile as member;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record, fingerprint};

/// The guarantee for one resource.
struct IsolationTenant;

/// Makes it; there are no parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(IsolationTenant))
}

/// A UUID that a tenant keeps for good.
fn tenant_uuid(customer: i64) -> Id {
    Id::uuid(fingerprint(format!("isolation {customer}").as_bytes()))
}

impl Behaviour for IsolationTenant {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let own = tenant_uuid(cx.tenant().customer_id);
        for name in [member::ISOLATION_TENANT_ID, member::CBI_TENANT_ID] {
            record.insert(name.into(), Value::String(own.0.clone()));
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
