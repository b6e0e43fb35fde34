//! Two answers of servers that began alike, held against each other member by member.

use serde_json::Value;

use crate::alike::{Difference, Differs, Found, kind, shown};
use crate::words::{is_id, is_random, is_time, plain};
use crate::{Bindings, Body};

/// Holds the answers of two servers to the same call against each other: all members and values count, but that ids may be
/// others as long as they are so throughout, and that moments and drawn texts are others each time.
pub fn compare(old: (u16, &Body), new: (u16, &Body), bindings: &Bindings) -> Vec<Difference> {
    let mut found = Found::default();
    if old.0 != new.0 {
        found.add(Differs::Status, "", format!("{} instead of {}", new.0, old.0));
    }
    match (old.1, new.1) {
        (Body::Json(old), Body::Json(new)) => value("", old, new, "", bindings, &mut found),
        (Body::Text(old), Body::Text(new)) if old != new && !is_random(old) => {
            let (old, new) = (shown(&old.as_str().into()), shown(&new.as_str().into()));
            found.add(Differs::Value, "", format!("{new} instead of {old}"));
        }
        (Body::Bytes(old), Body::Bytes(new)) if old.len() != new.len() => {
            found.add(Differs::Value, "", format!("{} bytes instead of {}", new.len(), old.len()));
        }
        (old, new) if std::mem::discriminant(old) != std::mem::discriminant(new) => {
            found.add(Differs::Value, "", format!("{} instead of {}", sort(new), sort(old)));
        }
        _ => {}
    }
    found.told()
}

fn sort(body: &Body) -> &'static str {
    match body {
        Body::None => "no body",
        Body::Json(_) => "JSON",
        Body::Text(_) => "a text",
        Body::Bytes(_) => "bytes",
    }
}

fn value(name: &str, old: &Value, new: &Value, at: &str, bindings: &Bindings, found: &mut Found) {
    match (old, new) {
        (Value::Object(one), Value::Object(other)) => {
            for (name, value) in one.iter().filter(|(name, _)| !other.contains_key(*name)) {
                found.add(
                    Differs::Missing,
                    &format!("{at}.{name}"),
                    format!("is missing, and was {}", kind(value)),
                );
            }
            for (name, new) in other {
                let at = format!("{at}.{name}");
                match one.get(name) {
                    Some(old) => value(name, old, new, &at, bindings, found),
                    None => found.add(Differs::Extra, &at, format!("is new: {}", kind(new))),
                }
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            if one.len() != other.len() {
                found.add(Differs::Value, at, format!("has {} instead of {}", other.len(), one.len()));
            }
            // By their places where none came or went, so that another order is seen; else by who they are.
            let places: Vec<Option<usize>> = match one.len() == other.len() {
                true => (0..one.len()).map(Some).collect(),
                false => bindings.pairs(one, other),
            };
            for (old, place) in one.iter().zip(places) {
                if let Some(new) = place.and_then(|place| other.get(place)) {
                    value(name, old, new, &format!("{at}[]"), bindings, found);
                }
            }
        }
        _ if is_same(name, old, new, bindings) => {}
        _ if kind(old) != kind(new) => {
            found.add(Differs::Value, at, format!("is {} instead of {}", kind(new), kind(old)));
        }
        _ => found.add(Differs::Value, at, format!("is {} instead of {}", shown(new), shown(old))),
    }
}

fn is_same(name: &str, old: &Value, new: &Value, bindings: &Bindings) -> bool {
    if old == new {
        return true;
    }
    if kind(old) != kind(new) {
        return false;
    }
    let bound = || plain(old).is_some_and(|id| bindings.of(&id) == plain(new).as_ref());
    let drawn = |value: &Value| value.as_str().is_some_and(is_random);
    is_time(name, old) && is_time(name, new) || drawn(old) && drawn(new) || is_id(name) && bound()
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::compare;
    use crate::{Bindings, Body};

    fn told(old: Value, new: Value) -> Vec<String> {
        let mut bindings = Bindings::default();
        bindings.learn(&old, &new);
        let found = compare((200, &Body::Json(old)), (200, &Body::Json(new)), &bindings);
        found.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn all_counts_but_what_is_another_each_time() {
        assert!(
            told(
                json!({ "id": 1, "time": 1_790_000_000, "key": "3f2b9c1e8a774c1d", "list": [{ "id": 2 }] }),
                json!({ "id": 9, "time": 1_790_000_009, "key": "9c1e8a774c1d3f2b", "list": [{ "id": 3 }] }),
            )
            .is_empty()
        );
        assert_eq!(
            told(
                json!({ "a": 1, "gone": true, "type": 1, "list": [1, 2], "order": ["a", "b"] }),
                json!({ "a": 2, "new": {}, "type": "1", "list": [1, 2, 3], "order": ["b", "a"] }),
            ),
            [
                "gone is missing, and was true or false",
                "new is new: an object",
                "a is 2 instead of 1",
                "list has 3 instead of 2",
                "order[] is \"a\" instead of \"b\"",
                "order[] is \"b\" instead of \"a\"",
                "type is a text instead of a number",
            ]
        );
    }

    #[test]
    fn statuses_and_sorts_of_bodies_count() {
        let differences =
            compare((200, &Body::Text("a".into())), (404, &Body::Json(json!({}))), &Bindings::default());
        let told: Vec<String> = differences.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["404 instead of 200", "JSON instead of a text"]);
    }

    #[test]
    fn an_id_that_is_another_object_here_is_a_difference() {
        let old = json!([{ "id": 100_001, "name": "A" }, { "name": "B", "parentId": 100_001 }]);
        let new = json!([{ "id": 200_001, "name": "A" }, { "name": "B", "parentId": 200_002 }]);
        assert_eq!(told(old, new), ["[].parentId is 200002 instead of 100001"]);
    }
}
