//! What each family must settle its own way, and what all agree on.

use zuno_catalogue::Operation;
use zuno_engine::Search;
use zuno_model::Fault;

use crate::Answer;

/// The status of what Zuno does not have. Clients try a 5xx again, some a hundred times; they take a 404 for a record
/// that is gone; this one ends the call in all that are known (client: sdk-go, sdk-python).
pub const ABSENT: u16 = 405;

/// The limit that a caller has run into, as its refusal prints it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Throttled {
    /// How many calls the window allows.
    pub calls: u32,
    /// The window's unit: `SECOND`, `MINUTE`, `HOUR`, `DAY`.
    pub unit: &'static str,
    /// When to try again.
    pub retry_after_secs: u64,
}

/// What a family does its own way.
pub trait Dialect: Send + Sync {
    /// A refusal as the family prints it.
    fn fault(&self, fault: &Fault, operation: Option<&Operation>) -> Answer;
    /// A path that the family does not know, inside its own prefix.
    fn unknown_path(&self) -> Answer;
    /// Whether the gateway routes the family's published paths alone, and so answers and counts no others (seen).
    fn routed_by_path(&self) -> bool {
        false
    }
    /// The header that tells how many calls the operation's own limit leaves, for the families that tell.
    fn remaining_header(&self) -> Option<&'static str> {
        None
    }
    /// A known path with another method.
    fn other_method(&self) -> Answer;
    /// A body whose media type is not JSON.
    fn wrong_media_type(&self) -> Answer;
    /// A caller that does not accept the media type that there is.
    fn not_acceptable(&self) -> Answer {
        Answer::empty(406)
    }
    /// Too many calls.
    fn throttled(&self, limit: &Throttled) -> Answer;
    /// What a `search` parameter asks for.
    fn search(&self, text: &str) -> Option<Search> {
        (!text.trim().is_empty()).then(|| Search::Text(text.to_owned()))
    }
    /// Whether the names of a query count letter by letter: `pagesize` is then no `pageSize`.
    fn exact_names(&self) -> bool {
        false
    }
    /// Whether names are told apart by their letters and digits alone, so that `metricName` means `metric_name`.
    fn folds_names(&self) -> bool {
        false
    }
    /// The media type of its JSON answers to this path.
    fn media_type(&self, path: &str) -> &'static str {
        let _ = path;
        "application/json"
    }
    /// Headers that its services put on their answers.
    fn headers(&self) -> &'static [(&'static str, &'static str)];
    /// How long a caller may keep what it read, for the families that allow it; other answers have the family's headers.
    fn kept_secs(&self) -> Option<u64> {
        None
    }
    /// Whether its services are not asked at all when a limit is used up, so that their headers are not there.
    fn throttled_before(&self) -> bool {
        false
    }
    /// Whether its answers say in `x-zscaler-mode` if it takes changes.
    fn tells_mode(&self) -> bool {
        false
    }
    /// The smallest answer in bytes that is compressed when the caller offers it.
    fn compresses_from(&self) -> usize {
        96
    }
}
