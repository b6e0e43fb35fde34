//! Why an application fared badly on a device: the trouble that most of its bad measurements fell into.

use zuno_model::Time;

use crate::{
    fleet::{Application, Device, Fleet},
    score::Band,
    trouble::Cause,
    window::Window,
    wire::Finding,
};

/// What may be found, in order of weight: an application that fails a region explains more than one device's trouble.
const REASONS: [(Reason, &str, &str); 6] = [
    (Reason::Incident, "Application", "The application answers slowly for everybody in the region."),
    (Reason::Of(Cause::SlowUplink), "Network Latency", "The way from the office to the cloud is congested."),
    (Reason::Of(Cause::WeakWifi), "Wi-Fi Signal", "The device is far from its access point."),
    (Reason::Of(Cause::SlowNames), "DNS Time", "Names resolve late."),
    (Reason::Of(Cause::BusyProcessor), "CPU Usage", "The processor is busy with something else."),
    (Reason::Unknown, "Page Fetch Time", "Pages take longer than is usual in the region."),
];

/// What one bad measurement is put down to.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reason {
    /// The application fails the region.
    Incident,
    /// The device is in trouble.
    Of(Cause),
    /// Neither.
    Unknown,
}

impl Fleet {
    /// What made an application's score fall below good on a device; nothing is found where it did not.
    pub fn analysis(&self, device: i64, app: i64, window: &Window) -> Option<Option<Finding>> {
        let (device, app) = self.pair(device, app)?;
        let bad =
            |at: &Time| self.score_at(device, app, *at).is_some_and(|score| Band::of(score) != Band::Good);
        let bad: Vec<(Time, Reason)> =
            window.instants().filter(bad).map(|at| (at, self.reason(device, app, at))).collect();
        let found = REASONS.iter().map(|reason| {
            let times: Vec<Time> = bad.iter().filter(|(_, of)| *of == reason.0).map(|(at, _)| *at).collect();
            (reason, times)
        });
        // Of equals the first counts; `max_by_key` takes the last.
        let most = found.rev().max_by_key(|(_, times)| times.len());
        Some(most.filter(|(_, times)| !times.is_empty()).map(|((_, issue, message), times)| Finding {
            issue,
            confidence: (100 * times.len() / bad.len()) as i64,
            message,
            times,
        }))
    }

    fn reason(&self, device: &Device, app: &Application, at: Time) -> Reason {
        if self.incident_at(device, app, at).is_some() {
            return Reason::Incident;
        }
        let day = device.geolocation.day(at);
        let trouble = device.troubles(self.seed, day).find(|trouble| trouble.at(at));
        trouble.map_or(Reason::Unknown, |trouble| Reason::Of(trouble.cause))
    }
}
