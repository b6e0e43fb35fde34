//! Names that callers spell their own way, where a family tells names apart by their letters and digits alone.

use std::collections::HashMap;

use serde_json::{Map, Value};
use zuno_catalogue::{Operation, Resource};

use crate::Dialect;

/// What counts of a name: `metricName` and `metric_name` are one (client: python, and programs on top of it).
fn folded(name: &str) -> String {
    name.chars().filter(|letter| *letter != '_').flat_map(char::to_lowercase).collect()
}

/// The described names by what counts of them.
fn described<'a>(names: impl Iterator<Item = &'a String>) -> HashMap<String, &'a str> {
    names.map(|name| (folded(name), name.as_str())).collect()
}

/// A query under the described names, however its parameters are spelt.
pub fn respelt_query(
    dialect: &dyn Dialect,
    resource: &Resource,
    operation: &Operation,
    query: Vec<(String, String)>,
) -> Vec<(String, String)> {
    if !dialect.folds_names() || query.is_empty() {
        return query;
    }
    let known = described(operation.query.keys().chain(resource.filters.keys()));
    let respelt = |(name, value): (String, String)| match known.get(&folded(&name)) {
        Some(known) => ((*known).to_owned(), value),
        None => (name, value),
    };
    query.into_iter().map(respelt).collect()
}

/// A body whose members have the described names, however they are spelt; one that is there in its own spelling counts.
pub fn respelt_body(dialect: &dyn Dialect, resource: &Resource, body: Value) -> Value {
    let members = match body {
        Value::Object(members) if dialect.folds_names() => members,
        body => return body,
    };
    let known = described(resource.fields.keys());
    let (mut own, mut other) = (Map::new(), Vec::new());
    for (name, value) in members {
        match known.get(&folded(&name)) {
            Some(known) if *known != name => other.push(((*known).to_owned(), value)),
            _ => {
                own.insert(name, value);
            }
        }
    }
    for (name, value) in other {
        own.entry(name).or_insert(value);
    }
    Value::Object(own)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;
    use zuno_catalogue::{Catalogue, Family};

    use super::{folded, respelt_body, respelt_query};
    use crate::of;

    #[test]
    fn clients_spell_names_their_own_way() {
        let catalogue = Catalogue::compiled();
        let devices = catalogue.resource("zdx.device").expect("described");
        let spelt = |family, name: &str| {
            let query = vec![(name.to_owned(), "1".to_owned())];
            respelt_query(of(family), devices, &devices.operations["list"], query)[0].0.clone()
        };
        assert_eq!(spelt(Family::Zdx, "macAddress"), "mac_address");
        assert_eq!(spelt(Family::Zdx, "userIds"), "userids");
        assert_eq!(spelt(Family::Zdx, "strange_one"), "strange_one");
        assert_eq!(spelt(Family::Zidentity, "macAddress"), "macAddress");

        let traces = catalogue.resource("zdx.deep_trace").expect("described");
        let sent = json!({"sessionName": "slow", "cloud_path_probe_id": 4, "probeDevice": true, "probe_device": false});
        assert_eq!(
            respelt_body(of(Family::Zdx), traces, sent),
            json!({"probe_device": false, "session_name": "slow", "cloudpath_probe_id": 4})
        );
    }

    proptest! {
        #[test]
        fn folding_is_done_once(name in ".{0,40}") {
            prop_assert_eq!(folded(&folded(&name)), folded(&name));
        }
    }
}
