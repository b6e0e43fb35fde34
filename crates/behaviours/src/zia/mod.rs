//! Behaviours of internet access alone.

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[];
