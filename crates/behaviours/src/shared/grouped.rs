//! `grouped`: a list answers its records in groups, by a member that they share.
//!
//! Filters, search and the operation's `where` hold as in any list. Parameters: `by`, `items` (the member that holds a
//! group's records), `mark` (the member that tells whether the group is `marked`, the one that comes first) and `needs`:
//! for an operation, the members that must be asked for in the query, by a word that they know.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

use crate::part;

/// The guarantee for one resource.
struct Grouped {
    kind: String,
    by: String,
    items: String,
    mark: String,
    marked: String,
    needs: BTreeMap<String, Vec<String>>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let by = params.field("by")?;
    let needs = params.part("needs");
    let needs = needs.names().map(|name| Ok((name.clone(), needs.fields(name)?)));
    let needs = needs.collect::<Result<_, String>>()?;
    let (items, mark, marked) = (params.text("items")?, params.text("mark")?, params.text("marked")?);
    Ok(Box::new(Grouped { kind: params.kind(), by, items, mark, marked, needs }))
}

impl Grouped {
    /// The records of a list by their group: the marked one first, the others as their first records come.
    fn groups(&self, records: Vec<Value>) -> Vec<Value> {
        let mut groups: Vec<(Value, Vec<Value>)> = Vec::new();
        for record in records {
            let group = record.get(&self.by).cloned().unwrap_or_default();
            match groups.iter_mut().find(|(known, _)| *known == group) {
                Some((_, members)) => members.push(record),
                None => groups.push((group, vec![record])),
            }
        }
        groups.sort_by_key(|(group, _)| group.as_str() != Some(&self.marked));
        let told = |(group, members): (Value, Vec<Value>)| {
            let marked = group.as_str() == Some(&self.marked);
            let told: Map<String, Value> = [
                (self.by.clone(), group),
                (self.items.clone(), Value::Array(members)),
                (self.mark.clone(), Value::Bool(marked)),
            ]
            .into_iter()
            .collect();
            Value::Object(told)
        };
        groups.into_iter().map(told).collect()
    }
}

impl Behaviour for Grouped {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        for name in self.needs.get(&cx.operation()?.name).into_iter().flatten() {
            let words = resource.field(name).map(|field| field.values.as_slice()).unwrap_or_default();
            if !call.query(name).is_some_and(|word| words.iter().any(|known| known == word)) {
                let fix = Fix::Said(format!("is asked for by one of {}", words.join(", ")));
                return Err(Fault::Invalid { kind: Kind(self.kind.clone()), field: name.clone(), fix });
            }
        }
        let wanted = cx.operation()?.only.as_ref().and_then(|json| json.0.as_object());
        let mut rows = cx.all(&self.kind, None)?;
        rows.retain(|row| {
            wanted.into_iter().flatten().all(|(name, value)| row.record.get(name) == Some(value))
        });
        match cx.list(resource, None, rows)? {
            Outcome::Many(page) => Ok(part::of(call, self.groups(page.items))),
            other => Ok(other),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use std::collections::BTreeMap;

    use super::Grouped;

    #[test]
    fn the_marked_group_comes_first_and_the_others_as_they_come() {
        let text = |word: &str| word.to_owned();
        let grouped = Grouped {
            kind: text("a.b"),
            by: text("g"),
            items: text("members"),
            mark: text("first"),
            marked: text("M"),
            needs: BTreeMap::new(),
        };
        let groups =
            grouped.groups(vec![json!({"g": "Z"}), json!({"g": "M"}), json!({"g": "A"}), json!({"g": "Z"})]);
        let told = json!([
            {"g": "M", "members": [{"g": "M"}], "first": true},
            {"g": "Z", "members": [{"g": "Z"}, {"g": "Z"}], "first": false},
            {"g": "A", "members": [{"g": "A"}], "first": false},
        ]);
        assert_eq!(json!(groups), told);
    }
}
