//! Behaviours of private access alone, and what the gateway asks of its records: API keys, [`scim`], and what becomes of
//! simulated machines ([`enrolment`], [`user_codes`], [`idle_machines`]).

mod administrator_account;
mod api_key;
mod applications_by_type;
mod approval_window;
mod attribute_values;
mod certificate;
mod certificate_text;
mod chosen_tags;
mod control_rules;
mod domain_entries;
mod emergency_user;
mod enrolment_chain;
mod followed_profile;
mod given_to_guests;
mod group_summary;
mod inspection_profile;
mod ipv4_span;
mod isolation_address;
mod log_receiver;
mod machine;
mod mapped_providers;
mod member_delta;
mod moved_segment;
mod multimatch;
mod offline_sign_in;
mod own_domains;
mod places_of_internet_access;
mod policy_conditions;
mod policy_set_member;
mod port_views;
mod portal_address;
mod provider_certificates;
mod provisioned_groups;
mod provisioning_key;
mod role_permissions;
mod rule_terms;
mod rules_about;
mod segment_features;
mod segment_reports;
mod sub_applications;
mod tag_values;
mod typed_secrets;
mod web_certificate;
mod weighted_balance;

pub mod enrolment;
pub mod idle_machines;
pub mod scim;
pub mod user_codes;

pub use api_key::{api_key_closed_until, close_api_key, load_api_key};
use zuno_engine::Maker;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("administrator-account", administrator_account::make),
    ("api-key", api_key::make),
    ("applications-by-type", applications_by_type::make),
    ("approval-window", approval_window::make),
    ("attribute-values", attribute_values::make),
    ("chosen-tags", chosen_tags::make),
    ("control-rules", control_rules::make),
    ("domain-entries", domain_entries::make),
    ("emergency-user", emergency_user::make),
    ("enrolment-chain", enrolment_chain::make),
    ("followed-profile", followed_profile::make),
    ("given-to-guests", given_to_guests::make),
    ("group-summary", group_summary::make),
    ("inspection-profile", inspection_profile::make),
    ("ipv4-span", ipv4_span::make),
    ("isolation-address", isolation_address::make),
    ("log-receiver", log_receiver::make),
    ("mapped-providers", mapped_providers::make),
    ("member-delta", member_delta::make),
    ("moved-segment", moved_segment::make),
    ("multimatch", multimatch::make),
    ("offline-sign-in", offline_sign_in::make),
    ("own-domains", own_domains::make),
    ("places-of-internet-access", places_of_internet_access::make),
    ("policy-conditions", policy_conditions::make),
    ("policy-set-member", policy_set_member::make),
    ("port-views", port_views::make),
    ("portal-address", portal_address::make),
    ("provider-certificates", provider_certificates::make),
    ("provisioned-groups", provisioned_groups::make),
    ("provisioning-key", provisioning_key::make),
    ("restarts", machine::make_restarts),
    ("role-permissions", role_permissions::make),
    ("rule-terms", rule_terms::make),
    ("rules-about", rules_about::make),
    ("segment-features", segment_features::make),
    ("segment-reports", segment_reports::make),
    ("sub-applications", sub_applications::make),
    ("tag-values", tag_values::make),
    ("typed-secrets", typed_secrets::make),
    ("user-codes", user_codes::make),
    ("web-certificate", web_certificate::make),
    ("weighted-balance", weighted_balance::make),
];

/// Whether a text has the form of an e-mail address: a name and a domain around one `@`.
fn is_address(text: &str) -> bool {
    let plain = |part: &str| !part.is_empty() && !part.contains(|c: char| c == '@' || c.is_whitespace());
    text.split_once('@').is_some_and(|(name, domain)| plain(name) && plain(domain))
}
