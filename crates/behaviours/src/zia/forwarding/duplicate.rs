//! What is there already cannot be made again.

use zuno_model::{Fault, Refusal};

/// The refusal of what is there already, in words of its own (seen for static addresses).
pub fn duplicate(message: String, of: &str) -> Fault {
    let (class, code) = (Refusal::Conflict, "DUPLICATE_ITEM".into());
    Fault::Refused { class, code, message, params: vec![of.to_owned()] }
}
