//! Behaviours of private access alone.

mod attribute_values;
mod certificate;
mod domain_entries;
pub mod enrolment;
mod enrolment_chain;
mod followed_profile;
mod machine;
mod mapped_providers;
mod member_delta;
mod offline_sign_in;
mod places_of_internet_access;
mod policy_conditions;
mod policy_set_member;
mod port_views;
mod provider_certificates;
mod provisioning_key;
pub mod user_codes;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("attribute-values", attribute_values::make),
    ("domain-entries", domain_entries::make),
    ("enrolment-chain", enrolment_chain::make),
    ("followed-profile", followed_profile::make),
    ("mapped-providers", mapped_providers::make),
    ("member-delta", member_delta::make),
    ("offline-sign-in", offline_sign_in::make),
    ("places-of-internet-access", places_of_internet_access::make),
    ("policy-conditions", policy_conditions::make),
    ("policy-set-member", policy_set_member::make),
    ("port-views", port_views::make),
    ("provider-certificates", provider_certificates::make),
    ("provisioning-key", provisioning_key::make),
    ("restarts", machine::make_restarts),
    ("user-codes", user_codes::make),
];
