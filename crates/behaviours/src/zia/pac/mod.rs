//! PAC files: scripts that tell browsers which proxy to take, each with up to ten versions.

mod pac_file;
mod pac_versions;

use zuno_engine::Maker;

use crate::plain;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] = &[
    ("pac-file", plain::make::<pac_file::PacFile>),
    ("pac-versions", plain::make::<pac_versions::PacVersions>),
];
