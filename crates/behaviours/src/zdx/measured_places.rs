//! Where devices reported: places on earth, departments and sites.

use zuno_catalogue::handles::zdx::{active_geo, department};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;
use zuno_telemetry::{Device, Named};

use super::fleet;
use super::question::{asked, each, scope, window};

struct MeasuredPlaces;

/// No parameters.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MeasuredPlaces))
}

/// Each named thing once, in order of id, as far as a part of the name or the id is asked for (documented).
fn distinct(devices: &[Device], of: fn(&Device) -> &Option<Named>, words: Option<&str>) -> Vec<Named> {
    let mut found: Vec<Named> = devices.iter().filter_map(|device| of(device).clone()).collect();
    if let Some(words) = words.map(str::to_lowercase) {
        found.retain(|named| named.name.to_lowercase().contains(&words) || named.id.to_string() == words);
    }
    found.sort_by_key(|named| named.id);
    found.dedup();
    found
}

impl Behaviour for MeasuredPlaces {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let (fleet, window) = (fleet::of(cx)?, window(call)?);
        let kind = cx.catalogue().resources()[call.resource].kind.as_str();
        let words = asked(call, "q").or_else(|| asked(call, "search"));
        let items = match kind {
            active_geo::KIND => {
                let parent = asked(call, "parent_geo_id");
                each(&fleet.active_geo(parent, words, &scope(call)?, &window))?
            }
            department::KIND => each(&distinct(&fleet.devices, |device| &device.department, words))?,
            _ => each(&distinct(&fleet.devices, |device| &device.location, words))?,
        };
        Ok(Outcome::Value(items.into()))
    }
}

#[cfg(test)]
mod tests {
    use zuno_telemetry::{Device, Geolocation, Known, Named, Presence, User};

    use super::distinct;

    #[test]
    fn each_department_shows_once_and_is_found_by_name_or_id() {
        let device = |id: i64, department: i64, name: &str| Device {
            id,
            hostname: String::new(),
            owner: User { id, name: String::new(), email: String::new() },
            location: None,
            department: Some(Named { id: department, name: name.to_owned() }),
            geolocation: Geolocation {
                id: String::new(),
                city: String::new(),
                state_id: String::new(),
                state: String::new(),
                country_id: String::new(),
                country: String::new(),
                latitude: 0.0,
                longitude: 0.0,
                utc_offset_minutes: 0,
            },
            presence: Presence::Always,
            enrolled: 0,
            known: Known::default(),
        };
        let devices = [device(1, 20, "Sales"), device(2, 10, "Engineering"), device(3, 20, "Sales")];
        let ids =
            |words| distinct(&devices, |device| &device.department, words).iter().map(|d| d.id).collect();
        let (all, by_name, by_id): (Vec<i64>, Vec<i64>, Vec<i64>) =
            (ids(None), ids(Some("eNG")), ids(Some("20")));
        assert_eq!((all, by_name, by_id), (vec![10, 20], vec![10], vec![20]));
    }
}
