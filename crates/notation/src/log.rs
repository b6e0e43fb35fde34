//! The words under which a tenant's log tells what was done.

use serde::{Deserialize, Serialize};

/// The words of one resource's changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogWords {
    /// The category.
    pub category: String,
    /// The part of the category, where the resource's noun is not its name.
    #[serde(default)]
    pub part: Option<String>,
}

/// The words that a product's log has, where they are known.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct LogVocabulary {
    /// Its categories.
    pub categories: Vec<String>,
    /// Their parts.
    pub parts: Vec<String>,
    /// What is done.
    pub actions: Vec<String>,
}
