//! What a rule does, as one text: two rules whose texts are the same do the same.

use serde_json::Value;

use crate::record::{Record, id, words};

/// Members of a rule that say what it does.
const DOES: &[&str] = &[
    "action",
    "customMsg",
    "reauthTimeout",
    "reauthIdleTimeout",
    "privilegedCapabilities",
    "privilegedPortalCapabilities",
    "devicePostureFailureNotificationEnabled",
    "extranetEnabled",
];
/// Members that point at one record.
const POINTS: &[&str] = &["zpnIsolationProfileId", "zpnInspectionProfileId", "credential", "credentialPool"];
/// Members that point at several, in any order.
const LISTS: &[&str] = &["appConnectorGroups", "appServerGroups", "serviceEdgeGroups"];

/// Whether a member is told in the text.
pub(super) fn is_told(member: &str) -> bool {
    [DOES, POINTS, LISTS].iter().any(|members| members.contains(&member))
}

/// All that a rule does, as text.
pub(super) fn whole(record: &Record) -> String {
    let mut told = String::new();
    let mut add = |member: &str, value: String| {
        if !told.is_empty() {
            told.push_str("; ");
        }
        told.push_str(member);
        told.push(' ');
        told.push_str(&value);
    };
    for member in DOES {
        match record.get(*member) {
            None | Some(Value::Null | Value::Bool(false)) => {}
            Some(Value::String(text)) if text.is_empty() => {}
            // Seconds stand in either spelling.
            Some(Value::String(text)) => add(member, text.clone()),
            Some(value) => add(member, value.to_string()),
        }
    }
    for member in POINTS {
        if let Some(id) = id(record, member).filter(|id| id != "0") {
            add(member, id);
        }
    }
    for member in LISTS {
        let mut ids = words(record, member);
        ids.sort_unstable();
        if !ids.is_empty() {
            add(member, ids.join(" "));
        }
    }
    told
}
