//! `isolation-address`: where a browser is sent for an isolation profile, and the tenant's own UUID there.
//!
//! The address holds the tenant's name and the profile's UUID (seen). Parameters: `profile`, the member that names the
//! profile, and the members that tell the tenant (`tenants`) and the address (`addresses`) under each of their names.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

use crate::shared::fnv;

/// The guarantee for one resource.
struct IsolationAddress {
    profile: String,
    tenants: Vec<String>,
    addresses: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let made = IsolationAddress {
        profile: params.text("profile")?,
        tenants: params.texts("tenants"),
        addresses: params.texts("addresses"),
    };
    let stranger = {
        let mut members = made.tenants.iter().chain(&made.addresses).chain([&made.profile]);
        members.find(|member| resource.field(member).is_none()).cloned()
    };
    match stranger {
        Some(stranger) => Err(format!("`{}`: there is no field `{stranger}`", params.behaviour)),
        None => Ok(Box::new(made)),
    }
}

/// A UUID that a tenant keeps for good.
fn tenant_uuid(customer: i64) -> Id {
    Id::uuid(fnv(format!("isolation {customer}").as_bytes()))
}

impl Behaviour for IsolationAddress {
    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        let tenant = cx.tenant();
        let own = tenant_uuid(tenant.customer_id);
        for member in &self.tenants {
            record.insert(member.clone(), Value::String(own.0.clone()));
        }
        let profile = record.get(&self.profile).and_then(Value::as_str).unwrap_or_default();
        let vanity = &tenant.vanity;
        let address =
            format!("https://redirect.isolation.zscaler.com/tenant/{vanity}/profile/{profile}/zpa/render");
        for member in &self.addresses {
            record.insert(member.clone(), Value::String(address.clone()));
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
