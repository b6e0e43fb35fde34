//! Behaviours that several products need.

mod alike_members;
mod as_shown_by;
mod at_most_one;
mod bare_member;
mod bare_name;
mod bare_values;
mod bulk_create;
mod bulk_delete;
mod counted_list;
mod delta_list;
mod digest;
mod either_spelling;
mod elapsed;
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
mod one_for_each;
mod one_of;
mod partial_update;
mod pem_certificate;
mod predefined;
mod reference_count;
mod replaced_list;
mod rule_order;
mod scope_move;
mod scope_order;
mod search_body;
mod secret_told_once;
mod shown_when_sent;
mod told_if_kept;
mod withheld;
mod write_count;

pub use digest::fnv;
pub use geocoded::cities;
use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[
    ("alike-members", alike_members::make),
    ("as-shown-by", as_shown_by::make),
    ("at-most-one", at_most_one::make),
    ("bare-member", bare_member::make),
    ("bare-name", bare_name::make),
    ("bare-values", bare_values::make),
    ("bulk-create", bulk_create::make),
    ("bulk-delete", bulk_delete::make),
    ("counted-list", counted_list::make),
    ("delta-list", delta_list::make),
    ("digest", digest::make),
    ("either-spelling", either_spelling::make),
    ("elapsed", elapsed::make),
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
    ("one-for-each", one_for_each::make),
    ("one-of", one_of::make),
    ("partial-update", partial_update::make),
    ("pem-certificate", pem_certificate::make),
    ("predefined", predefined::make),
    ("reference-count", reference_count::make),
    ("replaced-list", replaced_list::make),
    ("rule-order", rule_order::make),
    ("scope-move", scope_move::make),
    ("scope-order", scope_order::make),
    ("search-body", search_body::make),
    ("secret-told-once", secret_told_once::make),
    ("shown-when-sent", shown_when_sent::make),
    ("told-if-kept", told_if_kept::make),
    ("withheld", withheld::make),
    ("write-count", write_count::make),
];
