//! Behaviours of the client connector alone.

mod device;
mod device_exports;
mod device_removal;
mod enrolled_devices;
mod network_in_lists;
mod one_time_passwords;
mod profile_passwords;
mod saved_policy;
mod saved_profile;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("device-exports", device_exports::make),
    ("device-removal", device_removal::make),
    ("enrolled-devices", enrolled_devices::make),
    ("network-in-lists", network_in_lists::make),
    ("one-time-passwords", one_time_passwords::make),
    ("profile-passwords", profile_passwords::make),
    ("saved-policy", saved_policy::make),
    ("saved-profile", saved_profile::make),
];
