//! Records as they stand outside of a tenant: whole, so that each can be put back into that tenant or into another.
//!
//! A long list is in its record, and a rule holds the number of its place. So neither the parts of lists nor the orders of rules
//! go along: they follow from the records, as unique values, pointers and the texts for searches do, and all of them are made
//! anew when the records are put back. What a tenant has not changed yet is not taken: it stays as the catalogue has it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zuno_model::{Id, Record};

/// The scope that goes without saying.
const DEFAULT_SCOPE: &str = "0";

/// A record, with what is in force of it while a change of it waits.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// Its id.
    pub id: Id,
    /// The scope within the tenant that it belongs to.
    #[serde(default = "default_scope", skip_serializing_if = "is_default")]
    pub scope: String,
    /// Its members, the sealed ones sealed; none where it was deleted and that waits for an activation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<Record>,
    /// While changes wait: by the product whose activation they wait for, what is in force; none where it was not there.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub in_force: BTreeMap<String, Option<Record>>,
}

/// What waits for the activation of one product beside changes of records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Waiting {
    /// Who has made edits, by name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub editors: Vec<String>,
    /// The orders of rules that are in force in the place of those that the rules' numbers tell.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub orders: Vec<FormerOrder>,
}

/// The order of a list of rules that is in force.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerOrder {
    /// The kind of the rules.
    pub kind: String,
    /// Their scope.
    #[serde(default = "default_scope", skip_serializing_if = "is_default")]
    pub scope: String,
    /// What tells the list from others of the kind, where there are several.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within: Option<String>,
    /// The rules, the first one first.
    pub ids: Vec<Id>,
}

fn default_scope() -> String {
    DEFAULT_SCOPE.into()
}

fn is_default(scope: &String) -> bool {
    scope == DEFAULT_SCOPE
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Taken, Waiting};

    #[test]
    fn what_goes_without_saying_takes_no_room_and_a_slip_is_refused() {
        let told = json!({ "id": "5", "record": { "id": "5", "name": "a" } });
        let taken: Taken = serde_json::from_value(told.clone()).expect("it is read");
        assert_eq!((taken.scope.as_str(), taken.in_force.len()), ("0", 0));
        assert_eq!(serde_json::to_value(&taken).expect("it is written"), told);
        let new = json!({ "id": "5", "scope": "7", "record": {}, "in_force": { "zia": null } });
        let taken: Taken = serde_json::from_value(new.clone()).expect("it is read");
        assert_eq!(taken.in_force["zia"], None);
        assert_eq!(serde_json::to_value(&taken).expect("it is written"), new);
        let slip = serde_json::from_value::<Taken>(json!({ "id": "5", "recrod": {} }));
        assert!(slip.is_err_and(|wrong| wrong.to_string().contains("recrod")));
        assert!(serde_json::from_value::<Waiting>(json!({ "order": [] })).is_err());
    }
}
