//! Behaviours of private access alone.

mod domain_entries;
mod member_delta;
mod policy_conditions;
mod policy_set_member;
mod port_views;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("domain-entries", domain_entries::make),
    ("member-delta", member_delta::make),
    ("policy-conditions", policy_conditions::make),
    ("policy-set-member", policy_set_member::make),
    ("port-views", port_views::make),
];
