//! One device and one application: what their measurements start from, reckoned once for as many instants as are asked.

use zuno_model::Time;

use crate::{
    fleet::{Application, Device, Fleet},
    probe::Probe,
    random::{Seed, key},
    score,
    signal::{Condition, Fetch, Path},
    spans::DAY,
    trouble::Incident,
    wire::hundredths,
};

/// What the measurements of an application on a device start from.
pub(crate) struct Bearings<'f> {
    fleet: &'f Fleet,
    device: &'f Device,
    app: &'f Application,
    place: i64,
    /// What a quiet path looks like, in milliseconds.
    legs_ms: [f64; 3],
    /// A page in a quiet hour, in milliseconds.
    usual_ms: f64,
    machine: f64,
    /// The baseline's share of that, by the day of the epoch that it holds for.
    share: Option<(Time, f64)>,
    /// The incident of a local day, if there is one.
    incident: Option<(Time, Option<Incident>)>,
}

/// What a quiet path looks like, in milliseconds.
fn usual_legs(seed: Seed, device: &Device, app: &Application, place: i64) -> [f64; 3] {
    [
        seed.draw("client leg", &[device.id]).between(5.0, 17.0),
        seed.draw("edge leg", &[place]).between(10.0, 32.0),
        seed.draw("app leg", &[place, app.id]).between(5.0, 55.0),
    ]
}

/// The parts of a fetch before the page itself: name, connection, TLS, first byte; in milliseconds.
fn round_trips(legs_ms: &[f64; 3], dns_ms: f64, page_ms: f64) -> [f64; 4] {
    let trip: f64 = legs_ms.iter().sum();
    [dns_ms, trip, 1.6 * trip, trip + 0.2 * page_ms]
}

impl<'f> Bearings<'f> {
    pub(crate) fn of(fleet: &'f Fleet, device: &'f Device, app: &'f Application) -> Bearings<'f> {
        let (seed, place) = (fleet.seed, key(&device.geolocation.id));
        let legs_ms = usual_legs(seed, device, app, place);
        let regional = app.page_fetch_ms * seed.draw("region", &[app.id, place]).between(0.92, 1.12);
        // A page cannot be quicker than the round trips it is made of.
        let usual_ms = regional.max(round_trips(&legs_ms, 20.0, regional).into_iter().sum::<f64>() * 1.15);
        let machine = seed.draw("machine", &[device.id]).between(0.86, 1.06);
        Bearings { fleet, device, app, place, legs_ms, usual_ms, machine, share: None, incident: None }
    }

    /// What a page of an application usually takes in a device's region, in milliseconds; none in a tenant's first
    /// week (documented). The cloud takes a rolling mean of seven days, anew each day (documented); here it is drawn
    /// close to that mean, since computing it would cost two thousand fetches a device for every score.
    fn baseline(&mut self, at: Time) -> Option<f64> {
        if at < self.fleet.since.max(self.app.since) + 7 * DAY {
            return None;
        }
        let day = at.div_euclid(DAY);
        if self.share.is_none_or(|(of, _)| of != day) {
            let draw = self.fleet.seed.draw("baseline", &[self.app.id, self.place, day]);
            self.share = Some((day, draw.between(1.04, 1.1)));
        }
        self.share.map(|(_, share)| self.usual_ms * share)
    }

    /// How many times slower an incident makes pages here and now.
    pub(crate) fn slower(&mut self, at: Time) -> Option<f64> {
        let place = &self.device.geolocation;
        let day = place.day(at);
        if self.incident.is_none_or(|(of, _)| of != day) {
            self.incident = Some((day, self.app.incident(self.fleet.seed, place, day)));
        }
        let incident = self.incident.and_then(|(_, incident)| incident)?;
        (incident.from..incident.to).contains(&at).then_some(incident.slower)
    }

    /// The way to the application, on a device that is so.
    pub(crate) fn path(&mut self, at: Time, condition: &Condition) -> Path {
        let noise = self.fleet.seed.draw("path", &[self.device.id, self.app.id, at]);
        let mut last_ms = self.legs_ms[2] * (1.0 + 0.1 * condition.load) * noise.between(0.93, 1.1);
        let mut last_loss = 0.0;
        if let Some(incident) = self.slower(at) {
            last_ms += 9.0 * incident;
            last_loss = incident * 0.3;
        }
        Path {
            legs_ms: [condition.client_leg_ms, condition.edge_leg_ms, last_ms].map(f64::round),
            losses: [condition.client_loss, condition.edge_loss, last_loss].map(hundredths),
            tunnel: condition.tunnel,
        }
    }

    /// One fetch by one probe, which measures here and now, on a device that is so.
    pub(crate) fn fetch(&mut self, probe: &Probe, at: Time, condition: &Condition, path: &Path) -> Fetch {
        let total_ms: f64 = self.legs_ms.iter().sum();
        let ms: f64 = path.legs_ms.iter().sum();
        let loss: f64 = path.losses.iter().sum();
        let incident = self.slower(at);
        let noise = self.fleet.seed.draw("fetch", &[self.device.id, probe.id, at]);

        let usual = self.usual_ms;
        let render = 1.0 + (condition.cpu - 90.0).max(0.0) * 0.22;
        let network = 0.5 + 0.5 * (ms / total_ms) + 0.04 * loss;
        let parts = round_trips(&path.legs_ms, condition.dns_ms, usual);
        let pft = (usual * self.machine * (1.0 + 0.22 * condition.load) * noise.between(0.92, 1.12) * render
            + usual * (network - 1.0).max(-0.1)
            + 2.0 * (condition.dns_ms - 40.0).max(0.0))
            * incident.unwrap_or(1.0);
        let pft = pft.max(parts.iter().sum()).round();
        let failing = 0.0004 + if incident.is_some() { 0.15 } else { 0.0 } + loss * 0.002;
        let available = !noise.then(1).chance(failing);
        let score =
            self.baseline(at).map(|baseline| if available { score::of_ratio(pft / baseline) } else { 0 });
        let [dns, tcp, ssl, ttfb] = parts.map(f64::round);
        Fetch { available, pft, dns, tcp, ssl, ttfb, score }
    }
}
