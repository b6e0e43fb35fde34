//! Simulated machines: how they enrol, what they tell of themselves, which release they follow, and when they are cleared away.

mod followed_profile;
mod group_release;
mod machine;
mod provisioning_key;

pub mod enrolment;
pub mod idle_machines;
pub mod user_codes;

use zuno_engine::Maker;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("followed-profile", followed_profile::make),
    ("group-release", group_release::make),
    ("provisioning-key", provisioning_key::make),
    ("restarts", machine::make_restarts),
    ("user-codes", user_codes::make),
];
