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

use crate::plain;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("account-discovery", plain::make::<account_discovery::AccountDiscovery>),
    ("activation-queue", activation_queue::make),
    ("connector-machine", plain::make::<connector_machine::ConnectorMachine>),
    ("feature-permissions", feature_permissions::make),
    ("locations-of-connectors", plain::make::<locations_of_connectors::LocationsOfConnectors>),
    ("own-password", plain::make::<own_password::OwnPassword>),
    ("provisioning-url", provisioning_url::make),
];
