//! A configuration in a file: what tests, lints and comparisons read where there is no server.

use serde::{Deserialize, Serialize};

use crate::snapshot::Snapshot;

/// The version of the file; within one, members are only added.
pub const FILE_VERSION: u32 = 1;

/// A tenant's configuration, and where it was taken.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Configuration {
    /// The version of the file, under a name by which it is known for one.
    pub zuno_policy: u32,
    /// The tenant's label.
    pub tenant: String,
    /// Whether what waited for activation counts.
    pub staged: bool,
    /// The tenant's present when it was written, in seconds since 1970: questions that tell no time are asked then.
    pub at: i64,
    /// The records by kind.
    pub records: Snapshot,
}

/// The one member by which a file is known.
#[derive(Deserialize)]
struct Version {
    zuno_policy: Option<u32>,
}

impl Configuration {
    /// Reads a file.
    ///
    /// # Errors
    /// It is none, or of another version; the text says which.
    pub fn read(bytes: &[u8]) -> Result<Configuration, String> {
        let version: Version =
            serde_json::from_slice(bytes).map_err(|wrong| format!("no JSON object: {wrong}"))?;
        match version.zuno_policy {
            Some(FILE_VERSION) => serde_json::from_slice(bytes).map_err(|wrong| wrong.to_string()),
            Some(other) => Err(format!("version {other}, where this Zuno reads version {FILE_VERSION}")),
            None => Err("no configuration that `zuno policy export` wrote: it has no `zuno_policy`".into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Configuration;

    #[test]
    fn a_file_is_read_as_it_was_written_and_another_is_refused_in_words() {
        let text = br#"{"zuno_policy": 1, "tenant": "acme", "staged": true, "at": 7, "later": 1,
            "records": {"zia.url_filtering_rule": [{"id": "1", "order": 1}]}}"#;
        let read = Configuration::read(text).expect("a configuration");
        let again = serde_json::to_vec(&read).expect("it can be written");
        assert_eq!(
            Configuration::read(&again).expect("the same").records.records("zia.url_filtering_rule").len(),
            1
        );
        let refused = |text: &str| Configuration::read(text.as_bytes()).expect_err("no configuration");
        assert!(refused("[]").contains("no JSON object"));
        assert!(refused("{}").contains("zuno policy export"));
        assert!(refused(r#"{"zuno_policy": 2}"#).contains("version 2"));
        assert!(refused(r#"{"zuno_policy": 1, "tenant": "a"}"#).contains("staged"));
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        let deep = format!(r#"{{"zuno_policy": 1, "records": {{"k": [{{"a": {deep}}}]}}}}"#);
        assert!(refused(&deep).contains("recursion"));
    }
}
