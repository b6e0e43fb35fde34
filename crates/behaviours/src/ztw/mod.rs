//! Behaviours of cloud and branch connectors alone.

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[];
