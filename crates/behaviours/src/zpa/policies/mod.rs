//! Policy rules and what they point at: conditions, inspection, isolation and the streaming of logs.

mod control_rules;
mod group_summary;
mod inspection_profile;
mod log_receiver;
mod policy_conditions;
mod rule_terms;
mod rules_about;

use zuno_engine::Maker;

use crate::plain;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("control-rules", control_rules::make),
    ("group-summary", group_summary::make),
    ("inspection-profile", inspection_profile::make),
    ("log-receiver", log_receiver::make),
    ("policy-conditions", policy_conditions::make),
    ("rule-terms", rule_terms::make),
    ("rules-about", plain::make::<rules_about::RulesAbout>),
];
