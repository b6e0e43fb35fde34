//! PAC files: scripts that tell browsers which proxy to take, each with up to ten versions.

mod pac_file;
mod pac_versions;

use zuno_engine::Maker;

/// By name.
pub(crate) const ALL: &[(&str, Maker)] =
    &[("pac-file", pac_file::make), ("pac-versions", pac_versions::make)];
