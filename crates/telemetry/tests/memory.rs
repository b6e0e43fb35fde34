//! What a fleet remembers changes no answer, however the clock goes.

mod fleet;

use fleet::{MONDAY, fleet};
use proptest::prelude::*;
use zuno_telemetry::{AppMetric, Fleet, Memory, Scope, Window, score::Band};

/// Everything that is reckoned of many devices, as one text.
fn told(fleet: &Fleet, window: &Window, scope: &Scope) -> String {
    let apps = fleet.apps(scope, window);
    let details: Vec<_> = fleet
        .applications
        .iter()
        .map(|app| {
            let metrics = [AppMetric::PageFetchTime, AppMetric::Dns, AppMetric::Availability]
                .map(|metric| fleet.app_metric(app.id, metric, scope, window));
            let users = fleet.app_users(app.id, Some(Band::Okay), scope, window);
            (fleet.app(app.id, scope, window), fleet.app_score(app.id, scope, window), metrics, users)
        })
        .collect();
    let past = Window::between(window.from() - 10 * 86_400, window.now(), window.now());
    let alerts = fleet.historical_alerts(scope, &past);
    let affected: Vec<_> =
        alerts.iter().map(|alert| fleet.affected_devices(alert.id, scope, window.now())).collect();
    format!("{apps:?} {details:?} {alerts:?} {affected:?}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_fleet_that_remembers_answers_as_one_that_does_not(
        moves in prop::collection::vec((0..12 * 24 * 60i64, 120..400i64), 1..6),
        some in any::<bool>(),
    ) {
        let forgetful = fleet("acme");
        let remembering = Fleet { memory: Memory::keeping(), ..forgetful.clone() };
        let scope = Scope { departments: if some { vec![38_745_231_567] } else { Vec::new() }, ..Scope::default() };
        for (start, minutes) in moves {
            let now = MONDAY + 8 * 86_400 + start * 60 + 17;
            let window = Window::between(now - minutes * 60, now, now);
            prop_assert_eq!(told(&remembering, &window, &scope), told(&forgetful, &window, &scope));
        }
    }
}

#[test]
fn what_is_counted_for_all_is_what_is_counted_for_everybody_by_name() {
    let (fleet, now) = (fleet("acme"), MONDAY + 2 * 86_400 + 50_000);
    let window = Window::between(now - 7200, now, now);
    let everybody = Scope { devices: (1..=12).collect(), ..Scope::default() };
    for metric in [AppMetric::PageFetchTime, AppMetric::Dns, AppMetric::Availability] {
        let of = |scope: &Scope| fleet.app_metric(2, metric, scope, &window);
        assert_eq!(of(&everybody), of(&Scope::default()));
    }
}
