//! Behaviours that several products need.

mod as_shown_by;
mod at_most_one;
mod bare_values;
mod bulk_delete;
mod delta_list;
mod digest;
mod enum_order;
mod equal_flags;
mod exclusive_flags;
mod geocoded;
mod hidden_on_request;
mod least_or_never;
mod left_out;
mod lets_go;
mod line;
mod listed_by;
mod must_be_sent;
mod one_for_each;
mod predefined;
mod reference_count;
mod rule_order;
mod scope_order;
mod search_body;
mod shown_when_sent;
mod told_if_kept;
mod write_count;

pub use digest::fnv;
pub use geocoded::cities;
use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("as-shown-by", as_shown_by::make),
    ("at-most-one", at_most_one::make),
    ("bare-values", bare_values::make),
    ("bulk-delete", bulk_delete::make),
    ("delta-list", delta_list::make),
    ("digest", digest::make),
    ("enum-order", enum_order::make),
    ("equal-flags", equal_flags::make),
    ("exclusive-flags", exclusive_flags::make),
    ("geocoded", geocoded::make),
    ("hidden-on-request", hidden_on_request::make),
    ("least-or-never", least_or_never::make),
    ("left-out", left_out::make),
    ("lets-go", lets_go::make),
    ("listed-by", listed_by::make),
    ("must-be-sent", must_be_sent::make),
    ("one-for-each", one_for_each::make),
    ("predefined", predefined::make),
    ("reference-count", reference_count::make),
    ("rule-order", rule_order::make),
    ("scope-order", scope_order::make),
    ("search-body", search_body::make),
    ("shown-when-sent", shown_when_sent::make),
    ("told-if-kept", told_if_kept::make),
    ("write-count", write_count::make),
];
