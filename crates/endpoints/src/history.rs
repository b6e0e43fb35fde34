//! A history of a document as the changes between its fetches: read, and replayed on a list of prefixes.

use std::collections::BTreeSet;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};

use crate::document::{Document, Position, ReadError, Text};

/// What changed from one fetch to the next.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Step {
    /// When the newer one was fetched, as its recorder wrote it.
    pub date: String,
    /// The recorder's word for it, such as `order-only`; parts are joined by `+`.
    pub kind: String,
    /// The whole list, in the first step of some histories.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub prefixes: Vec<Text<IpNet>>,
    /// Prefixes that came.
    pub added: Vec<Text<IpNet>>,
    /// Prefixes that went.
    pub removed: Vec<Text<IpNet>>,
    /// Cities that came.
    pub cities_added: Vec<String>,
    /// Cities that went.
    pub cities_removed: Vec<String>,
    /// Addresses of Client Connector that came.
    pub svpn_added: Vec<Text<IpNet>>,
    /// Addresses of Client Connector that went.
    pub svpn_removed: Vec<Text<IpNet>>,
}

impl Step {
    /// Whether the documents meant something else afterwards. The recorder tells of changed values only in `kind`.
    pub fn is_change(&self) -> bool {
        let named = [&self.cities_added, &self.cities_removed].iter().any(|list| !list.is_empty());
        let lists = [&self.added, &self.removed, &self.svpn_added, &self.svpn_removed];
        named
            || lists.iter().any(|list| !list.is_empty())
            || self.kind.split('+').any(|part| part == "entries")
    }
}

/// A history does not fit the list that it is replayed on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the step of {date} {does} {prefix}, which {why}")]
pub struct Misfit {
    /// The step.
    pub date: String,
    /// `adds` or `removes`.
    pub does: &'static str,
    /// The prefix.
    pub prefix: IpNet,
    /// Why that cannot be.
    pub why: &'static str,
}

/// The steps of a history, oldest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct History {
    /// The steps.
    pub steps: Vec<Step>,
}

impl History {
    /// Reads a history: a JSON array of steps.
    ///
    /// # Errors
    /// It is none.
    pub fn read(bytes: &[u8]) -> Result<History, ReadError> {
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        let steps: Vec<Step> = serde_path_to_error::deserialize(&mut reader)
            .map_err(|cause| ReadError::json(bytes, cause.path(), cause.inner()))?;
        if let Some(at) = steps.iter().position(|step| step.date.is_empty()) {
            let place = Position { path: vec![at.to_string()], ..Position::default() };
            return Err(ReadError::Wrong { place, why: "a step without a date".into() });
        }
        Ok(History { steps })
    }

    /// The prefixes after all steps, from those before.
    ///
    /// # Errors
    /// A step adds what is there or removes what is not.
    pub fn replay(&self, start: &Document) -> Result<BTreeSet<IpNet>, Misfit> {
        let mut list: BTreeSet<IpNet> =
            start.listed().filter(|one| one.role == crate::Role::Range).map(|one| one.net).collect();
        for step in &self.steps {
            let misfit = |does, prefix, why| Misfit { date: step.date.clone(), does, prefix, why };
            if !step.prefixes.is_empty() {
                list = step.prefixes.iter().filter_map(|text| text.get()).collect();
            }
            for prefix in step.removed.iter().filter_map(|text| text.get()) {
                if !list.remove(&prefix) {
                    return Err(misfit("removes", prefix, "is not there"));
                }
            }
            for prefix in step.added.iter().filter_map(|text| text.get()) {
                if !list.insert(prefix) {
                    return Err(misfit("adds", prefix, "is there already"));
                }
            }
        }
        Ok(list)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &[u8] = br#"[
        {"date":"2026-01-01","kind":"order-only","added":[],"removed":[],"svpnAdded":[]},
        {"date":"2026-01-02","kind":"ranges+entries","added":["192.0.2.0/24"],"removed":["10.0.0.0/24"]},
        {"date":"2026-01-03","kind":"entries"},
        {"date":"2026-01-04","kind":"svpn-order"},
        {"date":"2026-01-05","kind":"svpn-set","svpnAdded":["192.0.2.9"]}]"#;

    #[test]
    fn order_is_no_change_and_the_rest_replays() {
        let history = History::read(TEXT).unwrap();
        let changes: Vec<&str> =
            history.steps.iter().filter(|step| step.is_change()).map(|step| &*step.date).collect();
        assert_eq!(changes, ["2026-01-02", "2026-01-03", "2026-01-05"]);
        let start = Document::read(b"10.0.0.0/24\n").unwrap();
        let end = history.replay(&start).unwrap();
        assert_eq!(end.iter().map(ToString::to_string).collect::<Vec<_>>(), ["192.0.2.0/24"]);
        let wrong = history.replay(&Document::read(b"10.0.1.0/24\n").unwrap()).unwrap_err();
        assert_eq!(wrong.to_string(), "the step of 2026-01-02 removes 10.0.0.0/24, which is not there");
    }

    #[test]
    fn what_is_no_history_is_refused() {
        for text in ["{}", "[{}]", r#"[{"date":"2026","added":["x"]}]"#, r#"[{"date":"2026"#] {
            assert!(History::read(text.as_bytes()).is_err(), "{text}");
        }
    }
}
