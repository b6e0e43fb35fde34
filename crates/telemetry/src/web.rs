//! Page probes of one device: the score it gives an application, and the series behind it.

use crate::{
    fleet::{Application, Device, Fleet},
    probe::Probe,
    score,
    signal::Fetch,
    window::Window,
    wire::{DeviceApp, DeviceAppTrend, Series, WebProbe},
};

impl Fleet {
    /// The applications that have a score on one device.
    pub fn device_apps(&self, device: i64, window: &Window) -> Option<Vec<DeviceApp>> {
        let device = self.device(device)?;
        let apps = self.applications.iter().map(|app| self.device_app(device, app, window));
        Some(apps.filter(|app| app.score.is_some()).collect())
    }

    /// One application on one device: its lowest score, and the lowest of each hour.
    pub fn device_app_score(&self, device: i64, app: i64, window: &Window) -> Option<DeviceAppTrend> {
        let (device, app) = self.pair(device, app)?;
        let points =
            window.hours().filter_map(|hour| Some((hour, self.hour_low(device, app, hour, window)? as f64)));
        Some(DeviceAppTrend {
            app: self.device_app(device, app, window),
            series: Series::of("score", "", points),
        })
    }

    /// The page probes of an application on one device, with their means.
    pub fn web_probes(&self, device: i64, app: i64, window: &Window) -> Option<Vec<WebProbe>> {
        let (device, app) = self.pair(device, app)?;
        let probes = app.web_probes.iter().map(|probe| {
            let pft = self.pft(device, app, probe, window);
            let scores = window.instants().filter_map(|at| self.fetch(device, app, probe, at)?.score);
            WebProbe {
                id: probe.id,
                name: probe.name.clone(),
                num_probes: pft.datapoints.len(),
                avg_score: score::mean(scores),
                avg_pft: pft.mean(),
            }
        });
        Some(probes.collect())
    }

    /// The page fetch times of one probe. A fetch that failed has none; its score is 0 and its availability too.
    pub fn web_probe(&self, device: i64, app: i64, probe: i64, window: &Window) -> Option<Series> {
        let (device, app, probe) = self.web_target(device, app, probe)?;
        Some(self.pft(device, app, probe, window))
    }

    /// Every series of one probe, as a deep trace shows them.
    pub fn web_probe_metrics(
        &self,
        device: i64,
        app: i64,
        probe: i64,
        window: &Window,
    ) -> Option<Vec<Series>> {
        let (device, app, probe) = self.web_target(device, app, probe)?;
        let fetched = |of: fn(&Fetch) -> f64| {
            window.instants().filter_map(move |at| {
                let fetch = self.fetch(device, app, probe, at)?;
                fetch.available.then(|| (at, of(&fetch)))
            })
        };
        let tried = window.instants().filter_map(|at| {
            let fetch = self.fetch(device, app, probe, at)?;
            Some((at, f64::from(u8::from(fetch.available))))
        });
        Some(vec![
            Series::of("pft", "ms", fetched(|fetch| fetch.pft)),
            Series::of("dns", "ms", fetched(|fetch| fetch.dns)),
            Series::of("tcp", "ms", fetched(|fetch| fetch.tcp)),
            Series::of("ssl", "ms", fetched(|fetch| fetch.ssl)),
            Series::of("ttfb", "ms", fetched(|fetch| fetch.ttfb)),
            Series::of("availability", "", tried),
        ])
    }

    fn device_app(&self, device: &Device, app: &Application, window: &Window) -> DeviceApp {
        let score = self.reported(device, window).then(|| self.device_low(device, app, window)).flatten();
        DeviceApp { id: app.id, name: app.name.clone(), score }
    }

    fn pft(&self, device: &Device, app: &Application, probe: &Probe, window: &Window) -> Series {
        let points = window.instants().filter_map(|at| {
            let fetch = self.fetch(device, app, probe, at)?;
            fetch.available.then_some((at, fetch.pft))
        });
        Series::of("pft", "ms", points)
    }

    fn web_target(&self, device: i64, app: i64, probe: i64) -> Option<(&Device, &Application, &Probe)> {
        let (device, app) = self.pair(device, app)?;
        Some((device, app, app.web_probes.iter().find(|own| own.id == probe)?))
    }
}
