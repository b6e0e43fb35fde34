//! What one device measures of one application at one instant, where nothing else is asked.

use zuno_model::Time;

use crate::{
    bearings::Bearings,
    fleet::{Application, Device, Fleet},
    probe::Probe,
    signal::{Fetch, Path},
};

impl Fleet {
    /// The way from a device to an application at an instant; none while the device is off.
    pub(crate) fn path(&self, device: &Device, app: &Application, at: Time) -> Option<Path> {
        device
            .online(self.seed, at)
            .then(|| Bearings::of(self, device, app).path(at, &device.condition(self.seed, at)))
    }

    /// How many times slower an incident makes pages here and now.
    pub(crate) fn incident_at(&self, device: &Device, app: &Application, at: Time) -> Option<f64> {
        Bearings::of(self, device, app).slower(at)
    }

    /// One fetch by one probe at an instant; none while the device is off.
    pub(crate) fn fetch(&self, device: &Device, app: &Application, probe: &Probe, at: Time) -> Option<Fetch> {
        if !probe.measures(device, at) || !device.online(self.seed, at) {
            return None;
        }
        let condition = device.condition(self.seed, at);
        let mut bearings = Bearings::of(self, device, app);
        let path = bearings.path(at, &condition);
        Some(bearings.fetch(probe, at, &condition, &path))
    }

    /// The score of an application on one device at an instant: its worst probe's.
    pub(crate) fn score_at(&self, device: &Device, app: &Application, at: Time) -> Option<i64> {
        app.web_probes.iter().filter_map(|probe| self.fetch(device, app, probe, at)?.score).min()
    }
}
