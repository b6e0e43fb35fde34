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

use crate::plain;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("device-exports", plain::make::<device_exports::DeviceExports>),
    ("device-removal", plain::make::<device_removal::DeviceRemoval>),
    ("enrolled-devices", plain::make::<enrolled_devices::EnrolledDevices>),
    ("network-in-lists", plain::make::<network_in_lists::NetworkInLists>),
    ("one-time-passwords", plain::make::<one_time_passwords::OneTimePasswords>),
    ("profile-passwords", plain::make::<profile_passwords::ProfilePasswords>),
    ("saved-policy", plain::make::<saved_policy::SavedPolicy>),
    ("saved-profile", saved_profile::make),
];
