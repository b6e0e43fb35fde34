//! Behaviours that several products need.

mod equal_flags;
mod geocoded;
mod line;
mod listed_by;
mod rule_order;
mod scope_order;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("equal-flags", equal_flags::make),
    ("geocoded", geocoded::make),
    ("listed-by", listed_by::make),
    ("rule-order", rule_order::make),
    ("scope-order", scope_order::make),
];
