//! What one device measures at one instant. Everything else in this crate counts, averages and arranges these.

use zuno_model::Time;

use crate::{
    fleet::{Application, Device, Fleet, Probe},
    random::{Seed, key},
    score,
    spans::DAY,
    trouble::Cause,
    wire::hundredths,
};

/// How a device is at one instant, whatever it talks to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Condition {
    /// 0 to 1.
    pub(crate) load: f64,
    /// Percent.
    pub(crate) cpu: f64,
    /// Percent; none on a wire.
    pub(crate) wifi_signal: Option<f64>,
    /// Milliseconds from the device to where it leaves its network.
    pub(crate) client_leg_ms: f64,
    /// Milliseconds from there to the service edge.
    pub(crate) edge_leg_ms: f64,
    /// Percent of packets lost on those two legs.
    pub(crate) client_loss: f64,
    pub(crate) edge_loss: f64,
    /// Milliseconds to resolve a name.
    pub(crate) dns_ms: f64,
    /// Kind of tunnel: 3 as a rule, 1 on a detour. Only 0 and 3 are attested, their meaning is guessed.
    pub(crate) tunnel: i64,
}

/// The latencies and losses of the three legs, in milliseconds and percent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Path {
    pub(crate) legs_ms: [f64; 3],
    pub(crate) losses: [f64; 3],
    pub(crate) tunnel: i64,
}

/// One fetch of a page; times in whole milliseconds.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Fetch {
    pub(crate) available: bool,
    pub(crate) pft: f64,
    pub(crate) dns: f64,
    pub(crate) tcp: f64,
    pub(crate) ssl: f64,
    pub(crate) ttfb: f64,
    /// None until there is a baseline to compare with.
    pub(crate) score: Option<i64>,
}

/// What a quiet path looks like, in milliseconds.
fn usual_legs(seed: Seed, device: &Device, app: &Application) -> [f64; 3] {
    let place = key(&device.geolocation.id);
    [
        seed.draw("client leg", &[device.id]).between(5.0, 17.0),
        seed.draw("edge leg", &[place]).between(10.0, 32.0),
        seed.draw("app leg", &[place, app.id]).between(5.0, 55.0),
    ]
}

impl Device {
    /// How it is at an instant. Only meaningful while it is on.
    pub(crate) fn condition(&self, seed: Seed, at: Time) -> Condition {
        let place = &self.geolocation;
        let (day, load) = (place.day(at), place.load(at));
        let detour = self.detour(seed, day).is_some_and(|detour| (detour.from..detour.to).contains(&at));
        let noise = seed.draw("condition", &[self.id, at]);
        let client_base = seed.draw("client leg", &[self.id]).between(5.0, 17.0);
        let edge_base = seed.draw("edge leg", &[key(&place.id)]).between(10.0, 32.0);

        let mut now = Condition {
            load,
            cpu: 6.0
                + 26.0 * load
                + 18.0 * seed.drift("cpu", &[self.id], at, 1800)
                + noise.then(1).between(0.0, 8.0),
            wifi_signal: self.wireless(seed).then(|| {
                72.0 + 20.0 * seed.drift("wifi", &[self.id], at, 3600) + noise.then(2).between(-3.0, 3.0)
            }),
            client_leg_ms: client_base * (1.0 + 0.2 * load) * noise.then(3).between(0.92, 1.12),
            edge_leg_ms: edge_base * (1.0 + 0.1 * load) * noise.then(4).between(0.95, 1.1)
                + if detour { 24.0 } else { 0.0 },
            client_loss: 0.0,
            edge_loss: 0.0,
            dns_ms: seed.draw("dns", &[self.id]).between(8.0, 26.0) * noise.then(5).between(0.8, 1.3),
            tunnel: if detour { 1 } else { 3 },
        };
        for trouble in self.troubles(seed, day).filter(|trouble| trouble.at(at)) {
            let much = trouble.severity;
            match trouble.cause {
                Cause::WeakWifi => {
                    let signal = 38.0 - 24.0 * much + noise.then(6).between(-2.0, 2.0);
                    now.wifi_signal = Some(signal);
                    now.client_leg_ms += (42.0 - signal) * 4.0 * noise.then(7).between(0.8, 1.3);
                    now.client_loss += (42.0 - signal) * 0.22;
                }
                Cause::BusyProcessor => now.cpu = 91.0 + 6.0 * much + noise.then(6).between(0.0, 2.0),
                Cause::SlowNames => now.dns_ms += (180.0 + 700.0 * much) * noise.then(6).between(0.8, 1.2),
                Cause::SlowUplink => {
                    now.edge_leg_ms += (70.0 + 210.0 * much) * noise.then(6).between(0.85, 1.15);
                    now.edge_loss += 1.0 + 5.0 * much;
                }
            }
        }
        now
    }
}

impl Fleet {
    /// The way from a device to an application at an instant; none while the device is off.
    pub(crate) fn path(&self, device: &Device, app: &Application, at: Time) -> Option<Path> {
        device
            .online(self.seed, at)
            .then(|| self.path_under(device, app, at, &device.condition(self.seed, at)))
    }

    fn path_under(&self, device: &Device, app: &Application, at: Time, condition: &Condition) -> Path {
        let usual = usual_legs(self.seed, device, app);
        let noise = self.seed.draw("path", &[device.id, app.id, at]);
        let mut last_ms = usual[2] * (1.0 + 0.1 * condition.load) * noise.between(0.93, 1.1);
        let mut last_loss = 0.0;
        if let Some(incident) = self.incident_at(device, app, at) {
            last_ms += 9.0 * incident;
            last_loss = incident * 0.3;
        }
        Path {
            legs_ms: [condition.client_leg_ms, condition.edge_leg_ms, last_ms].map(f64::round),
            losses: [condition.client_loss, condition.edge_loss, last_loss].map(hundredths),
            tunnel: condition.tunnel,
        }
    }

    /// How many times slower an incident makes pages here and now.
    fn incident_at(&self, device: &Device, app: &Application, at: Time) -> Option<f64> {
        let place = &device.geolocation;
        let incident = app.incident(self.seed, place, place.day(at))?;
        (incident.from..incident.to).contains(&at).then_some(incident.slower)
    }

    /// What a page of an application usually takes in a device's region, in milliseconds; none in a tenant's first
    /// week (documented). The cloud takes a rolling mean of seven days, anew each day (documented); here it is drawn
    /// close to that mean, since computing it would cost two thousand fetches a device for every score.
    pub(crate) fn baseline(&self, device: &Device, app: &Application, at: Time) -> Option<f64> {
        let day = at.div_euclid(DAY);
        (at >= self.since + 7 * DAY).then(|| {
            let place = key(&device.geolocation.id);
            self.usual_fetch(device, app)
                * self.seed.draw("baseline", &[app.id, place, day]).between(1.04, 1.1)
        })
    }

    /// A page in a quiet hour, in milliseconds. It cannot be quicker than the round trips it is made of.
    fn usual_fetch(&self, device: &Device, app: &Application) -> f64 {
        let place = key(&device.geolocation.id);
        let regional = app.page_fetch_ms * self.seed.draw("region", &[app.id, place]).between(0.92, 1.12);
        regional.max(
            round_trips(&usual_legs(self.seed, device, app), 20.0, regional).into_iter().sum::<f64>() * 1.15,
        )
    }

    /// One fetch by one probe at an instant; none while the device is off.
    pub(crate) fn fetch(&self, device: &Device, app: &Application, probe: &Probe, at: Time) -> Option<Fetch> {
        if !device.online(self.seed, at) {
            return None;
        }
        let condition = device.condition(self.seed, at);
        let path = self.path_under(device, app, at, &condition);
        let usual_ms: f64 = usual_legs(self.seed, device, app).iter().sum();
        let ms: f64 = path.legs_ms.iter().sum();
        let loss: f64 = path.losses.iter().sum();
        let incident = self.incident_at(device, app, at);
        let noise = self.seed.draw("fetch", &[device.id, probe.id, at]);

        let usual = self.usual_fetch(device, app);
        let machine = self.seed.draw("machine", &[device.id]).between(0.86, 1.06);
        let render = 1.0 + (condition.cpu - 90.0).max(0.0) * 0.22;
        let network = 0.5 + 0.5 * (ms / usual_ms) + 0.04 * loss;
        let parts = round_trips(&path.legs_ms, condition.dns_ms, usual);
        let pft = (usual * machine * (1.0 + 0.22 * condition.load) * noise.between(0.92, 1.12) * render
            + usual * (network - 1.0).max(-0.1)
            + 2.0 * (condition.dns_ms - 40.0).max(0.0))
            * incident.unwrap_or(1.0);
        let pft = pft.max(parts.iter().sum()).round();
        let failing = 0.0004 + if incident.is_some() { 0.15 } else { 0.0 } + loss * 0.002;
        let available = !noise.then(1).chance(failing);
        let score = self
            .baseline(device, app, at)
            .map(|baseline| if available { score::of_ratio(pft / baseline) } else { 0 });
        let [dns, tcp, ssl, ttfb] = parts.map(f64::round);
        Some(Fetch { available, pft, dns, tcp, ssl, ttfb, score })
    }

    /// The score of an application on one device at an instant: its worst probe's.
    pub(crate) fn score_at(&self, device: &Device, app: &Application, at: Time) -> Option<i64> {
        app.web_probes.iter().filter_map(|probe| self.fetch(device, app, probe, at)?.score).min()
    }
}

/// The parts of a fetch before the page itself: name, connection, TLS, first byte; in milliseconds.
fn round_trips(legs_ms: &[f64; 3], dns_ms: f64, page_ms: f64) -> [f64; 4] {
    let trip: f64 = legs_ms.iter().sum();
    [dns_ms, trip, 1.6 * trip, trip + 0.2 * page_ms]
}
