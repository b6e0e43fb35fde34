//! The firewall: signatures of attacks.

mod signature;
mod signature_text;

use zuno_engine::Maker;

/// By name.
pub const ALL: &[(&str, Maker)] = &[("signature-text", signature_text::make)];
