//! The tenant's records as the fleet that is measured.

use serde_json::Value;
use zuno_catalogue::handles::zdx::{app, device, user};
use zuno_engine::{Context, Stored, at_path};
use zuno_model::{Fault, Id, Record, Time};
use zuno_telemetry::{
    Application, Device, Fleet, Geolocation, Known, Named, Pace, Presence, Probe, Seed, User,
};

/// The sample fleet has been measured for a month when its tenant is made, so that every score has its baseline.
const MEASURED_BEFORE: Time = 30 * 86_400;
/// The site of those who are at none (seen in internet access).
const ROAD_WARRIOR: (i64, &str) = (-3, "Road Warrior");

/// Everything that is measured.
///
/// # Errors
/// The store failed.
pub fn of(cx: &Context<'_>) -> Result<Fleet, Fault> {
    let tenant = cx.tenant();
    let since = tenant.created - MEASURED_BEFORE;
    let mut devices = Vec::new();
    for stored in cx.all(device::KIND, None)? {
        devices.push(measured(cx, &stored, since)?);
    }
    let applications = cx.all(app::KIND, None)?.iter().map(application).collect();
    let pace = cx.given::<Pace>().copied().unwrap_or_default();
    Ok(Fleet { seed: Seed::of(&tenant.vanity), since, devices, applications, pace })
}

fn number(id: &Id) -> i64 {
    id.as_str().parse().unwrap_or_default()
}

fn text(record: &Record, path: &str) -> String {
    at_path(record, path).and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn some(record: &Record, path: &str) -> Option<String> {
    Some(text(record, path)).filter(|text| !text.is_empty())
}

fn measured(cx: &Context<'_>, stored: &Stored, enrolled: Time) -> Result<Device, Fault> {
    let record = &stored.record;
    let owner: Id = record.get(device::USERID).and_then(Id::from_value).unwrap_or_else(|| Id("0".into()));
    let user = cx.get(user::KIND, &owner)?.map(|stored| stored.record).unwrap_or_default();
    let (maker, model) = (some(record, "hardware.hw_mfg"), some(record, "hardware.hw_model"));
    let os = system(&text(record, device::NAME), maker.as_deref(), model.as_deref());
    Ok(Device {
        id: number(&stored.id),
        hostname: text(record, "software.hostname"),
        owner: User { id: number(&owner), name: text(&user, user::NAME), email: text(&user, user::EMAIL) },
        location: location(cx, record)?,
        department: department(cx, &owner)?,
        geolocation: place(record),
        presence: presence(&text(record, device::PRESENCE)),
        enrolled,
        known: Known {
            os: os.or_else(|| some(record, "software.os_name")),
            serial: some(record, "hardware.hw_serial"),
            mac: some(record, "network.mac"),
            client_version: some(record, "software.client_conn_ver"),
            maker,
            model,
        },
    })
}

/// The system inside `HOST (MAKER MODEL SYSTEM)`.
fn system(name: &str, maker: Option<&str>, model: Option<&str>) -> Option<String> {
    let inside = name.split_once(" (")?.1.strip_suffix(')')?;
    let rest = inside.strip_prefix(maker?)?.trim_start().strip_prefix(model?)?.trim_start();
    Some(rest.to_owned())
}

/// `always`, `never`, or local hours such as `8-18`; office hours when not said.
fn presence(said: &str) -> Presence {
    match said {
        "always" => Presence::Always,
        "never" => Presence::Never,
        hours => {
            let hours =
                hours.split_once('-').and_then(|(from, to)| Some((from.parse().ok()?, to.parse().ok()?)));
            let (from, to) = hours.unwrap_or((8, 18));
            Presence::Hours { from, to }
        }
    }
}

fn place(record: &Record) -> Geolocation {
    let degrees = |path: &str| at_path(record, path).and_then(Value::as_f64).unwrap_or_default();
    let offset = at_path(record, "place.utc_offset_minutes").and_then(Value::as_i64).unwrap_or_default();
    Geolocation {
        id: text(record, "geo_loc.id"),
        city: text(record, "geo_loc.city"),
        state_id: text(record, "place.state_id"),
        state: text(record, "geo_loc.state"),
        country_id: text(record, "place.country_id"),
        country: text(record, "place.country"),
        latitude: degrees("geo_loc.geo_lat"),
        longitude: degrees("geo_loc.geo_long"),
        utc_offset_minutes: i32::try_from(offset).unwrap_or_default(),
    }
}

/// Sites are internet access's locations.
fn location(cx: &Context<'_>, record: &Record) -> Result<Option<Named>, Fault> {
    let Some(id) = at_path(record, "zs_loc.id").and_then(Id::from_value) else { return Ok(None) };
    let (road, name) = ROAD_WARRIOR;
    if number(&id) == road {
        return Ok(Some(Named { id: road, name: name.to_owned() }));
    }
    Ok(cx.get("zia.location", &id)?.map(|stored| named(&stored)))
}

/// Departments are internet access's; its users and the measured ones have the same ids.
fn department(cx: &Context<'_>, user: &Id) -> Result<Option<Named>, Fault> {
    if cx.catalogue().resource("zia.user").is_none() {
        return Ok(None);
    }
    let user = cx.get("zia.user", user)?;
    let held = user.as_ref().and_then(|user| user.record.get("department"));
    let id = held.and_then(|held| Id::from_value(held).or_else(|| Id::from_value(held.get("id")?)));
    let found = id.map(|id| cx.get("zia.department", &id)).transpose()?.flatten();
    Ok(found.map(|stored| named(&stored)))
}

fn named(stored: &Stored) -> Named {
    Named { id: number(&stored.id), name: text(&stored.record, "name") }
}

fn application(stored: &Stored) -> Application {
    let record = &stored.record;
    let probes = |member: &str| {
        let held = record.get(member).and_then(Value::as_array).into_iter().flatten();
        let probe = |probe: &Value| {
            Some(Probe { id: probe.get("id")?.as_i64()?, name: probe.get("name")?.as_str()?.to_owned() })
        };
        held.filter_map(probe).collect()
    };
    Application {
        id: number(&stored.id),
        name: text(record, app::NAME),
        page_fetch_ms: record.get(app::PAGE_FETCH_MS).and_then(Value::as_f64).unwrap_or(1000.0),
        web_probes: probes(app::WEB_PROBES),
        path_probes: probes(app::CLOUDPATH_PROBES),
        meetings: record.get(app::MEETINGS).and_then(Value::as_bool).unwrap_or(false),
    }
}

#[cfg(test)]
mod tests {
    use zuno_telemetry::Presence;

    use super::{presence, system};

    #[test]
    fn the_system_stands_behind_maker_and_model() {
        let name = "ACME-LT-0102 (LENOVO 21HM Microsoft Windows 11 Enterprise;64 bit)";
        let found = system(name, Some("LENOVO"), Some("21HM"));
        assert_eq!(found.as_deref(), Some("Microsoft Windows 11 Enterprise;64 bit"));
        assert_eq!(system("ACME-LT-0102", Some("LENOVO"), Some("21HM")), None);
    }

    #[test]
    fn presence_is_read_from_a_word_or_hours() {
        assert_eq!(presence("always"), Presence::Always);
        assert_eq!(presence("22-6"), Presence::Hours { from: 22, to: 6 });
        assert_eq!(presence(""), Presence::Hours { from: 8, to: 18 });
    }
}
