//! What is in force of what has changed since the last activation: records, orders of rules and parts of long lists, each as it
//! was before its first change. What a change remembers, and under which kind, is said where it is made.

use std::collections::{BTreeMap, HashMap};

use zuno_model::Id;
use zuno_store::Staged;

/// The kind under which an order of rules waits for an activation.
pub(crate) const ORDER: &str = "order";

/// The kind under which a part of a long list does.
pub(crate) const PART: &str = "apart";

/// By kind and id; none of what was not there. Without any, everything is as it would be after an activation.
#[derive(Debug, Default)]
pub struct Images(HashMap<String, BTreeMap<Id, Option<Vec<u8>>>>);

impl Images {
    pub(crate) fn of(staged: impl IntoIterator<Item = Staged>) -> Images {
        let mut images: HashMap<String, BTreeMap<_, _>> = HashMap::new();
        for Staged { kind, id, active } in staged {
            images.entry(kind).or_default().insert(id, active);
        }
        Images(images)
    }

    /// Those of the records of a kind.
    pub(crate) fn of_kind(&self, kind: &str) -> Option<&BTreeMap<Id, Option<Vec<u8>>>> {
        self.0.get(kind)
    }

    /// That of a part of a long list, by its name; none where it is as it was, or was not there.
    pub(crate) fn part(&self, name: &str) -> Option<&[u8]> {
        self.0.get(PART)?.get(&Id(name.to_owned()))?.as_deref()
    }

    /// Those of the orders of a kind.
    pub(crate) fn orders(&self, kind: &str) -> impl Iterator<Item = &[u8]> {
        let beginning = format!("{kind} ");
        let of_kind = self.0.get(ORDER).into_iter().flatten();
        of_kind
            .filter(move |(name, _)| name.as_str().starts_with(&beginning))
            .filter_map(|(_, ids)| ids.as_deref())
    }
}
