//! One cause shows wherever it is looked at: weak Wi-Fi in the device's health, on its first leg, in a trace, in its score
//! and in its user's, and in nobody else's.

mod fleet;

use fleet::{MONDAY, fleet};
use zuno_telemetry::{Fleet, Leg, Window};

const DAY: i64 = 86_400;

/// When a device's signal was weak for twenty minutes or more, in a day of its own.
fn weak(fleet: &Fleet, device: i64, day: &Window) -> Option<Window> {
    let health = fleet.health(device, day)?;
    let wifi = health.into_iter().find(|health| health.category == "wifi")?;
    let signal = wifi.instances[0].metrics.iter().find(|series| series.metric == "signal")?;
    let low: Vec<i64> =
        signal.datapoints.iter().filter(|point| point.value < 36.0).map(|point| point.timestamp).collect();
    let (first, last) = (*low.first()?, *low.last()?);
    (low.len() >= 4 && last - first == (low.len() as i64 - 1) * 300)
        .then(|| Window::between(first, last, day.now()))
}

/// The median page fetch time of the first application, in milliseconds: a failing application moves a mean.
fn median(fleet: &Fleet, device: i64, window: &Window) -> f64 {
    let mut times: Vec<f64> = fleet
        .web_probe(device, 1, 10, window)
        .expect("a probe")
        .datapoints
        .iter()
        .map(|point| point.value)
        .collect();
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

#[test]
fn weak_wifi_shows_in_health_path_trace_and_score() {
    let mut seen = 0;
    for tenant in ["acme", "beta", "gamma", "delta", "epsilon", "zeta"] {
        let fleet = fleet(tenant);
        for (device, nth) in fleet.devices.iter().flat_map(|device| (0..5).map(move |nth| (device, nth))) {
            let day = Window::between(MONDAY + nth * DAY, MONDAY + (nth + 1) * DAY - 1, MONDAY + 20 * DAY);
            let Some(weak) = weak(&fleet, device.id, &day) else { continue };
            let leg = |window: &Window| {
                let stats = fleet.path_probe(device.id, 1, 11, &[Leg::ClientToEgress], window).unwrap();
                let of = |nth: usize| stats[0].stats[nth].mean().unwrap_or_default();
                (of(0), of(1))
            };
            let (quiet, bad) = (leg(&day), leg(&weak));
            assert!(bad.0 > 1.4 * quiet.0 && bad.1 > quiet.1, "{bad:?} {quiet:?}");

            // A trace of those minutes tells the same of the device and of its way.
            let trace = Window::by_minute(weak.from(), weak.to(), day.now());
            let health = fleet.health(device.id, &trace).unwrap();
            let wifi = health.iter().find(|health| health.category == "wifi").unwrap();
            assert!(wifi.instances[0].metrics[0].mean().unwrap() < 40.0);
            assert!(leg(&trace).0 > 1.4 * quiet.0);

            let (all, then) = (median(&fleet, device.id, &day), median(&fleet, device.id, &weak));
            assert!(then > all, "{then} {all}");

            // The device's score is its user's unless another device of theirs is worse, and nobody else's.
            let around = Window::between(weak.from() - 3600, weak.to(), weak.to());
            let low = fleet.device_app_score(device.id, 1, &around).unwrap().app.score;
            let user = fleet.app_user(1, device.owner.id, &around).unwrap();
            assert!(user.user.score <= low && low.is_some());
            let finding = fleet.analysis(device.id, 1, &weak).unwrap();
            if let Some(finding) = finding {
                assert!(["Wi-Fi Signal", "Application"].contains(&finding.issue), "{finding:?}");
            }
            seen += 1;
        }
    }
    assert!(seen > 5, "{seen}");
}
