//! Behaviours of internet access alone.

mod activation;
mod address_range;
mod categories_in_force;
mod category_lists;
mod custom_category;
mod device_count;
mod device_label;
mod domain_review;
mod forwarding;
mod group_locations;
mod known_category;
mod location_profile;
mod location_terms;
mod own_dictionary;
mod rule_rank;
mod sublocations;
mod url_lists;
mod url_lookup;
mod url_quota;
mod url_rule_terms;
mod user_account;
mod validity_period;

use zuno_engine::Maker;

/// By name, part by part.
pub(crate) const PARTS: &[&[(&str, Maker)]] = &[forwarding::ALL, REST];

const REST: &[(&str, Maker)] = &[
    ("activation", activation::make),
    ("category-lists", category_lists::make),
    ("custom-category", custom_category::make),
    ("device-count", device_count::make),
    ("device-label", device_label::make),
    ("domain-review", domain_review::make),
    ("group-locations", group_locations::make),
    ("known-category", known_category::make),
    ("location-profile", location_profile::make),
    ("location-terms", location_terms::make),
    ("own-dictionary", own_dictionary::make),
    ("rule-rank", rule_rank::make),
    ("sublocations", sublocations::make),
    ("url-lists", url_lists::make),
    ("url-lookup", url_lookup::make),
    ("url-quota", url_quota::make),
    ("url-rule-terms", url_rule_terms::make),
    ("user-account", user_account::make),
    ("validity-period", validity_period::make),
];
