//! `tag-values`: each value of a tag key has an id of its own, and a namespace's keys are turned on or off together.
//!
//! A value that is sent with an id of the key's keeps it; one with the name of a value that was there does too; all
//! others get new ids (guessed). Parameter: `values`.

use serde_json::{Value, json};
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind};

/// The guarantee for one resource.
struct TagValues {
    kind: String,
    values: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(TagValues { kind: resource.kind.clone(), values: params.text("values")? }))
}

impl Behaviour for TagValues {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        let before = change.old.as_ref().and_then(|old| old.get(&self.values)).cloned().unwrap_or_default();
        let before = before.as_array().cloned().unwrap_or_default();
        let Some(Value::Array(values)) = change.new.get_mut(&self.values) else { return Ok(()) };
        let mut names: Vec<String> = Vec::new();
        for value in values.iter_mut() {
            let name = value.get("name").and_then(Value::as_str).unwrap_or_default().to_owned();
            if names.contains(&name) {
                let words = format!("`{name}` stands twice");
                return Err(Fault::said(&Kind(self.kind.clone()), &self.values, words));
            }
            let sent = value.get("id").cloned();
            let known = before
                .iter()
                .find(|held| sent.is_some() && held.get("id") == sent.as_ref())
                .or_else(|| before.iter().find(|held| held.get("name") == value.get("name")));
            let id = match known.and_then(|held| held.get("id")) {
                Some(id) => id.clone(),
                None => json!(cx.next_in_series()?.0),
            };
            *value = json!({ "id": id, "name": name });
            names.push(name);
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let body = call.body.as_ref().unwrap_or(&Value::Null);
        let wrong =
            |field: &str, fix| Fault::Invalid { kind: Kind(self.kind.clone()), field: field.into(), fix };
        let enabled =
            body.get("enabled").and_then(Value::as_bool).ok_or_else(|| wrong("enabled", Fix::Missing))?;
        let ids = body.get("tagKeyIds").and_then(Value::as_array);
        for id in ids.ok_or_else(|| wrong("tagKeyIds", Fix::Missing))? {
            let id = Id::from_value(id).ok_or_else(|| wrong("tagKeyIds", Fix::Type("id")))?;
            cx.reached(&self.kind, &id)?;
            cx.amend(&self.kind, &id, &json!({ "enabled": enabled }))?;
        }
        Ok(Outcome::Done)
    }
}
