//! What any two answers about one fleet must agree on.

mod fleet;

use fleet::{ALWAYS, MONDAY, NEVER, fleet};
use proptest::prelude::*;
use zuno_telemetry::{
    AppMetric, Leg, Scope, Window,
    score::{self, Band},
    wire::{Datapoint, Series},
};

const HOUR: i64 = 3600;

/// A tenant, and a window of 2 to 10 hours somewhere in two weeks.
fn cases() -> impl Strategy<Value = (String, Window)> {
    ("[a-z]{4}", 0..14 * 24 * 60i64, 120..600i64).prop_map(|(tenant, start, minutes)| {
        let from = MONDAY + start * 60 + 17;
        let to = from + minutes * 60;
        (tenant, Window::between(from, to, to))
    })
}

fn inside(series: &Series, from: i64, to: i64) -> Vec<Datapoint> {
    series.datapoints.iter().filter(|point| (from..=to).contains(&point.timestamp)).cloned().collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_bands_add_up_to_the_active_users((tenant, window) in cases()) {
        let (fleet, scope) = (fleet(&tenant), Scope::default());
        for app in &fleet.applications {
            let stats = fleet.app(app.id, &scope, &window).unwrap().stats;
            prop_assert_eq!(stats.num_poor + stats.num_okay + stats.num_good + stats.num_na, stats.active_users);
            let users = |band| fleet.app_users(app.id, band, &scope, &window).unwrap().len();
            prop_assert_eq!(users(None), stats.active_users);
            prop_assert_eq!(users(Some(Band::Poor)), stats.num_poor);
            prop_assert_eq!(users(Some(Band::Okay)), stats.num_okay);
            prop_assert_eq!(users(Some(Band::Good)), stats.num_good);
            prop_assert_eq!(fleet.device_list(&scope, &window).len(), stats.active_devices);
        }
    }

    #[test]
    fn an_application_scores_the_mean_of_its_users_lowest((tenant, window) in cases()) {
        let (fleet, scope) = (fleet(&tenant), Scope::default());
        for app in fleet.apps(&scope, &window) {
            let users = fleet.app_users(app.id, None, &scope, &window).unwrap();
            prop_assert_eq!(score::mean(users.iter().filter_map(|user| user.score)), Some(app.score));
            prop_assert_eq!(users.len(), app.total_users);
            prop_assert_eq!(fleet.app(app.id, &scope, &window).unwrap().score, Some(app.score));
            for user in users {
                let detail = fleet.app_user(app.id, user.id, &window).unwrap();
                let lowest = detail.devices.iter()
                    .filter_map(|device| fleet.device_app_score(device.id, app.id, &window).unwrap().app.score)
                    .min();
                prop_assert_eq!(user.score, lowest);
            }
        }
    }

    #[test]
    fn a_device_scores_the_lowest_of_its_hours_and_an_hour_the_lowest_of_its_probes((tenant, window) in cases()) {
        let fleet = fleet(&tenant);
        let trend = fleet.device_app_score(ALWAYS, 2, &window).unwrap();
        let lowest = trend.series.datapoints.iter().map(|point| point.value as i64).min();
        prop_assert_eq!(trend.app.score, lowest);
        for hour in &trend.series.datapoints {
            prop_assert_eq!(hour.timestamp % HOUR, 0);
            let whole = Window::between(hour.timestamp, hour.timestamp + HOUR - 1, window.now());
            let within = fleet.web_probes(ALWAYS, 2, &whole).unwrap()[0].avg_score.unwrap();
            prop_assert!(hour.value as i64 <= within);
        }
    }

    #[test]
    fn means_and_counts_are_those_of_the_series((tenant, window) in cases()) {
        let fleet = fleet(&tenant);
        for device in &fleet.devices {
            for app in &fleet.applications {
                for probe in fleet.web_probes(device.id, app.id, &window).unwrap() {
                    let series = fleet.web_probe(device.id, app.id, probe.id, &window).unwrap();
                    prop_assert_eq!(series.datapoints.len(), probe.num_probes);
                    let sum: f64 = series.datapoints.iter().map(|point| point.value).sum();
                    match probe.avg_pft {
                        Some(mean) => prop_assert!((mean - sum / probe.num_probes as f64).abs() <= 0.005_001),
                        None => prop_assert_eq!(probe.num_probes, 0),
                    }
                }
                for probe in fleet.path_probes(device.id, app.id, &window).unwrap() {
                    let legs: Vec<_> = fleet.path_probe(device.id, app.id, probe.id, &Leg::ALL, &window).unwrap();
                    prop_assert_eq!(legs[0].stats[0].datapoints.len(), probe.num_probes);
                    for mean in &probe.avg_latencies {
                        let leg = legs.iter().find(|leg| (leg.leg_src, leg.leg_dst) == (mean.leg_src, mean.leg_dst));
                        prop_assert_eq!(leg.unwrap().stats[0].mean(), Some(mean.latency));
                    }
                }
            }
        }
    }

    #[test]
    fn overlapping_windows_agree((tenant, window) in cases(), shift in 1..7000i64) {
        let (fleet, scope) = (fleet(&tenant), Scope::default());
        let now = window.to() + 7000;
        let window = Window::between(window.from(), window.to(), now);
        let later = Window::between(window.from() + shift, window.to() + shift, now);
        let (from, to) = (later.from(), window.to());
        let agree = |of: &dyn Fn(&Window) -> Vec<Series>| {
            for (one, other) in of(&window).iter().zip(of(&later)) {
                assert_eq!(inside(one, from, to), inside(&other, from, to), "{}", one.metric);
            }
        };
        agree(&|w| vec![fleet.web_probe(ALWAYS, 1, 10, w).unwrap()]);
        agree(&|w| vec![fleet.device_app_score(ALWAYS, 1, w).unwrap().series]);
        agree(&|w| fleet.path_probe(ALWAYS, 1, 11, &Leg::ALL, w).unwrap().into_iter().flat_map(|leg| leg.stats).collect());
        agree(&|w| vec![fleet.app_metric(2, AppMetric::PageFetchTime, &scope, w).unwrap()]);
        agree(&|w| vec![fleet.app_metric(2, AppMetric::Availability, &scope, w).unwrap()]);
        agree(&|w| {
            let health = fleet.health(ALWAYS, w).unwrap();
            health.into_iter().flat_map(|kind| kind.instances).flat_map(|part| part.metrics).collect()
        });
        let traces = |w: &Window| {
            let mut traces = fleet.path_traces(ALWAYS, 1, 11, w).unwrap();
            traces.retain(|trace| (from..=to).contains(&trace.timestamp));
            traces
        };
        prop_assert_eq!(traces(&window), traces(&later));
        let events = |w: &Window| {
            let mut events = fleet.events(3, w).unwrap();
            events.retain(|event| (from..=to).contains(&event.timestamp));
            events
        };
        prop_assert_eq!(events(&window), events(&later));
        // An hour that was over in both is the same in both.
        let hours = |w: &Window| inside(&fleet.app_score(1, &scope, w).unwrap(), from, to - HOUR);
        prop_assert_eq!(hours(&window), hours(&later));
    }

    #[test]
    fn by_the_minute_and_by_five_agree_where_they_meet((tenant, window) in cases()) {
        let fleet = fleet(&tenant);
        let minutes = Window::by_minute(window.from(), window.to(), window.now());
        let coarse = fleet.web_probe(ALWAYS, 1, 10, &window).unwrap();
        let fine = fleet.web_probe(ALWAYS, 1, 10, &minutes).unwrap();
        prop_assert!(fine.datapoints.len() > 4 * coarse.datapoints.len());
        for point in &coarse.datapoints {
            prop_assert!(fine.datapoints.contains(point));
        }
    }

    #[test]
    fn a_wider_window_never_scores_a_user_better((tenant, window) in cases(), more in 0..6 * HOUR) {
        let fleet = fleet(&tenant);
        let wide = Window::between(window.from() - more, window.to(), window.now());
        for user in fleet.user_list(&Scope::default(), &window) {
            prop_assert!(fleet.user_score(user.id, &wide) <= fleet.user_score(user.id, &window));
        }
    }

    #[test]
    fn a_way_is_the_sum_of_its_legs_and_a_leg_ends_at_its_last_hop((tenant, window) in cases()) {
        let fleet = fleet(&tenant);
        let whole = fleet.path_probe(ALWAYS, 1, 11, &[Leg::EndToEnd], &window).unwrap();
        let traces = fleet.path_traces(ALWAYS, 1, 11, &window).unwrap();
        prop_assert_eq!(whole[0].stats[0].datapoints.len(), traces.len());
        for (point, trace) in whole[0].stats[0].datapoints.iter().zip(&traces) {
            let legs = &trace.cloudpath;
            prop_assert_eq!(point.timestamp, trace.timestamp);
            prop_assert_eq!(point.value as i64, legs.iter().map(|leg| leg.latency).sum::<i64>());
            let hops: usize = legs.iter().map(|leg| leg.num_hops).sum();
            let silent: usize = legs.iter().map(|leg| leg.num_unresp_hops).sum();
            prop_assert!((8..=18).contains(&hops) && (1..=4).contains(&silent));
            for leg in legs {
                prop_assert_eq!(leg.hops.len(), leg.num_hops);
                prop_assert_eq!(leg.hops.iter().filter(|hop| hop.pkt_rcvd == 0).count(), leg.num_unresp_hops);
                let answered: Vec<_> = leg.hops.iter().filter_map(|hop| hop.latency.as_ref()).collect();
                prop_assert_eq!(answered.last().unwrap().latency_avg, leg.latency);
                prop_assert_eq!(answered.iter().map(|hop| hop.latency_diff).sum::<i64>(), leg.latency);
            }
        }
    }

    #[test]
    fn a_device_that_is_off_leaves_gaps_and_never_zeros((tenant, window) in cases()) {
        let fleet = fleet(&tenant);
        prop_assert!(fleet.web_probe(NEVER, 1, 10, &window).unwrap().datapoints.is_empty());
        prop_assert!(fleet.device_apps(NEVER, &window).unwrap().is_empty());
        prop_assert!(fleet.path_traces(NEVER, 1, 11, &window).unwrap().is_empty());
        prop_assert!(fleet.events(NEVER, &window).unwrap().is_empty());
        for device in &fleet.devices {
            let pft = fleet.web_probe(device.id, 1, 10, &window).unwrap();
            let path = fleet.path_probe(device.id, 1, 11, &[Leg::EndToEnd], &window).unwrap();
            for series in [&pft, &path[0].stats[0]] {
                prop_assert!(series.datapoints.iter().all(|point| point.value > 0.0));
            }
            // Everything is silent at the same instants; a fetch may fail besides.
            let on: Vec<_> = path[0].stats[0].datapoints.iter().map(|point| point.timestamp).collect();
            prop_assert!(pft.datapoints.iter().all(|point| on.contains(&point.timestamp)));
            let health = fleet.health(device.id, &window).unwrap();
            let cpu: Vec<_> = health[0].instances[0].metrics[0].datapoints.iter().map(|point| point.timestamp).collect();
            prop_assert_eq!(cpu, on);
        }
    }
}
