//! Behaviours of digital experience alone: what the tenant's simulated devices measured, asked in its own words.

mod deep_trace_life;
mod fleet;
mod measured_alerts;
mod measured_applications;
mod measured_devices;
mod measured_places;
mod measured_probes;
mod measured_users;
mod question;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("deep-trace-life", deep_trace_life::make),
    ("measured-alerts", measured_alerts::make),
    ("measured-applications", measured_applications::make),
    ("measured-devices", measured_devices::make),
    ("measured-places", measured_places::make),
    ("measured-probes", measured_probes::make),
    ("measured-users", measured_users::make),
];
