//! Behaviours of private access alone, and what the gateway asks of its records: API keys, and
//! [`scim`].

mod administrator_account;
mod api_key;
mod attribute_values;
mod certificate;
mod certificate_text;
mod domain_entries;
mod emergency_user;
mod enrolment_chain;
mod isolation_address;
mod member_delta;
mod policy_conditions;
mod policy_set_member;
mod port_views;
mod provider_certificates;
mod provisioning_key;
mod role_permissions;
pub mod scim;
mod sub_applications;
mod typed_secrets;
mod web_certificate;

pub use api_key::{api_key_closed_until, close_api_key, load_api_key};
use zuno_engine::Maker;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("administrator-account", administrator_account::make),
    ("api-key", api_key::make),
    ("attribute-values", attribute_values::make),
    ("domain-entries", domain_entries::make),
    ("emergency-user", emergency_user::make),
    ("enrolment-chain", enrolment_chain::make),
    ("isolation-address", isolation_address::make),
    ("member-delta", member_delta::make),
    ("policy-conditions", policy_conditions::make),
    ("policy-set-member", policy_set_member::make),
    ("port-views", port_views::make),
    ("provider-certificates", provider_certificates::make),
    ("provisioning-key", provisioning_key::make),
    ("role-permissions", role_permissions::make),
    ("sub-applications", sub_applications::make),
    ("typed-secrets", typed_secrets::make),
    ("web-certificate", web_certificate::make),
];

/// Whether a text has the form of an e-mail address: a name and a domain around one `@`.
fn is_address(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
    text.split_once('@').is_some_and(|(name, domain)| plain(name) && plain(domain))
}
