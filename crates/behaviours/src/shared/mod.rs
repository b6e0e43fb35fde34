//! Behaviours that several products need.

mod line;
mod rule_order;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[("rule-order", rule_order::make)];
