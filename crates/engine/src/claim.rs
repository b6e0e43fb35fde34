//! How unique values are compared, and what the store is given to keep them so.

use zuno_catalogue::{Resource, Unique};

/// A unique value as it is compared.
pub fn fold(unique: Unique, text: &str) -> String {
    match unique {
        Unique::Exact => text.to_owned(),
        Unique::IgnoringCase => text.to_lowercase(),
    }
}

/// A unique value with the scope and the group within which it must be unique.
pub fn claim_key(resource: &Resource, folded: &str, scope: &str, within: &str) -> String {
    let scope = if resource.scope.is_some() { scope } else { "" };
    format!("{scope}\u{1}{within}\u{1}{folded}")
}
