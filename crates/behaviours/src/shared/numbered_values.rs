//! `numbered-values`: each named value of a list has an id of its own, and no name stands twice.
//!
//! A value that is sent with an id of the list's keeps it; one with the name of a value that was there does too; all
//! others get new ids (guessed). A value's id alone leads to its record. Parameter: `values`.

use std::collections::{HashMap, HashSet};

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Change, Context, Params, Stored};
use zuno_model::{Fault, Id, Kind, Record};
use zuno_store::Pointer;

/// The guarantee for one resource.
struct NumberedValues {
    kind: String,
    values: String,
}

/// What stands for the kind of the values, in pointers that no member shows.
fn kind_of_values(kind: &str, values: &str) -> String {
    format!("{kind}.{values}")
}

/// The record whose list has a value of this id.
///
/// # Errors
/// The store failed.
pub fn record_with_value(
    cx: &Context<'_>,
    kind: &str,
    values: &str,
    id: &Id,
) -> Result<Option<Stored>, Fault> {
    Ok(cx.pointing(kind, values, &kind_of_values(kind, values), id)?.into_iter().next())
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(NumberedValues { kind: params.kind(), values: params.text("values")? }))
}

impl Behaviour for NumberedValues {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let before = change.old.as_ref().and_then(|old| old.get(&self.values)).cloned().unwrap_or_default();
        let before = before.as_array().cloned().unwrap_or_default();
        let Some(Value::Array(values)) = change.new.get_mut(&self.values) else { return Ok(()) };
        let by = |member: &'static str| -> HashMap<&Value, &Value> {
            // Of two that are called alike the first counts.
            before.iter().rev().filter_map(|held| Some((held.get(member)?, held.get("id")?))).collect()
        };
        let (by_id, by_name) = (by("id"), by("name"));
        let mut names: HashSet<String> = HashSet::new();
        for value in values.iter_mut() {
            let name = value.text("name").unwrap_or_default().to_owned();
            if !names.insert(name.clone()) {
                let words = format!("`{name}` stands twice");
                return Err(Fault::said(&Kind(self.kind.clone()), &self.values, words));
            }
            let sent = value.get("id").and_then(|id| by_id.get(id));
            let id = match sent.or_else(|| by_name.get(value.get("name")?)) {
                Some(id) => (*id).clone(),
                None => json!(cx.next_in_series()?.0),
            };
            *value = json!({ "id": id, "name": name });
        }
        Ok(())
    }

    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        let kind = kind_of_values(&self.kind, &self.values);
        for id in
            record.items(&self.values).iter().filter_map(|value| value.get("id").and_then(Id::from_value))
        {
            found.push(Pointer { field: self.values.clone(), kind: kind.clone(), id });
        }
    }
}
