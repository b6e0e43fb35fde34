//! `location-profile`: a location has a profile, and its profile puts it into a group (documented).
//! Parameter: `groups`, the kind of those groups.

use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_catalogue::handles::zia::location as member;
use zuno_engine::{Behaviour, Change, Context, Params, at_path, same};
use zuno_model::{Fault, Record};

/// The guarantee for the kind.
struct LocationProfile {
    groups: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(LocationProfile { groups: params.other("groups")? }))
}

/// The profile that is chosen where none is given.
fn chosen(location: &Record) -> &'static str {
    let name = member::NAME.of(location).unwrap_or_default().to_lowercase();
    match location.get(member::AUTH_REQUIRED.name) {
        Some(Value::Bool(true)) => "CORPORATE",
        _ if name.contains("guest") => "GUESTWIFI",
        _ => "SERVER",
    }
}

impl Behaviour for LocationProfile {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if !change.new.contains_key(member::PROFILE.name) {
            change.new.insert(member::PROFILE.into(), json!(chosen(&change.new)));
        }
        let profile = member::PROFILE.of(&change.new).unwrap_or_default();
        let groups = cx.all(&self.groups, None)?.into_iter().filter(|group| {
            let criteria = at_path(&group.record, "dynamicLocationGroupCriteria.profiles");
            let stands_in = group.record.flag("pseudo");
            !stands_in && criteria.is_some_and(|profiles| same(profiles, profile))
        });
        let groups: Vec<Value> = groups.map(|group| Value::String(group.id.0)).collect();
        change.new.insert(member::DYNAMICLOCATION_GROUPS.into(), Value::Array(groups));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::chosen;

    #[test]
    fn sign_in_and_name_choose_a_profile() {
        let of = |location: Value| chosen(&serde_json::from_value(location).expect("an object"));
        assert_eq!(of(json!({ "name": "Guest hall", "authRequired": true })), "CORPORATE");
        assert_eq!(of(json!({ "name": "Guest hall", "authRequired": false })), "GUESTWIFI");
        assert_eq!(of(json!({ "name": "Hall" })), "SERVER");
    }
}
