//! Behaviours of private access alone.

mod attribute_values;
mod certificate;
mod certificate_text;
mod control_rules;
mod domain_entries;
mod emergency_user;
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
mod sub_applications;
mod typed_secrets;
mod web_certificate;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("attribute-values", attribute_values::make),
    ("control-rules", control_rules::make),
    ("domain-entries", domain_entries::make),
    ("emergency-user", emergency_user::make),
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
    ("sub-applications", sub_applications::make),
    ("typed-secrets", typed_secrets::make),
    ("web-certificate", web_certificate::make),
];

/// Whether a text has the form of an e-mail address: a name and a domain around one `@`.
fn is_address(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
    text.split_once('@').is_some_and(|(name, domain)| plain(name) && plain(domain))
}
