//! `chosen-tags`: a tag names a key of its namespace and one of that key's values, which lends it its name. A value's id says
//! enough (client: terraform zpa sends no more).
//!
//! Parameter: `tags`, the member that lists them.

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zpa::tag_key;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Fix, Id, Kind};

use crate::shared::known_parts::record_with_part;

/// The guarantee for one resource.
struct ChosenTags {
    kind: Kind,
    tags: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(ChosenTags { kind: Kind(params.kind()), tags: params.text("tags")? }))
}

impl Behaviour for ChosenTags {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let wrong = |fix| Fault::Invalid { kind: self.kind.clone(), field: self.tags.clone(), fix };
        let Some(Value::Array(tags)) = change.new.get_mut(&self.tags) else { return Ok(()) };
        for tag in tags {
            let unknown = || wrong(Fix::Unresolved(tag_key::KIND.into()));
            let value = tag.get("tagValue").and_then(|value| value.get("id")).and_then(Id::from_value);
            let key = match (tag.get("tagKey").and_then(Id::from_value), value) {
                (Some(key), _) => cx.get(tag_key::KIND, &key)?,
                (None, Some(value)) => record_with_part(cx, tag_key::KIND, tag_key::TAG_VALUES.name, &value)?,
                (None, None) => return Err(wrong(Fix::Missing)),
            };
            let key = key.ok_or_else(unknown)?;
            tag["tagKey"] = json!(key.id.0);
            let namespace = key.record.get("namespaceId").cloned().unwrap_or_default();
            if tag.get("namespace").is_some_and(|named| *named != namespace) {
                return Err(wrong(Fix::Said("the key is of another namespace".into())));
            }
            tag["namespace"] = namespace;
            let Some(given) = tag.get("tagValue").filter(|given| !given.is_null()) else { continue };
            let held = key.record.items("tagValues").iter();
            let same =
                |name: &str, held: &Value| given.get(name).is_some() && given.get(name) == held.get(name);
            let value = held
                .into_iter()
                .find(|held| same("id", held) || (given.get("id").is_none() && same("name", held)));
            let value = value.ok_or_else(|| wrong(Fix::Said("the key has no such value".into())))?;
            tag["tagValue"] = json!({ "id": value.get("id"), "name": value.get("name") });
        }
        Ok(())
    }
}
