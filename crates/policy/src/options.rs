//! What no document settles, or where documents disagree: each is a choice with a default.

use serde::{Deserialize, Serialize};

/// Choices for open questions of the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Options {
    /// An isolating rule that sees undecrypted traffic lets it pass; else it blocks.
    pub isolate_undecrypted_passes: bool,
    /// A wildcard `*.d` covers `d` itself.
    pub wildcard_covers_apex: bool,
    /// A bare `*` covers addresses as well as names.
    pub star_covers_addresses: bool,
    /// A star within a label stands for dots too.
    pub pattern_star_crosses_dots: bool,
    /// A segment that is off still hides wider ones.
    pub disabled_segment_carves: bool,
    /// For an inherited application Default's rules come before the microtenant's own.
    pub default_rules_first: bool,
    /// A condition of which every operand was skipped holds.
    pub skipped_condition_holds: bool,
    /// Idleness beyond the limit asks for a new sign-in.
    pub idle_forces_reauth: bool,
    /// With provisioning on, a user who was never provisioned is inactive.
    pub unprovisioned_is_inactive: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            isolate_undecrypted_passes: false,
            wildcard_covers_apex: false,
            star_covers_addresses: false,
            pattern_star_crosses_dots: false,
            disabled_segment_carves: true,
            default_rules_first: true,
            skipped_condition_holds: false,
            idle_forces_reauth: false,
            unprovisioned_is_inactive: true,
        }
    }
}
