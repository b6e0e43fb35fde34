//! Simulated machines: how they enrol, what they tell of themselves, which release they follow, and when they are cleared away.

mod followed_profile;
mod group_release;
mod machine;
mod provisioning_key;

pub mod enrolment;
pub mod idle_machines;
pub mod user_codes;

use zuno_engine::Maker;

use crate::plain;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("followed-profile", plain::make::<followed_profile::FollowedProfile>),
    ("group-release", group_release::make),
    ("provisioning-key", provisioning_key::make),
    ("restarts", machine::make_restarts),
    ("user-codes", plain::make::<user_codes::UserCodes>),
];
