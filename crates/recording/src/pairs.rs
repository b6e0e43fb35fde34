//! Which objects of two lists are the same.

use std::collections::HashMap;

use serde_json::Value;

use crate::words::{TELLING, identity, label};

/// For each object of a recorded list, the place of the same one in the answered list: the one whose id is known to be its
/// id here; else the one with its very id, which predefined objects have everywhere; else the one of its name.
pub fn pairs<'a>(
    recorded: &[Value],
    answered: &[Value],
    known: impl Fn(&str) -> Option<&'a String>,
) -> Vec<Option<usize>> {
    let mut by_id = HashMap::new();
    let mut by_label = HashMap::new();
    for (place, object) in answered.iter().enumerate() {
        if let Some(id) = identity(object) {
            by_id.entry(id).or_insert(place);
        }
        if let Some(label) = label(object) {
            by_label.entry(label).or_insert(place);
        }
    }
    let mut taken = vec![false; answered.len()];
    let mut found = vec![None; recorded.len()];
    // Those that are certain come first, so that a name takes nobody's place.
    for by_name in [false, true] {
        for (object, found) in recorded.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let id = identity(object);
            let place = match by_name {
                false => id.and_then(|id| match known(&id) {
                    Some(other) => by_id.get(other),
                    // Numbers that begin at 1 are everywhere, and say nothing.
                    None => by_id.get(&id).filter(|_| id.len() >= TELLING || id.parse::<u64>().is_err()),
                }),
                true => label(object).and_then(|label| by_label.get(label)),
            };
            if let Some(place) = place.copied().filter(|place| !taken[*place]) {
                taken[place] = true;
                *found = Some(place);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use serde_json::json;

    use super::pairs;

    #[test]
    fn what_is_certain_goes_before_names() {
        let list = |value: serde_json::Value| value.as_array().unwrap().clone();
        let ids = HashMap::from([("7".to_owned(), "70".to_owned())]);
        let recorded = list(
            json!([{ "id": 1, "name": "A" }, { "id": 7, "name": "A" }, { "id": "ADULT" }, { "id": 9 }, { "id": 3 }]),
        );
        let answered = list(json!([{ "id": "ADULT" }, { "id": 70, "name": "A" }, { "id": 3, "name": "A" }]));
        assert_eq!(pairs(&recorded, &answered, |id| ids.get(id)), [None, Some(1), Some(0), None, None]);
    }
}
