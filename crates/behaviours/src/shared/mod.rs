//! Behaviours that several products need.

mod alike_members;
mod bare_member;
mod bare_name;
mod bulk_delete;
mod counted_list;
mod delta_list;
mod digest;
mod either_spelling;
mod enum_order;
mod equal_flags;
mod exclusive_flags;
mod geocoded;
mod grouped;
mod hidden_on_request;
mod least_or_never;
mod left_out;
mod lets_go;
mod line;
mod linked_list;
mod listed_by;
mod mirrored;
mod must_be_sent;
mod one_at_a_time;
mod partial_update;
mod pem_certificate;
mod predefined;
mod reference_count;
mod rule_order;
mod scope_move;
mod scope_order;
mod search_body;
mod shown_when_sent;
mod withheld;

pub use digest::fnv;
pub use geocoded::cities;
use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("alike-members", alike_members::make),
    ("bare-member", bare_member::make),
    ("bare-name", bare_name::make),
    ("bulk-delete", bulk_delete::make),
    ("counted-list", counted_list::make),
    ("delta-list", delta_list::make),
    ("digest", digest::make),
    ("either-spelling", either_spelling::make),
    ("enum-order", enum_order::make),
    ("equal-flags", equal_flags::make),
    ("exclusive-flags", exclusive_flags::make),
    ("geocoded", geocoded::make),
    ("grouped", grouped::make),
    ("hidden-on-request", hidden_on_request::make),
    ("least-or-never", least_or_never::make),
    ("left-out", left_out::make),
    ("lets-go", lets_go::make),
    ("linked-list", linked_list::make),
    ("listed-by", listed_by::make),
    ("mirrored", mirrored::make),
    ("must-be-sent", must_be_sent::make),
    ("one-at-a-time", one_at_a_time::make),
    ("partial-update", partial_update::make),
    ("pem-certificate", pem_certificate::make),
    ("predefined", predefined::make),
    ("reference-count", reference_count::make),
    ("rule-order", rule_order::make),
    ("scope-move", scope_move::make),
    ("scope-order", scope_order::make),
    ("search-body", search_body::make),
    ("shown-when-sent", shown_when_sent::make),
    ("withheld", withheld::make),
];
