//! `group-locations`: a group tells the records that name it.
//! Parameters: `locations`, `count`, and `from`, the lists that name the group.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one kind of groups.
struct GroupLocations {
    kind: String,
    locations: String,
    count: String,
    lists: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(GroupLocations {
        kind: params.kind(),
        locations: params.text("locations")?,
        count: params.text("count")?,
        lists: params.members("from")?,
    }))
}

impl GroupLocations {
    fn members(&self, cx: &Context<'_>, id: &Id) -> Result<Vec<Value>, Fault> {
        let mut members = Vec::new();
        for (kind, list) in &self.lists {
            for stored in cx.pointing(kind, list, &self.kind, id)? {
                let member = Value::String(stored.id.0);
                if !members.contains(&member) {
                    members.push(member);
                }
            }
        }
        Ok(members)
    }
}

impl Behaviour for GroupLocations {
    fn on_read(&self, cx: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let hidden = cx.query("fetchLocations").is_some_and(|wanted| wanted.eq_ignore_ascii_case("false"));
        if hidden {
            return Ok(());
        }
        let members = self.members(cx, id)?;
        // Seen: a group without locations tells neither.
        if !members.is_empty() {
            record.insert(self.count.clone(), Value::from(members.len()));
            record.insert(self.locations.clone(), Value::Array(members));
        }
        Ok(())
    }

    fn chooses(&self, cx: &Context<'_>) -> bool {
        cx.query("locationId").is_some()
    }

    fn accepts(&self, cx: &Context<'_>, id: &Id, _: &Record) -> Result<bool, Fault> {
        let wanted = cx.query("locationId").unwrap_or_default();
        Ok(self.members(cx, id)?.iter().any(|member| member == wanted))
    }
}
