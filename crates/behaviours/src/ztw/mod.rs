//! Behaviours of cloud and branch connectors alone.

mod account_discovery;
mod activation_queue;
mod connector_machine;
pub mod enrolment;
mod feature_permissions;
mod locations_of_connectors;
mod own_password;
mod provisioning_url;

use zuno_engine::Maker;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("account-discovery", account_discovery::make),
    ("activation-queue", activation_queue::make),
    ("connector-machine", connector_machine::make),
    ("feature-permissions", feature_permissions::make),
    ("locations-of-connectors", locations_of_connectors::make),
    ("own-password", own_password::make),
    ("provisioning-url", provisioning_url::make),
];
