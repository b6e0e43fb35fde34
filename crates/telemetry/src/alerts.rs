//! Alerts: what the rules make of an application that fails a region.
//!
//! Each application has one rule: a device scores poorly three times in a row. The alert starts with the third
//! measurement and can be read half an hour later (documented: repeat count, and a display delay of 30 minutes).

use zuno_model::Time;

use crate::{
    fleet::{Application, Device, Fleet, Geolocation, Named, Scope},
    random::key,
    score::Band,
    spans::{DAY, MINUTE},
    trouble::Incident,
    window::Window,
    wire::{AffectedDevice, Alert, AlertDetail, AlertPart, AlertPlace, NamedRef},
};

const REPEATS: Time = 3;
const PROBE_EVERY: Time = 5 * MINUTE;
const DISPLAY_DELAY: Time = 30 * MINUTE;
/// How long alerts are kept (documented).
const KEPT: Time = 14 * DAY;

/// An alert with what it was made from.
struct Raised<'a> {
    app: &'a Application,
    place: &'a Geolocation,
    incident: Incident,
    started_on: Time,
    devices: Vec<&'a Device>,
}

/// What an incident is known by.
type Known<'a> = (&'a Application, &'a Geolocation, Incident);

impl Fleet {
    /// The alerts that last, of those that started inside the window.
    pub fn ongoing_alerts(&self, scope: &Scope, window: &Window) -> Vec<Alert> {
        let ongoing = |alert: &Alert| alert.ended_on.is_none() && window.contains(alert.started_on);
        self.alerts(scope, window).into_iter().filter(ongoing).collect()
    }

    /// The alerts that ended inside the window.
    pub fn historical_alerts(&self, scope: &Scope, window: &Window) -> Vec<Alert> {
        let ended = |alert: &Alert| alert.ended_on.is_some_and(|end| window.contains(end));
        self.alerts(scope, window).into_iter().filter(ended).collect()
    }

    /// One alert with those it concerns, as known at `now`.
    pub fn alert(&self, id: i64, now: Time) -> Option<AlertDetail> {
        let raised = self.raised_as(id, now)?;
        let parts = |of: fn(&Device) -> &Option<Named>| {
            let mut parts: Vec<AlertPart> = Vec::new();
            for named in raised.devices.iter().filter_map(|device| of(device).as_ref()) {
                match parts.iter_mut().find(|part| part.id == named.id) {
                    Some(part) => part.num_devices += 1,
                    None => parts.push(AlertPart { id: named.id, name: named.name.clone(), num_devices: 1 }),
                }
            }
            parts
        };
        Some(AlertDetail {
            alert: self.shown(&raised, raised.devices.len(), now),
            departments: parts(|device| &device.department),
            locations: parts(|device| &device.location),
            geolocations: vec![AlertPlace {
                id: raised.place.id.clone(),
                city: raised.place.city.clone(),
                state: raised.place.state.clone(),
                country: raised.place.country.clone(),
                num_devices: raised.devices.len(),
            }],
        })
    }

    /// The devices in scope that an alert concerns.
    pub fn affected_devices(&self, id: i64, scope: &Scope, now: Time) -> Option<Vec<AffectedDevice>> {
        let raised = self.raised_as(id, now)?;
        let affected =
            raised.devices.into_iter().filter(|device| scope.takes(device)).map(|device| AffectedDevice {
                id: device.id,
                name: device.display_name(self.seed),
                userid: device.owner.id,
                user_name: device.owner.name.clone(),
                user_email: device.owner.email.clone(),
            });
        Some(affected.collect())
    }

    fn alerts(&self, scope: &Scope, window: &Window) -> Vec<Alert> {
        // An incident may have begun a day before the window that its alert ends in.
        let raised = self.raised(window.from() - DAY, window.now());
        let shown = raised.iter().filter_map(|raised| {
            let devices = raised.devices.iter().filter(|device| scope.takes(device)).count();
            (devices > 0).then(|| self.shown(raised, devices, window.now()))
        });
        shown.collect()
    }

    fn raised_as(&self, id: i64, now: Time) -> Option<Raised<'_>> {
        let mut known = self.known(now - KEPT, now).into_iter();
        self.raise(known.find(|known| self.alert_id(known) == id)?, now)
    }

    /// The alerts of a stretch of time that can be read at `now`.
    fn raised(&self, from: Time, now: Time) -> Vec<Raised<'_>> {
        let mut all: Vec<_> =
            self.known(from, now).into_iter().filter_map(|known| self.raise(known, now)).collect();
        all.sort_by_key(|raised| (raised.started_on, raised.app.id));
        all
    }

    /// The incidents that touch a stretch of time.
    fn known(&self, from: Time, now: Time) -> Vec<Known<'_>> {
        let of_app = |app| {
            self.incidents(app, from, now).into_iter().map(move |(place, incident)| (app, place, incident))
        };
        self.applications.iter().flat_map(of_app).collect()
    }

    /// The alert that an incident raised, if it has by now.
    fn raise<'a>(&'a self, (app, place, incident): Known<'a>, now: Time) -> Option<Raised<'a>> {
        let roll = self.roll();
        let at_place = |nth: &&u32| self.devices[**nth as usize].geolocation.id == place.id;
        let first = *roll.places.iter().find(at_place)?;
        let here = roll.place[first as usize];
        // Nothing of it changes any more once its last measurement is in.
        let is_over = now >= incident.to;
        let hits = self.memory.hits((app.id, first, incident.from), is_over, || {
            let there = (0u32..).zip(&self.devices).filter(|(nth, _)| roll.place[*nth as usize] == here);
            there.filter_map(|(nth, device)| Some((self.hit(device, app, &incident, now)?, nth))).collect()
        });
        let started_on = hits.iter().map(|(at, _)| *at).min()?;
        (now >= started_on + DISPLAY_DELAY).then(|| Raised {
            app,
            place,
            incident,
            started_on,
            devices: hits.iter().map(|(_, nth)| &self.devices[*nth as usize]).collect(),
        })
    }

    /// When a device scored poorly for the third time in a row during an incident, if it has by now.
    fn hit(&self, device: &Device, app: &Application, incident: &Incident, now: Time) -> Option<Time> {
        let (mut run, mut hit, mut last) = (0, None, incident.from - PROBE_EVERY);
        let (mut now_at, mut lowest) = (None, None);
        let mut ends = |at: Time, low: Option<i64>| {
            // An instant without a score breaks the row.
            run = match low.map(Band::of) {
                Some(Band::Poor) if at == last + PROBE_EVERY => run + 1,
                Some(Band::Poor) => 1,
                _ => 0,
            };
            last = at;
            if run == REPEATS && hit.is_none() {
                hit = Some(at);
            }
        };
        self.each_fetch(device, &[app], (incident.from, (incident.to - 1).min(now)), |_, at, fetch| {
            if now_at != Some(at) {
                if let Some(done) = now_at.replace(at) {
                    ends(done, lowest);
                }
                lowest = None;
            }
            lowest = match (lowest, fetch.score) {
                (Some(low), Some(score)) => Some(score.min(low)),
                (low, score) => low.or(score),
            };
        });
        if let Some(done) = now_at {
            ends(done, lowest);
        }
        hit
    }

    fn shown(&self, raised: &Raised<'_>, num_devices: usize, now: Time) -> Alert {
        let ended_on = (now >= raised.incident.to + PROBE_EVERY).then_some(raised.incident.to);
        Alert {
            id: self.alert_id(&(raised.app, raised.place, raised.incident)),
            rule_name: format!("{} score", raised.app.name),
            severity: if raised.incident.slower > 5.0 { "critical" } else { "warning" },
            alert_type: "application",
            alert_status: if ended_on.is_some() { "completed" } else { "ongoing" },
            application: NamedRef { id: raised.app.id, name: raised.app.name.clone() },
            num_geolocations: 1,
            num_devices,
            started_on: raised.started_on,
            ended_on,
        }
    }

    /// 19 digits, as the cloud's are.
    fn alert_id(&self, (app, place, incident): &Known<'_>) -> i64 {
        let keys = [app.id, key(&place.id), incident.from];
        self.seed.draw("alert", &keys).whole(1_000_000_000_000_000_000, 8_999_999_999_999_999_999)
    }
}
