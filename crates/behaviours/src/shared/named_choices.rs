//! `named-choices`: operations tell what may be chosen in a filter, by number and name: records of a kind, or parts of them.
//!
//! A search looks into the names; `limit` says how many are told at most. Parameters: `search` and `limit`, the query's; `of`,
//! for each operation the `kind`, the dotted `name` and, for parts that a list of the record holds, that list as `parts`;
//! `where`, members that a record must have so; `mapped`: one object of names by number, in place of a list.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, at_path};
use zuno_model::{Fault, Record};

/// How many are told where nobody says how many.
const USUAL: usize = 1000;

/// The guarantee for one resource.
struct NamedChoices {
    search: String,
    limit: String,
    of: BTreeMap<String, Choice>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Choice {
    kind: String,
    name: String,
    #[serde(default)]
    parts: Option<String>,
    #[serde(default, rename = "where")]
    only: Map<String, Value>,
    #[serde(default)]
    mapped: bool,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let of: BTreeMap<String, Choice> = params.part("of").read()?;
    for choice in of.values() {
        let first = choice.parts.as_deref().unwrap_or(&choice.name);
        params.field_of(&choice.kind, first.split('.').next().unwrap_or_default())?;
        choice.only.keys().try_for_each(|name| params.field_of(&choice.kind, name).map(drop))?;
    }
    Ok(Box::new(NamedChoices { search: params.text("search")?, limit: params.text("limit")?, of }))
}

impl Choice {
    /// What one record has to choose from, by number and name.
    fn found(&self, id: &str, record: &Record) -> Vec<(Value, String)> {
        let number = |id: &str| id.parse::<i64>().map_or_else(|_| json!(id), Value::from);
        let Some(parts) = &self.parts else {
            let name = at_path(record, &self.name).and_then(Value::as_str);
            return name.map(|name| (number(id), name.to_owned())).into_iter().collect();
        };
        let items = at_path(record, parts).and_then(Value::as_array).into_iter().flatten();
        let named = items.filter_map(|item| Some((item.get("id"), item.get(&self.name)?.as_str()?)));
        named.map(|(id, name)| (id.cloned().unwrap_or_default(), name.to_owned())).collect()
    }
}

impl Behaviour for NamedChoices {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let name = &cx.operation()?.name;
        let choice = self.of.get(name).ok_or_else(|| Fault::broken(format!("`{name}` has no choices")))?;
        let search = call.query(&self.search).unwrap_or_default().to_lowercase();
        let limit = call.query(&self.limit).and_then(|limit| limit.parse().ok()).unwrap_or(USUAL);
        let mut found = Vec::new();
        for stored in cx.all(&choice.kind, None)? {
            if choice.only.iter().all(|(name, wanted)| stored.record.get(name) == Some(wanted)) {
                found.extend(choice.found(stored.id.as_str(), &stored.record));
            }
        }
        found.retain(|(_, name)| name.to_lowercase().contains(&search));
        found.truncate(limit);
        if choice.mapped {
            let text = |id: &Value| id.as_str().map_or_else(|| id.to_string(), str::to_owned);
            let map: Map<String, Value> =
                found.into_iter().map(|(id, name)| (text(&id), json!(name))).collect();
            return Ok(Outcome::Value(Value::Object(map)));
        }
        let items = found.into_iter().map(|(id, name)| json!({ "id": id, "name": name, "deleted": false }));
        Ok(Outcome::Value(Value::Array(items.collect())))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::Choice;

    #[test]
    fn parts_of_a_record_have_numbers_of_their_own() {
        let record = json!({"name": "one", "box": {"items": [{"id": 7, "called": "a"}, {"id": 8}]}});
        let record = record.as_object().cloned().unwrap_or_default();
        let choice = |value| -> Choice { serde_json::from_value(value).expect("a choice") };
        let plain = choice(json!({"kind": "k", "name": "name"}));
        assert_eq!(plain.found("3", &record), [(json!(3), "one".to_owned())]);
        let parts = choice(json!({"kind": "k", "name": "called", "parts": "box.items"}));
        assert_eq!(parts.found("3", &record), [(json!(7), "a".to_owned())]);
    }
}
