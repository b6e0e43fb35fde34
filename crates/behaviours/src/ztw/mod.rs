//! Behaviours of cloud and branch connectors alone.

mod activation_queue;
mod empty_group;
mod frozen_in_update;
mod locations_of_connectors;
mod machine_in_group;
mod provisioning_url;
mod remember_editor;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("activation-queue", activation_queue::make),
    ("empty-group", empty_group::make),
    ("frozen-in-update", frozen_in_update::make),
    ("locations-of-connectors", locations_of_connectors::make),
    ("machine-in-group", machine_in_group::make),
    ("provisioning-url", provisioning_url::make),
    ("remember-editor", remember_editor::make),
];
