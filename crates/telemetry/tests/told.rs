//! Where and while probes measure, why applications fare badly, and what is installed.

mod fleet;

use fleet::{ALWAYS, MONDAY, NEVER, fleet};
use zuno_telemetry::{Fleet, Scope, Window};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A whole local working day in Berlin, where device 5 is.
fn workday(nth: i64) -> Window {
    let from = MONDAY + nth * DAY + 6 * HOUR;
    Window::between(from, from + 12 * HOUR, from + 20 * DAY)
}

#[test]
fn a_probe_measures_where_and_while_it_is_meant_to() {
    let (mut fleet, window) = (fleet("acme"), workday(0));
    let count = |fleet: &Fleet, device| fleet.web_probes(device, 1, &window).unwrap()[0].num_probes;
    let everywhere = fleet.app(1, &Scope::default(), &window).unwrap().stats;
    assert!(count(&fleet, 5) > 20);

    fleet.applications[0].web_probes[0].on.only.departments = vec![38_745_231_567];
    fleet.applications[0].path_probes.clear();
    assert_eq!(count(&fleet, 5), 0, "device 5 is of the other department");
    let some = fleet.app(1, &Scope::default(), &window).unwrap().stats;
    assert!(0 < some.active_users && some.active_users < everywhere.active_users);
    assert!(fleet.device_apps(5, &window).unwrap().iter().all(|app| app.id != 1));
    assert_eq!(fleet.app(2, &Scope::default(), &window).unwrap().stats.active_users, everywhere.active_users);

    fleet.applications[0].web_probes[0].on.not.devices = vec![ALWAYS + 3];
    assert_eq!(count(&fleet, ALWAYS + 3), 0);

    let middle = window.from() + 6 * HOUR;
    let probe = &mut fleet.applications[1].web_probes[0];
    probe.runs.from = Some(middle);
    let points = fleet.web_probe(5, 2, 20, &window).unwrap().datapoints;
    assert!(!points.is_empty() && points.iter().all(|point| point.timestamp >= middle));
}

#[test]
fn an_application_has_scores_a_week_after_it_came() {
    let mut fleet = fleet("acme");
    fleet.applications[2].since = MONDAY;
    let scored = |day| fleet.apps(&Scope::default(), &workday(day)).iter().any(|app| app.id == 3);
    assert!(!scored(2) && scored(8));
}

#[test]
fn an_incident_is_what_an_analysis_finds() {
    let fleet = fleet("acme");
    let (now, mut seen) = (MONDAY + 13 * DAY, 0);
    for alert in fleet.historical_alerts(&Scope::default(), &Window::between(MONDAY, now, now)) {
        let during = Window::between(alert.started_on - 600, alert.ended_on.unwrap() - 1, now);
        for device in fleet.affected_devices(alert.id, &Scope::default(), now).unwrap() {
            let found = fleet.analysis(device.id, alert.application.id, &during).unwrap().unwrap();
            assert_eq!(found.issue, "Application");
            assert!(found.confidence > 50 && found.times.iter().all(|at| during.contains(*at)));
            seen += 1;
        }
    }
    assert!(seen > 3, "{seen}");
    let night = Window::between(MONDAY, MONDAY + 2 * HOUR, now);
    assert_eq!(fleet.analysis(NEVER, 1, &night), Some(None));
    assert_eq!(fleet.analysis(99, 1, &night), None);
}

#[test]
fn packages_are_counted_where_they_are_installed() {
    let fleet = fleet("acme");
    let all = fleet.software(&Scope::default());
    assert!(all.len() > 10);
    for package in &all {
        let installed = fleet.installed(&package.software_key, &Scope::default()).unwrap();
        assert_eq!(installed.len(), package.device_total);
        let mut users: Vec<_> = installed.iter().map(|on| on.user_id).collect();
        users.sort_unstable();
        users.dedup();
        assert_eq!(users.len(), package.user_total);
    }
    let one = Scope { devices: vec![ALWAYS], ..Scope::default() };
    assert!(fleet.software(&one).iter().all(|package| package.device_total == 1));
    assert_eq!(fleet.installed("none", &Scope::default()), None);
}
