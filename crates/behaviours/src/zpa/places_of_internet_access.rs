//! `places-of-internet-access`: private access lists internet access's own locations and their groups, under the same
//! ids; those of an extranet partner are the locations that name the partner.
//!
//! Parameters: `locations`, `groups` and `partners`, the kinds.

use serde_json::{Value, json};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored, same};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct Places {
    kind: String,
    locations: String,
    groups: String,
    partners: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(Places {
        kind: params.kind(),
        locations: params.other("locations")?,
        groups: params.other("groups")?,
        partners: params.other("partners")?,
    }))
}

fn name(record: &Record) -> &str {
    record.text("name").unwrap_or_default()
}

/// Whether a location belongs to the partner of this number.
fn of_partner(location: &Record, number: &str) -> bool {
    location.get("extranet").is_some_and(|id| same(id, number))
}

/// Whether a location is a part of another one.
fn is_part(location: &Record) -> bool {
    let parent = location.get("parentId").and_then(Id::from_value);
    parent.is_some_and(|parent| parent.as_str() != "0")
}

/// Whether rules may name it though it is no place.
fn is_pseudo(location: &Record) -> bool {
    location.flag("pseudo")
}

fn row(id: Id, record: Record) -> Stored {
    Stored { id, scope: "0".into(), sort: name(&record).to_lowercase(), record }
}

fn place(location: &Stored) -> Stored {
    let mut record = Record::new();
    record.insert("id".into(), json!(location.id.0));
    record.insert("name".into(), json!(name(&location.record)));
    record.insert("enabled".into(), json!(true));
    row(location.id.clone(), record)
}

impl Places {
    /// The locations of the partner that the path names.
    fn partners(&self, cx: &Context<'_>, call: &Call) -> Result<Vec<Stored>, Fault> {
        let partner = cx.need(&self.partners, &call.param("zpnErId").unwrap_or_default().into())?;
        let number = partner.record.text("extranet").unwrap_or_default();
        let mut found = cx.all(&self.locations, None)?;
        found.retain(|location| of_partner(&location.record, number));
        Ok(found)
    }

    /// The groups that hold one of these locations.
    fn groups(&self, cx: &Context<'_>, call: &Call, locations: &[Stored]) -> Result<Vec<Stored>, Fault> {
        let special = call.flag("isSpecialLocationGroupIncluded");
        let resource = cx.resource(&self.groups)?;
        let mut rows = Vec::new();
        for group in cx.all(&self.groups, None)? {
            let predefined = group.record.flag("predefined");
            if predefined && !special {
                continue;
            }
            let (id, named) = (group.id.clone(), name(&group.record).to_owned());
            let shown = cx.show(resource, Verb::Read, None, group)?;
            let held = shown.items("locations");
            let inside = |location: &&Stored| {
                let is = |member: &Value| member.get("id").is_some_and(|id| same(id, location.id.as_str()));
                held.iter().any(is)
            };
            let own = locations.iter().filter(inside);
            let own: Vec<Value> = own.map(|location| Value::Object(place(location).record)).collect();
            if !own.is_empty() {
                let mut record = Record::new();
                record.insert("id".into(), json!(id.0));
                record.insert("name".into(), json!(named));
                record.insert("ziaLocations".into(), Value::Array(own));
                rows.push(row(id, record));
            }
        }
        Ok(rows)
    }
}

impl Behaviour for Places {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        let rows = if resource.field("ziaLocations").is_some() {
            let locations = self.partners(cx, call)?;
            self.groups(cx, call, &locations)?
        } else if call.param("zpnErId").is_some() {
            let parts = call.flag("fetchSubLocations");
            let found = self.partners(cx, call)?;
            found.iter().filter(|location| parts || !is_part(&location.record)).map(place).collect()
        } else {
            let all = cx.all(&self.locations, None)?;
            all.iter().filter(|location| !is_pseudo(&location.record)).map(place).collect()
        };
        cx.list(resource, None, rows)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{is_part, of_partner};

    #[test]
    fn a_location_names_its_partner_and_its_whole() {
        let record = |value: serde_json::Value| value.as_object().cloned().unwrap_or_default();
        let location = record(json!({"extranet": "51001", "parentId": 0}));
        assert!(of_partner(&location, "51001") && !of_partner(&location, "0") && !is_part(&location));
        assert!(is_part(&record(json!({"parentId": "7"}))) && !of_partner(&record(json!({})), "51001"));
    }
}
