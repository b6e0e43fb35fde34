//! Data loss prevention: what its expressions and patterns are.

mod engine_dictionaries;
mod engine_expression;
mod expression;
mod pattern;

use zuno_engine::Maker;

/// By name.
pub(super) const ALL: &[(&str, Maker)] = &[
    ("compiled-patterns", pattern::make),
    ("engine-dictionaries", engine_dictionaries::make),
    ("engine-expression", engine_expression::make),
];
