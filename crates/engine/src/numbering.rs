//! What records are numbered by, and in which list each stands.

use serde_json::Value;
use zuno_catalogue::Resource;
use zuno_model::Record;

/// What a resource numbers its records by. A record has a place in the numbering if its number is positive and `fixed`
/// is off; others keep the number that they have.
#[derive(Clone, Debug, Default)]
pub struct Numbering {
    /// The member that tells the place, counted from 1.
    pub member: String,
    /// The member by whose value each list is numbered by itself; one list when not said.
    pub within: Option<String>,
    /// The flag of records that stand outside.
    pub fixed: Option<String>,
    /// The flag of records that stay behind all others.
    pub last: Option<String>,
    /// The members that tell when and by whom a record was changed, where making room for another is a change.
    pub shifts: Option<(String, String)>,
}

impl Numbering {
    /// Whether a record that is kept has a place.
    pub fn counts(&self, record: &Record) -> bool {
        self.number(record).is_some_and(|number| number > 0) && !flag(self.fixed.as_ref(), record)
    }

    /// Whether there may be records of a resource that have no place.
    pub(crate) fn leaves_out(&self, resource: &Resource) -> bool {
        self.fixed.is_some() || resource.field(&self.member).is_none_or(|field| field.min < Some(1))
    }

    /// The number that a record holds; of one that has a place it is the one that it was written with.
    pub fn number(&self, record: &Record) -> Option<i64> {
        record.get(&self.member).and_then(Value::as_i64)
    }

    /// Whether it stays behind all others.
    pub fn is_last(&self, record: &Record) -> bool {
        flag(self.last.as_ref(), record)
    }

    /// What tells its list from others of the same kind and scope; nothing where there is one.
    pub fn within<'r>(&self, record: &'r Record) -> Option<&'r str> {
        self.within.as_ref().and_then(|within| record.get(within)).and_then(Value::as_str)
    }
}

fn flag(member: Option<&String>, record: &Record) -> bool {
    member.and_then(|member| record.get(member)).and_then(Value::as_bool).unwrap_or(false)
}

/// Which list is meant.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct List {
    /// The kind of its records.
    pub kind: String,
    /// Their scope, `0` where the kind has none.
    pub scope: String,
    /// What tells it from others of the kind, where there are several.
    pub within: Option<String>,
}

impl List {
    /// Its name in the store.
    pub(crate) fn name(&self) -> String {
        format!("{} {} {}", self.kind, self.scope, self.within.as_deref().unwrap_or_default())
    }
}
