//! Behaviours of the identity service alone.

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[];
