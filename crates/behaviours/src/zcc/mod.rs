//! Behaviours of the client connector alone.

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[];
