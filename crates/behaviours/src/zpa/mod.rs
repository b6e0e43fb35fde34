//! Behaviours of private access alone, and what the gateway asks of its records: [`load_api_key`].

mod administrator_account;
mod api_key;
mod attribute_values;
mod certificate;
mod certificate_text;
mod domain_entries;
mod enrolment_chain;
mod member_delta;
mod policy_conditions;
mod policy_set_member;
mod port_views;
mod provider_certificates;
mod provisioning_key;
mod role_permissions;
mod web_certificate;

pub use api_key::load_api_key;
use zuno_engine::Maker;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("administrator-account", administrator_account::make),
    ("api-key", api_key::make),
    ("attribute-values", attribute_values::make),
    ("domain-entries", domain_entries::make),
    ("enrolment-chain", enrolment_chain::make),
    ("member-delta", member_delta::make),
    ("policy-conditions", policy_conditions::make),
    ("policy-set-member", policy_set_member::make),
    ("port-views", port_views::make),
    ("provider-certificates", provider_certificates::make),
    ("provisioning-key", provisioning_key::make),
    ("role-permissions", role_permissions::make),
    ("web-certificate", web_certificate::make),
];
