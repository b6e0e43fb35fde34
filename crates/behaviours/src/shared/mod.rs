//! Behaviours that several products need.

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[];
