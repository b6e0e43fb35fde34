//! Calls: which meetings a device took part in, and how they sounded.

use zuno_model::Time;

use crate::{
    fleet::{Application, Device, Fleet},
    local::weekend,
    spans::MINUTE,
    window::Window,
    wire::{Meeting, Series, hundredths},
};

const SUBJECTS: [&str; 6] =
    ["Weekly sync", "Stand-up", "Project review", "Customer call", "One-on-one", "Planning"];

/// One minute of a call.
struct Minute {
    latency_ms: f64,
    jitter_ms: f64,
    loss: f64,
}

impl Minute {
    /// The mean opinion score, 1 to 5: the E-model's rating from delay and loss, mapped as ITU-T G.107 maps it.
    fn mos(&self) -> f64 {
        let delay = self.latency_ms + 2.0 * self.jitter_ms + 10.0;
        let late = if delay < 160.0 { delay / 40.0 } else { (delay - 120.0) / 10.0 };
        let rating = (93.2 - late - 2.5 * self.loss).clamp(0.0, 100.0);
        let mos = 1.0 + 0.035 * rating + 7e-6 * rating * (rating - 60.0) * (100.0 - rating);
        hundredths(mos.clamp(1.0, 5.0))
    }
}

impl Fleet {
    /// The calls of one device in an application for meetings, oldest first, each with those of its minutes that lie
    /// in the window; an application that is not for meetings has none.
    pub fn call_quality(&self, device: i64, app: i64, window: &Window) -> Option<Vec<Meeting>> {
        let (device, app) = self.pair(device, app)?;
        let place = &device.geolocation;
        let days = place.day(window.from())..=place.day(window.to());
        let calls = days.filter(|_| app.meetings).flat_map(|day| (0..4).map(move |nth| (day, nth)));
        Some(calls.filter_map(|(day, nth)| self.meeting(device, app, day, nth, window)).collect())
    }

    /// One of the four slots of a day that a meeting may take.
    fn meeting(
        &self,
        device: &Device,
        app: &Application,
        day: Time,
        nth: i64,
        window: &Window,
    ) -> Option<Meeting> {
        let draw = self.seed.draw("meeting", &[device.id, app.id, day, nth]);
        if !draw.chance(if weekend(day) { 0.02 } else { 0.4 }) {
            return None;
        }
        let start = device.geolocation.midnight(day)
            + (9 + 2 * nth) * 60 * MINUTE
            + draw.then(1).whole(0, 1) * 30 * MINUTE;
        let end = start + draw.then(2).whole(24, 58) * MINUTE;
        let inside = Window::by_minute(start.max(window.from()), end.min(window.to()), window.now());
        let minutes: Vec<_> =
            inside.instants().filter_map(|at| Some((at, self.minute(device, app, at)?))).collect();
        if minutes.is_empty() {
            return None;
        }
        let series = |metric, unit, of: fn(&Minute) -> f64| {
            Series::of(metric, unit, minutes.iter().map(|(at, minute)| (*at, of(minute))))
        };
        Some(Meeting {
            meet_id: draw.then(3).whole(80_000_000_000, 89_999_999_999).to_string(),
            meet_session_id: draw.then(4).whole(1_000_000_000, 9_999_999_999).to_string(),
            meet_subject: draw.then(5).pick(&SUBJECTS),
            metrics: vec![
                series("mos", "", Minute::mos),
                series("latency", "ms", |minute| minute.latency_ms),
                series("jitter", "ms", |minute| minute.jitter_ms),
                series("loss", "%", |minute| minute.loss),
            ],
        })
    }

    fn minute(&self, device: &Device, app: &Application, at: Time) -> Option<Minute> {
        let path = self.path(device, app, at)?;
        let latency_ms: f64 = path.legs_ms.iter().sum();
        let loss: f64 = path.losses.iter().sum();
        let noise = self.seed.draw("jitter", &[device.id, app.id, at]);
        // A congested or weak way delays its packets unevenly.
        let jitter_ms = (noise.between(1.0, 5.0) + 3.0 * loss).round();
        Some(Minute { latency_ms, jitter_ms, loss })
    }
}
