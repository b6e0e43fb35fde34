//! Behaviours of private access alone.

mod attribute_values;
mod certificate;
mod control_rules;
mod domain_entries;
mod enrolment_chain;
mod inspection_profile;
mod isolation_address;
mod log_receiver;
mod member_delta;
mod policy_conditions;
mod policy_set_member;
mod port_views;
mod provider_certificates;
mod provisioning_key;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("attribute-values", attribute_values::make),
    ("control-rules", control_rules::make),
    ("domain-entries", domain_entries::make),
    ("enrolment-chain", enrolment_chain::make),
    ("inspection-profile", inspection_profile::make),
    ("isolation-address", isolation_address::make),
    ("log-receiver", log_receiver::make),
    ("member-delta", member_delta::make),
    ("policy-conditions", policy_conditions::make),
    ("policy-set-member", policy_set_member::make),
    ("port-views", port_views::make),
    ("provider-certificates", provider_certificates::make),
    ("provisioning-key", provisioning_key::make),
];
