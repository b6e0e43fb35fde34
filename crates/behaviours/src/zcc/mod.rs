//! Behaviours of the client connector alone.

mod device;
mod device_exports;
mod device_removal;
mod enrolled_devices;
mod minted_guid;
mod one_time_passwords;
mod profile_passwords;
mod saved_profile;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("device-exports", device_exports::make),
    ("device-removal", device_removal::make),
    ("enrolled-devices", enrolled_devices::make),
    ("minted-guid", minted_guid::make),
    ("one-time-passwords", one_time_passwords::make),
    ("profile-passwords", profile_passwords::make),
    ("saved-profile", saved_profile::make),
];
