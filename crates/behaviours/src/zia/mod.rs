//! Behaviours of internet access alone.

mod activation;
mod address_range;
mod application_actions;
mod available_actions;
mod categories_in_force;
mod category_lists;
mod certificates;
mod config_audit;
mod custom_category;
mod device_count;
mod disarming_token;
mod domain_review;
mod domains;
mod engine_dictionaries;
mod feed_format;
mod forwarding;
mod isolation_number;
mod known_application;
mod known_category;
mod location_profile;
mod location_terms;
mod one_click;
mod own_account;
mod own_dictionary;
mod own_user;
mod pac;
mod packed_expression;
mod sandbox;
mod service_protocol;
mod shadow_it;
mod sign_in;
mod sublocations;
mod tenant_items;
mod url_lookup;
mod url_quota;
mod url_rule_terms;
mod validity_period;
mod vm_specs;

use zuno_engine::Maker;

use crate::plain;

pub use categories_in_force::{Categories, outdate as outdate_categories};
pub use domains::set_domains;
pub use sign_in::{load_administrator, session_lasts};

/// By name, part by part.
pub(crate) const PARTS: &[&[(&str, Maker)]] =
    &[certificates::ALL, forwarding::ALL, pac::ALL, sandbox::ALL, REST];

const REST: &[(&str, Maker)] = &[
    ("activation", activation::make),
    ("application-actions", application_actions::make),
    ("category-lists", category_lists::make),
    ("config-audit", config_audit::make),
    ("custom-category", plain::make::<custom_category::CustomCategory>),
    ("device-count", device_count::make),
    ("disarming-token", disarming_token::make),
    ("domain-review", plain::make::<domain_review::DomainReview>),
    ("engine-dictionaries", engine_dictionaries::make),
    ("feed-format", feed_format::make),
    ("isolation-number", isolation_number::make),
    ("known-application", known_application::make),
    ("known-category", known_category::make),
    ("location-profile", location_profile::make),
    ("location-terms", location_terms::make),
    ("one-click", one_click::make),
    ("own-account", own_account::make),
    ("own-dictionary", plain::make::<own_dictionary::OwnDictionary>),
    ("own-user", own_user::make),
    ("packed-expression", packed_expression::make),
    ("shadow-it", shadow_it::make),
    ("service-protocol", service_protocol::make),
    ("sublocations", sublocations::make),
    ("tenant-items", tenant_items::make),
    ("url-lookup", url_lookup::make),
    ("url-quota", url_quota::make),
    ("url-rule-terms", plain::make::<url_rule_terms::UrlRuleTerms>),
    ("validity-period", validity_period::make),
    ("vm-specs", vm_specs::make),
];
