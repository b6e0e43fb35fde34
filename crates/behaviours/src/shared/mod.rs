//! Behaviours that several products need.

mod bulk_delete;
mod delta_list;
mod enum_order;
mod exclusive_flags;
mod left_out;
mod lets_go;
mod line;
mod must_be_sent;
mod predefined;
mod reference_count;
mod rule_order;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("bulk-delete", bulk_delete::make),
    ("delta-list", delta_list::make),
    ("enum-order", enum_order::make),
    ("exclusive-flags", exclusive_flags::make),
    ("left-out", left_out::make),
    ("lets-go", lets_go::make),
    ("must-be-sent", must_be_sent::make),
    ("predefined", predefined::make),
    ("reference-count", reference_count::make),
    ("rule-order", rule_order::make),
];
