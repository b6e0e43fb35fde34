//! What one device measures at one instant. Everything else in this crate counts, averages and arranges these.

use zuno_model::Time;

use crate::{
    fleet::Device,
    random::{Seed, key},
    trouble::{Cause, Detour, Trouble},
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

impl Device {
    /// How it is at an instant. Only meaningful while it is on.
    pub(crate) fn condition(&self, seed: Seed, at: Time) -> Condition {
        self.condition_on(&Day::of(self, seed, self.geolocation.day(at)), seed, at)
    }

    /// The same, on a local day whose troubles are known.
    pub(crate) fn condition_on(&self, day: &Day, seed: Seed, at: Time) -> Condition {
        let place = &self.geolocation;
        let load = place.load(at);
        let detour = day.detour.is_some_and(|detour| (detour.from..detour.to).contains(&at));
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
        for trouble in day.troubles.iter().flatten().filter(|trouble| trouble.at(at)) {
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

impl Fetch {
    /// Its time where it worked, and that of its name, in milliseconds.
    pub(crate) fn told(&self) -> (Option<f64>, f64) {
        (self.available.then_some(self.pft), self.dns)
    }
}

/// What goes wrong with a device on one local day.
pub(crate) struct Day {
    pub(crate) number: Time,
    troubles: [Option<Trouble>; 2],
    detour: Option<Detour>,
}

impl Day {
    pub(crate) fn of(device: &Device, seed: Seed, number: Time) -> Day {
        let mut troubles = device.troubles(seed, number);
        let troubles = [troubles.next(), troubles.next()];
        Day { number, troubles, detour: device.detour(seed, number) }
    }
}
