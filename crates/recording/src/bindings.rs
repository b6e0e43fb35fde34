//! The ids that two clouds gave to the same objects.

use std::collections::{HashMap, HashSet};

use percent_encoding::percent_decode_str;
use serde_json::Value;

use crate::pairs::pairs;
use crate::words::{TELLING, identity, is_id, plain};

/// How many ids are remembered, so that a hostile file does not take all memory.
const MOST: usize = 1_000_000;

/// The ids that two clouds gave to the same objects, by those of the first.
#[derive(Clone, Debug, Default)]
pub struct Bindings {
    ids: HashMap<String, String>,
    given: HashSet<String>,
    /// Those of the first cloud's objects for which another one stands, since it has no counterpart.
    stood_for: HashSet<String>,
    /// Those of objects that a call has made.
    made: HashSet<String>,
}

/// Whether it is the id of anything: `0` and `-1` stand for none.
fn is_one(id: &str) -> bool {
    !matches!(id, "" | "0" | "-1")
}

impl Bindings {
    /// What the first cloud's id is at the second.
    pub fn of(&self, id: &str) -> Option<&String> {
        self.ids.get(id)
    }

    /// That two ids are of the same object. What was known before stays.
    pub fn bind(&mut self, id: &str, other: &str) {
        if is_one(id) && is_one(other) && self.ids.len() < MOST && !self.ids.contains_key(id) {
            self.given.insert(other.to_owned());
            self.ids.insert(id.to_owned(), other.to_owned());
        }
    }

    /// That a call was answered with an object that it made or changed.
    pub fn made(&mut self, recorded: &Value) {
        if self.made.len() < MOST {
            self.made.extend(identity(recorded));
        }
    }

    /// Whether a call has made the object, so that it is the same in all that its maker decides.
    pub(crate) fn is_made(&self, id: &str) -> bool {
        self.made.contains(id)
    }

    /// For each object of a recorded list, the place of the same one in the answered list; of none where another stands for
    /// it.
    pub(crate) fn pairs(&self, recorded: &[Value], answered: &[Value]) -> Vec<Option<usize>> {
        pairs(recorded, answered, |id| self.ids.get(id).filter(|_| !self.stood_for.contains(id)))
    }

    /// Learns from two answers to the same call.
    pub fn learn(&mut self, recorded: &Value, answered: &Value) {
        match (recorded, answered) {
            (Value::Object(recorded), Value::Object(answered)) => {
                for (name, value) in recorded {
                    let Some(other) = answered.get(name) else { continue };
                    match (is_id(name), plain(value).zip(plain(other))) {
                        (true, Some((id, other))) => self.bind(&id, &other),
                        (true, None) => self.learn_ids(value, other),
                        (false, _) => self.learn(value, other),
                    }
                }
            }
            (Value::Array(recorded), Value::Array(answered)) => self.learn_list(recorded, answered),
            _ => {}
        }
    }

    /// Lists of bare ids are of the same objects where they are of one length.
    fn learn_ids(&mut self, recorded: &Value, answered: &Value) {
        match (recorded, answered) {
            (Value::Array(ids), Value::Array(others)) if ids.len() == others.len() => {
                for (id, other) in ids.iter().zip(others) {
                    match plain(id).zip(plain(other)) {
                        Some((id, other)) => self.bind(&id, &other),
                        None => self.learn(id, other),
                    }
                }
            }
            _ => self.learn(recorded, answered),
        }
    }

    fn learn_list(&mut self, recorded: &[Value], answered: &[Value]) {
        let found = pairs(recorded, answered, |id| self.ids.get(id));
        let taken: HashSet<usize> = found.iter().flatten().copied().collect();
        for (object, place) in recorded.iter().zip(&found) {
            if let Some(place) = place {
                self.learn(object, &answered[*place]);
            }
        }
        // The others stand for each other in the order that they come in, so that what is asked of one is asked of some
        // object here as well.
        let rest =
            answered.iter().enumerate().filter(|(place, _)| !taken.contains(place)).map(|(_, object)| object);
        let spare: Vec<&Value> =
            rest.filter(|object| identity(object).is_some_and(|id| !self.given.contains(&id))).collect();
        let unmet =
            recorded.iter().zip(&found).filter(|(_, place)| place.is_none()).map(|(object, _)| object);
        let unmet: Vec<&Value> =
            unmet.filter(|object| identity(object).is_some_and(|id| self.of(&id).is_none())).collect();
        for (object, other) in unmet.into_iter().zip(spare) {
            self.stood_for.extend(identity(object));
            self.learn(object, other);
        }
    }

    /// A value as the second cloud knows it.
    pub fn value(&self, value: &Value) -> Value {
        self.under("", value)
    }

    /// A value of a member of this name.
    fn under(&self, name: &str, value: &Value) -> Value {
        match value {
            Value::Object(members) => {
                members.iter().map(|(name, value)| (name.clone(), self.under(name, value))).collect()
            }
            Value::Array(items) => items.iter().map(|item| self.under(name, item)).collect(),
            Value::String(text) => self.text(text, is_id(name)).map_or_else(|| value.clone(), Value::String),
            Value::Number(number) => {
                let other = self.text(&number.to_string(), is_id(name));
                other.map_or_else(
                    || value.clone(),
                    |other| other.parse().map_or(Value::String(other), Value::Number),
                )
            }
            Value::Null | Value::Bool(_) => value.clone(),
        }
    }

    fn text(&self, text: &str, is_id: bool) -> Option<String> {
        if is_id || text.len() >= TELLING { self.of(text).cloned() } else { None }
    }

    /// A path as the second cloud knows it. The number of a place in an order is no id, however it reads.
    pub fn path(&self, path: &str) -> String {
        let mut before = "";
        let labels: Vec<&str> = path
            .split('/')
            .map(|label| {
                let is_place = std::mem::replace(&mut before, label) == "reorder" && label.len() < TELLING;
                let decoded = percent_decode_str(label).decode_utf8_lossy();
                if is_place { label } else { self.of(&decoded).map_or(label, String::as_str) }
            })
            .collect();
        labels.join("/")
    }

    /// A query as the second cloud knows it.
    pub fn query(&self, query: &[(String, String)]) -> Vec<(String, String)> {
        let pair = |(name, value): &(String, String)| {
            (name.clone(), self.text(value, is_id(name)).unwrap_or_else(|| value.clone()))
        };
        query.iter().map(pair).collect()
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Bindings;

    #[test]
    fn ids_are_put_in_each_others_place_and_numbers_are_left_alone() {
        let mut bindings = Bindings::default();
        bindings.learn(
            &json!({ "id": "1", "list": [{ "id": 12345, "name": "A" }, { "id": 2, "name": "B" }], "groupIds": [7, 8] }),
            &json!({ "id": "11", "list": [{ "id": 22, "name": "B" }, { "id": 54321, "name": "A" }], "groupIds": [70, 80] }),
        );
        let sent = json!({
            "id": "1", "order": 1, "ids": [12345, 2, 3], "note": "12345", "parent": { "id": 2 }, "groupIds": [8, 7], "rank": 7,
        });
        assert_eq!(
            bindings.value(&sent),
            json!({
                "id": "11", "order": 1, "ids": [54321, 22, 3], "note": "54321", "parent": { "id": 22 }, "groupIds": [80, 70],
                "rank": 7,
            })
        );
        assert_eq!(bindings.path("/x/2/rule/12345/reorder/1"), "/x/22/rule/54321/reorder/1");
        let query = |name: &str, value: &str| vec![(name.to_owned(), value.to_owned())];
        assert_eq!(bindings.query(&query("page", "2")), query("page", "2"));
        assert_eq!(bindings.query(&query("groupId", "2")), query("groupId", "22"));
    }

    #[test]
    fn objects_without_a_counterpart_stand_for_each_other_in_their_order() {
        let mut bindings = Bindings::default();
        bindings.learn(
            &json!([{ "id": 100, "name": "Paris" }, { "id": 200, "name": "Any" }, { "id": 300, "name": "Rome" }]),
            &json!([{ "id": 9, "name": "Any" }, { "id": 8, "name": "London" }]),
        );
        let known: Vec<_> =
            ["100", "200", "300"].iter().map(|id| bindings.of(id).map(String::as_str)).collect();
        assert_eq!(known, [Some("8"), Some("9"), None]);
        bindings.bind("100", "7");
        assert_eq!(bindings.of("100").map(String::as_str), Some("8"), "what is known stays");
    }

    #[test]
    fn what_stands_for_nothing_is_bound_to_nothing() {
        let mut bindings = Bindings::default();
        bindings.learn(
            &json!({ "id": 0, "parentId": "-1", "groupId": "" }),
            &json!({ "id": 5, "parentId": "6", "groupId": "7" }),
        );
        assert!(["0", "-1", ""].iter().all(|id| bindings.of(id).is_none()));
    }
}
