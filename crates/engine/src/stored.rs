//! A record as it stands in the store.

use zuno_catalogue::{Field, Resource};
use zuno_model::{Id, Record};

/// A record with what the store keeps beside its members.
#[derive(Clone, Debug, PartialEq)]
pub struct Stored {
    /// Its id.
    pub id: Id,
    /// The scope it belongs to.
    pub scope: String,
    /// Its place in its kind's order.
    pub sort: String,
    /// Its members in engine form: references as texts, numbers as numbers.
    pub record: Record,
}

impl Stored {
    /// The one record of a singleton before its first change.
    pub(crate) fn first(resource: &Resource) -> Stored {
        let default = |field: &Field| field.default.as_ref().map(|json| json.0.clone());
        let defaults =
            resource.fields.iter().filter_map(|(name, field)| Some((name.clone(), default(field)?)));
        Stored { id: Id("1".into()), scope: "0".into(), sort: String::new(), record: defaults.collect() }
    }
}
