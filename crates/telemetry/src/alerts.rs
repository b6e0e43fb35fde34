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
        self.raised(now - KEPT, now).into_iter().find(|raised| self.alert_id(raised) == id)
    }

    /// The alerts of a stretch of time that can be read at `now`.
    fn raised(&self, from: Time, now: Time) -> Vec<Raised<'_>> {
        let of_app = |app| {
            self.incidents(app, from, now).into_iter().map(move |(place, incident)| (app, place, incident))
        };
        let mut all: Vec<_> = self
            .applications
            .iter()
            .flat_map(of_app)
            .filter_map(|(app, place, incident)| {
                let there = self.devices.iter().filter(|device| device.geolocation.id == place.id);
                let hits: Vec<_> = there
                    .filter_map(|device| Some((self.hit(device, app, &incident, now)?, device)))
                    .collect();
                let started_on = hits.iter().map(|(at, _)| *at).min()?;
                (now >= started_on + DISPLAY_DELAY).then(|| Raised {
                    app,
                    place,
                    incident,
                    started_on,
                    devices: hits.into_iter().map(|(_, device)| device).collect(),
                })
            })
            .collect();
        all.sort_by_key(|raised| (raised.started_on, raised.app.id));
        all
    }

    /// When a device scored poorly for the third time in a row during an incident, if it has by now.
    fn hit(&self, device: &Device, app: &Application, incident: &Incident, now: Time) -> Option<Time> {
        let mut run = 0;
        Window::between(incident.from, incident.to - 1, now).instants().find(|at| {
            let poor = self.score_at(device, app, *at).is_some_and(|score| Band::of(score) == Band::Poor);
            run = if poor { run + 1 } else { 0 };
            run == REPEATS
        })
    }

    fn shown(&self, raised: &Raised<'_>, num_devices: usize, now: Time) -> Alert {
        let ended_on = (now >= raised.incident.to + PROBE_EVERY).then_some(raised.incident.to);
        Alert {
            id: self.alert_id(raised),
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
    fn alert_id(&self, raised: &Raised<'_>) -> i64 {
        let keys = [raised.app.id, key(&raised.place.id), raised.incident.from];
        self.seed.draw("alert", &keys).whole(1_000_000_000_000_000_000, 8_999_999_999_999_999_999)
    }
}
