//! What can be told of a fleet, by the words that the catalogue uses.

use serde::Serialize;
use serde_json::Value;
use zuno_model::Fault;
use zuno_telemetry::{AppMetric, Device, Fleet, Leg, Named, score::Band};

use super::question::{Question, json, wrong};
use super::subject::Subject;

/// What a question comes to.
pub enum Told<'f> {
    /// Records, of which the resource tells the part that is asked for, in its own members.
    Many(Rows<'f>),
    /// A record, told in the resource's own members.
    One(Value),
    /// As it was measured, with nothing around it.
    Bare(Value),
}

/// What is measured, and told.
pub struct Measure {
    /// The catalogue's word.
    pub word: &'static str,
    /// What the path's `{id}` names.
    pub of: Option<Subject>,
    tell: Tell,
}

/// Records that are put into words when they are shown.
pub struct Rows<'f> {
    /// How many there are.
    pub total: usize,
    row: Box<dyn Fn(usize) -> Result<Value, Fault> + 'f>,
}

impl Rows<'_> {
    /// One of them.
    ///
    /// # Errors
    /// It cannot be written, which would be our fault.
    pub fn row(&self, nth: usize) -> Result<Value, Fault> {
        (self.row)(nth)
    }
}

/// None where what the path names is not in the fleet.
type Tell = for<'f, 'q, 'c> fn(&'f Fleet, &'q Question<'c>) -> Result<Option<Told<'f>>, Fault>;

const fn measure(word: &'static str, of: Option<Subject>, tell: Tell) -> Measure {
    Measure { word, of, tell }
}

/// Everything that can be told.
const MEASURES: [Measure; 32] = [
    measure("applications", None, |fleet, asked| many(Some(fleet.apps(&asked.scope()?, &asked.window()?)))),
    measure("application", Some(Subject::Application), |fleet, asked| {
        one(fleet.app(asked.application(), &asked.scope()?, &asked.window()?))
    }),
    measure("application-score", Some(Subject::Application), |fleet, asked| {
        bare(fleet.app_score(asked.application(), &asked.scope()?, &asked.window()?))
    }),
    measure("application-metric", Some(Subject::Application), |fleet, asked| {
        bare(fleet.app_metric(asked.application(), metric(asked)?, &asked.scope()?, &asked.window()?))
    }),
    measure("application-users", None, |fleet, asked| {
        let users = fleet.app_users(asked.application(), band(asked)?, &asked.scope()?, &asked.window()?);
        many(users.map(|users| of_words(asked, users, |user| [&user.name, &user.email])))
    }),
    measure("application-user", Some(Subject::User), |fleet, asked| {
        one(fleet.app_user(asked.application(), asked.user(), &asked.window()?))
    }),
    measure("users", None, |fleet, asked| {
        let users = fleet.users(&asked.scope()?, &asked.window()?);
        let users = of_words(asked, users, |devices| [&devices[0].owner.name, &devices[0].owner.email]);
        Ok(Some(lazily(users, |devices| json(&fleet.user_detail(devices)))))
    }),
    measure("user", Some(Subject::User), |fleet, asked| one(fleet.user(asked.user(), &asked.window()?))),
    measure("devices", None, |fleet, asked| {
        let devices = fleet.reporting(&asked.scope()?, &asked.window()?);
        Ok(Some(lazily(devices, |device| json(&fleet.device_item(device)))))
    }),
    measure("device-health", Some(Subject::Device), |fleet, asked| {
        bare(fleet.health(asked.device(), &asked.window()?))
    }),
    measure("device-events", Some(Subject::Device), |fleet, asked| {
        bare(fleet.events(asked.device(), &asked.window()?))
    }),
    measure("device-processes", Some(Subject::Device), |fleet, asked| {
        bare(fleet.top_processes(asked.device(), &asked.window()?))
    }),
    measure("device-applications", None, |fleet, asked| {
        bare(fleet.device_apps(asked.device(), &asked.window()?))
    }),
    measure("device-application", Some(Subject::Application), |fleet, asked| {
        bare(fleet.device_app_score(asked.device(), asked.application(), &asked.window()?))
    }),
    measure("calls", Some(Subject::Application), |fleet, asked| {
        bare(fleet.call_quality(asked.device(), asked.application(), &asked.window()?))
    }),
    measure("page-probes", None, |fleet, asked| {
        bare(fleet.web_probes(asked.device(), asked.application(), &asked.window()?))
    }),
    measure("page-fetch-times", Some(Subject::Probe), |fleet, asked| {
        bare(fleet.web_probe(asked.device(), asked.application(), asked.probe(), &asked.window()?))
    }),
    measure("page-metrics", Some(Subject::Probe), |fleet, asked| {
        bare(fleet.web_probe_metrics(asked.device(), asked.application(), asked.probe(), &asked.window()?))
    }),
    measure("path-probes", None, |fleet, asked| {
        bare(fleet.path_probes(asked.device(), asked.application(), &asked.window()?))
    }),
    measure("path-metrics", Some(Subject::Probe), |fleet, asked| legs(fleet, asked, &[Leg::EndToEnd])),
    measure("leg-metrics", Some(Subject::Probe), |fleet, asked| legs(fleet, asked, &Leg::ALL)),
    measure("path-traces", Some(Subject::Probe), |fleet, asked| {
        bare(fleet.path_traces(asked.device(), asked.application(), asked.probe(), &asked.window()?))
    }),
    measure("places", None, |fleet, asked| {
        let (parent, words) = (asked.word("parent_geo_id"), asked.word("q"));
        bare(Some(fleet.active_geo(parent, words, &asked.scope()?, &asked.window()?)))
    }),
    measure("departments", None, |fleet, asked| named(fleet, asked, |device| &device.department)),
    measure("sites", None, |fleet, asked| named(fleet, asked, |device| &device.location)),
    measure("ongoing-alerts", None, |fleet, asked| {
        many(Some(fleet.ongoing_alerts(&asked.scope()?, &asked.alert_window()?)))
    }),
    measure("past-alerts", None, |fleet, asked| {
        many(Some(fleet.historical_alerts(&asked.scope()?, &asked.alert_window()?)))
    }),
    measure("alert", Some(Subject::Alert), |fleet, asked| one(fleet.alert(asked.alert(), asked.now))),
    measure("alert-devices", Some(Subject::Alert), |fleet, asked| {
        many(fleet.affected_devices(asked.alert(), &asked.scope()?, asked.now))
    }),
    measure("packages", None, |fleet, asked| many(Some(fleet.software(&asked.scope()?)))),
    measure("installed", Some(Subject::Package), |fleet, asked| {
        many(fleet.installed(asked.package(), &asked.scope()?))
    }),
    measure("finding", Some(Subject::Device), |fleet, asked| {
        bare(fleet.analysis(asked.device(), asked.application(), &asked.window()?))
    }),
];

impl Measure {
    /// What a word of the catalogue's means.
    pub fn named(word: &str) -> Option<&'static Measure> {
        MEASURES.iter().find(|measure| measure.word == word)
    }

    /// What a fleet answers.
    ///
    /// # Errors
    /// The question makes no sense.
    pub fn tell<'f>(&self, fleet: &'f Fleet, asked: &Question<'_>) -> Result<Option<Told<'f>>, Fault> {
        (self.tell)(fleet, asked)
    }
}

fn many<'f, T: Serialize + 'f>(found: Option<Vec<T>>) -> Result<Option<Told<'f>>, Fault> {
    Ok(found.map(|found| lazily(found, json)))
}

/// Records that are told one by one, as far as they are asked for.
fn lazily<'f, T: 'f>(found: Vec<T>, told: impl Fn(&T) -> Result<Value, Fault> + 'f) -> Told<'f> {
    Told::Many(Rows { total: found.len(), row: Box::new(move |nth| told(&found[nth])) })
}

fn one<'f>(found: Option<impl Serialize>) -> Result<Option<Told<'f>>, Fault> {
    Ok(found.as_ref().map(json).transpose()?.map(Told::One))
}

fn bare<'f>(found: Option<impl Serialize>) -> Result<Option<Told<'f>>, Fault> {
    Ok(found.as_ref().map(json).transpose()?.map(Told::Bare))
}

/// Those whose name or address has the words of `q`, whatever the case of letters.
fn of_words<T>(asked: &Question<'_>, mut found: Vec<T>, told: fn(&T) -> [&String; 2]) -> Vec<T> {
    if let Some(words) = asked.word("q").map(str::to_lowercase) {
        found.retain(|one| told(one).iter().any(|text| text.to_lowercase().contains(&words)));
    }
    found
}

fn legs<'f>(fleet: &'f Fleet, asked: &Question<'_>, legs: &[Leg]) -> Result<Option<Told<'f>>, Fault> {
    bare(fleet.path_probe(asked.device(), asked.application(), asked.probe(), legs, &asked.window()?))
}

/// Each named thing of the devices once, in order of id, as far as a part of the name or the id is asked for (documented).
fn named<'f>(
    fleet: &'f Fleet,
    asked: &Question<'_>,
    of: fn(&Device) -> &Option<Named>,
) -> Result<Option<Told<'f>>, Fault> {
    asked.window()?;
    let words = asked.word("q").or_else(|| asked.word("search"));
    bare(Some(distinct(&fleet.devices, of, words)))
}

fn distinct(devices: &[Device], of: fn(&Device) -> &Option<Named>, words: Option<&str>) -> Vec<Named> {
    let mut found: Vec<Named> = devices.iter().filter_map(|device| of(device).clone()).collect();
    if let Some(words) = words.map(str::to_lowercase) {
        found.retain(|named| named.name.to_lowercase().contains(&words) || named.id.to_string() == words);
    }
    found.sort_by_key(|named| named.id);
    found.dedup();
    found
}

fn band(asked: &Question<'_>) -> Result<Option<Band>, Fault> {
    match asked.word("score_bucket") {
        None => Ok(None),
        Some("poor") => Ok(Some(Band::Poor)),
        Some("okay") => Ok(Some(Band::Okay)),
        Some("good") => Ok(Some(Band::Good)),
        Some(other) => Err(wrong(format!("`score_bucket` must be poor, okay or good, not `{other}`"))),
    }
}

fn metric(asked: &Question<'_>) -> Result<AppMetric, Fault> {
    let name = asked.word("metric_name").unwrap_or("pft");
    let unknown = || wrong(format!("`metric_name` must be pft, dns or availability, not `{name}`"));
    AppMetric::named(name).ok_or_else(unknown)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use zuno_telemetry::{Device, Geolocation, KnownDevice, Named, Presence, User};

    use super::{MEASURES, distinct};

    #[test]
    fn no_word_means_two_things() {
        let words: BTreeSet<&str> = MEASURES.iter().map(|measure| measure.word).collect();
        assert_eq!(words.len(), MEASURES.len());
    }

    #[test]
    fn each_department_shows_once_and_is_found_by_name_or_id() {
        let device = |id: i64, department: i64, name: &str| Device {
            id,
            hostname: String::new(),
            owner: User { id, name: String::new(), email: String::new() },
            location: None,
            department: Some(Named { id: department, name: name.to_owned() }),
            groups: Vec::new(),
            location_groups: Vec::new(),
            system: 0,
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
            known: KnownDevice::default(),
        };
        let devices = [device(1, 20, "Sales"), device(2, 10, "Engineering"), device(3, 20, "Sales")];
        let ids =
            |words| distinct(&devices, |device| &device.department, words).iter().map(|d| d.id).collect();
        let (all, by_name, by_id): (Vec<i64>, Vec<i64>, Vec<i64>) =
            (ids(None), ids(Some("eNG")), ids(Some("20")));
        assert_eq!((all, by_name, by_id), (vec![10, 20], vec![10], vec![20]));
    }
}
