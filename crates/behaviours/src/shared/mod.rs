//! Behaviours that several products need.

mod bulk_erase;
mod digest;
mod equal_flags;
mod geocoded;
mod hidden_on_request;
mod least_or_never;
mod line;
mod listed_by;
mod rule_order;
mod scope_order;
mod search_body;
mod shown_when_sent;

pub use digest::fnv;
use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("bulk-erase", bulk_erase::make),
    ("digest", digest::make),
    ("equal-flags", equal_flags::make),
    ("geocoded", geocoded::make),
    ("hidden-on-request", hidden_on_request::make),
    ("least-or-never", least_or_never::make),
    ("listed-by", listed_by::make),
    ("rule-order", rule_order::make),
    ("scope-order", scope_order::make),
    ("search-body", search_body::make),
    ("shown-when-sent", shown_when_sent::make),
];
