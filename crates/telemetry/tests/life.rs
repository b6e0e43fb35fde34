//! How a fleet behaves over days: hours, weekends, troubles, incidents, alerts, traces, and what is written.

mod fleet;

use fleet::{ALWAYS, MONDAY, NEVER, fleet};
use serde_json::{json, to_value};
use zuno_telemetry::{
    Fleet, Leg, Pace, Scope, TraceStatus, Window,
    score::{Band, mean},
};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;

/// A whole local working day in Berlin, where device 5 is.
fn workday(nth: i64) -> Window {
    let from = MONDAY + nth * DAY + 6 * HOUR;
    Window::between(from, from + 12 * HOUR, from + 20 * DAY)
}

#[test]
fn a_good_day_scores_well_and_some_days_are_bad() {
    let mut scores = Vec::new();
    for tenant in ["acme", "beta", "gamma", "delta"] {
        let fleet = fleet(tenant);
        for day in 0..5 {
            for device in &fleet.devices {
                scores.extend(
                    fleet.device_apps(device.id, &workday(day)).unwrap().into_iter().filter_map(|a| a.score),
                );
            }
        }
    }
    let share =
        |band| scores.iter().filter(|score| Band::of(**score) == band).count() as f64 / scores.len() as f64;
    assert!((0.5..0.95).contains(&share(Band::Good)), "good {}", share(Band::Good));
    assert!((0.02..0.3).contains(&share(Band::Poor)), "poor {}", share(Band::Poor));
}

#[test]
fn a_working_week_scores_well_on_average_whatever_the_application() {
    let fleet = fleet("acme");
    let week = Window::between(MONDAY, MONDAY + 5 * DAY, MONDAY + 5 * DAY);
    for app in &fleet.applications {
        let probes = fleet.web_probes(5, app.id, &week).unwrap();
        assert!(probes[0].avg_score.unwrap() > 75, "{} scores {:?}", app.name, probes[0]);
    }
}

#[test]
fn people_work_by_day_and_rarely_on_weekends() {
    let fleet = fleet("acme");
    let seen = |from: i64| {
        let window = Window::between(from, from + 2 * HOUR, from + DAY);
        fleet
            .devices
            .iter()
            .filter(|device| device.geolocation.country_id == "DE")
            .filter(|device| !fleet.web_probe(device.id, 1, 10, &window).unwrap().datapoints.is_empty())
            .count()
    };
    let total = |hour: i64, days: std::ops::Range<i64>| {
        days.map(|day| seen(MONDAY + day * DAY + hour * HOUR)).sum::<usize>()
    };
    let (noon, night, saturday) = (total(11, 0..5), total(23, 0..5), seen(MONDAY + 5 * DAY + 11 * HOUR));
    assert!(noon >= 10, "{noon}");
    assert!(night * 2 < noon, "{night}");
    assert!(saturday * 5 < noon, "{saturday}");
}

#[test]
fn hours_may_run_past_midnight() {
    let fleet = fleet("acme");
    let night_worker = fleet.device(9).unwrap();
    let offset = i64::from(night_worker.geolocation.utc_offset_minutes) * 60;
    let at_local = |day: i64, hour: i64| {
        let from = MONDAY + day * DAY + hour * HOUR - offset;
        let window = Window::between(from, from + HOUR, from + DAY);
        fleet.path_probes(9, 1, &window).unwrap()[0].num_probes
    };
    assert!((1..4).any(|day| at_local(day, 2) > 0), "on at two in the night");
    assert!((1..5).all(|day| at_local(day, 13) == 0), "off at one in the afternoon");
}

#[test]
fn there_is_no_score_in_the_first_week() {
    let mut fleet = fleet("acme");
    fleet.since = MONDAY;
    let scope = Scope::default();
    let detail = fleet.app(1, &scope, &workday(2)).unwrap();
    assert_eq!((detail.score, detail.stats.num_na), (None, detail.stats.active_users));
    assert!(detail.stats.active_users > 5);
    assert!(fleet.apps(&scope, &workday(2)).is_empty());
    assert!(!fleet.web_probe(ALWAYS, 1, 10, &workday(2)).unwrap().datapoints.is_empty());
    assert_eq!(fleet.apps(&scope, &workday(8)).len(), 3);
}

#[test]
fn a_change_of_tunnel_is_a_step_in_latency_and_in_the_trace() {
    let mut seen = 0;
    for tenant in ["acme", "beta", "gamma", "delta"] {
        let fleet = fleet(tenant);
        let window = Window::between(MONDAY, MONDAY + 14 * DAY, MONDAY + 14 * DAY);
        for change in fleet.events(ALWAYS, &window).unwrap() {
            let Some(event) = change.events.iter().find(|event| event.name == "tunType") else { continue };
            seen += 1;
            let around = Window::by_minute(change.timestamp - 60, change.timestamp, window.now());
            let traces = fleet.path_traces(ALWAYS, 1, 11, &around).unwrap();
            let kinds: Vec<_> =
                traces.iter().map(|trace| trace.cloudpath[1].tunnel_type.to_string()).collect();
            assert_eq!(kinds, [event.prev.clone(), event.curr.clone()]);
            let ms: Vec<_> = traces.iter().map(|trace| trace.cloudpath[1].latency).collect();
            assert!((ms[0] - ms[1]).abs() >= 8, "{ms:?}");
        }
    }
    assert!(seen > 4, "{seen}");
}

#[test]
fn an_incident_shows_in_stats_region_and_alert() {
    let (mut alerts, mut regions) = (0, 0);
    for tenant in ["acme", "beta", "gamma"] {
        let fleet = fleet(tenant);
        let (from, now, scope) = (MONDAY, MONDAY + 13 * DAY, Scope::default());
        let past = Window::between(from, now, now);
        for alert in fleet.historical_alerts(&scope, &past) {
            alerts += 1;
            let detail = fleet.alert(alert.id, now).unwrap();
            let affected = fleet.affected_devices(alert.id, &scope, now).unwrap();
            assert_eq!(detail.alert, alert);
            assert_eq!(alert.num_devices, affected.len());
            assert_eq!(detail.geolocations[0].num_devices, affected.len());
            assert_eq!(detail.departments.iter().map(|part| part.num_devices).sum::<usize>(), affected.len());
            assert!(alert.id.to_string().len() == 19 && alert.ended_on.unwrap() > alert.started_on);

            let during = Window::between(alert.started_on, alert.ended_on.unwrap() - 1, now);
            let app = fleet.app(alert.application.id, &scope, &during).unwrap();
            assert!(app.stats.num_poor > 0);
            regions += usize::from(app.most_impacted_region.unwrap().id == detail.geolocations[0].id);

            // As it was: unreadable at first, then ongoing, then over.
            let at = |now| {
                let window = Window::between(now - 14 * DAY, now, now);
                let has =
                    |list: Vec<zuno_telemetry::wire::Alert>| list.iter().any(|other| other.id == alert.id);
                (has(fleet.ongoing_alerts(&scope, &window)), has(fleet.historical_alerts(&scope, &window)))
            };
            assert_eq!(at(alert.started_on + 1799), (false, false));
            assert_eq!(
                at(alert.started_on + 1800).0,
                alert.ended_on.unwrap() + 300 > alert.started_on + 1800
            );
            assert_eq!(at(now), (false, true));
        }
    }
    assert!(alerts >= 5 && regions * 10 >= alerts * 7, "{alerts} alerts, {regions} in the worst region");
}

#[test]
fn a_trace_goes_from_not_started_to_done() {
    let fleet = fleet("acme");
    let asked = MONDAY + 9 * HOUR;
    let at = |now| fleet.trace(ALWAYS, asked, 5, now).unwrap();
    assert_eq!((at(asked).status.word(), at(asked).left()), ("not_started", 0));
    assert_eq!(at(asked).window(), None);

    let start = at(asked + HOUR).started_at.unwrap();
    assert!((60..180).contains(&(start - asked)));
    let seen: Vec<_> =
        [start - 1, start, start + 60, start + 299, start + 300].map(|now| at(now).status).into();
    use TraceStatus::*;
    assert_eq!(seen, [NotStarted, Started, InProgress, InProgress, Completed]);
    assert_eq!((at(start + 100).left(), at(start + 100).minutes_left()), (200, 4));
    let over = at(start + 300);
    assert_eq!((over.started_at, over.ended_at, over.minutes_left()), (Some(start), Some(start + 300), 0));

    let points =
        |now| fleet.web_probe_metrics(ALWAYS, 1, 10, &at(now).window().unwrap()).unwrap()[5].datapoints.len();
    assert!(points(start + 120) == 2 || points(start + 120) == 3);
    assert!((5..=6).contains(&points(start + HOUR)), "nothing after its end");
}

#[test]
fn at_the_quick_pace_a_minute_of_a_trace_takes_a_second() {
    let fleet = Fleet { pace: Pace::Quick, ..fleet("acme") };
    let asked = MONDAY + 9 * HOUR;
    let at = |now| fleet.trace(ALWAYS, asked, 5, now).unwrap();
    assert_eq!(at(asked).status, TraceStatus::NotStarted);
    let start = at(asked + HOUR).started_at.unwrap();
    assert!((1..3).contains(&(start - asked)));
    use TraceStatus::*;
    let seen: Vec<_> = [start - 1, start, start + 1, start + 4, start + 5].map(|now| at(now).status).into();
    assert_eq!(seen, [NotStarted, Started, InProgress, InProgress, Completed]);
    assert_eq!((at(start + 2).left(), at(start + 2).minutes_left()), (3, 1));

    let points =
        &fleet.web_probe_metrics(ALWAYS, 1, 10, &at(start + HOUR).window().unwrap()).unwrap()[5].datapoints;
    let times: Vec<_> = points.iter().map(|point| point.timestamp - start).collect();
    assert_eq!(times, [0, 1, 2, 3, 4, 5], "one measurement for each of its minutes");

    let off = |now| fleet.trace(NEVER, MONDAY, 5, now).unwrap().status;
    assert_eq!((off(MONDAY + 59), off(MONDAY + 60)), (NotStarted, Expired));
}

#[test]
fn a_trace_that_is_stopped_measures_no_more() {
    let fleet = fleet("acme");
    let asked = MONDAY + 9 * HOUR;
    let start = fleet.trace(ALWAYS, asked, 5, asked + HOUR).unwrap().started_at.unwrap();
    let stopped = |at, now| fleet.trace(ALWAYS, asked, 5, now).unwrap().stopped(at);
    use TraceStatus::*;
    assert_eq!(stopped(start + 120, start + 150).status, AbortInitiated);
    let over = stopped(start + 120, start + HOUR);
    assert_eq!((over.status, over.ended_at, over.left()), (Aborted, Some(start + 120), 0));
    assert_eq!(over.window().unwrap().to(), start + 120);
    assert_eq!(stopped(start - 1, start + HOUR).window(), None);
    assert_eq!(stopped(start + 400, start + HOUR).status, Completed);
}

#[test]
fn a_trace_of_a_device_that_is_off_expires_and_one_cut_short_is_incomplete() {
    let fleet = fleet("acme");
    let at = |now| fleet.trace(NEVER, MONDAY, 5, now).unwrap();
    assert_eq!(at(MONDAY + HOUR - 1).status, TraceStatus::NotStarted);
    let late = at(MONDAY + HOUR);
    assert_eq!((late.status, late.started_at, late.window()), (TraceStatus::Expired, None, None));
    assert!(!late.status.active());

    // Somebody goes home within some evening's hour-long trace.
    let cut = (0..5).any(|day| {
        let asked = MONDAY + day * DAY + 16 * HOUR + 30 * 60;
        fleet.trace(5, asked, 60, asked + 4 * HOUR).unwrap().status == TraceStatus::Incomplete
    });
    assert!(cut);
}

#[test]
fn causes_show_where_they_should_and_nowhere_else() {
    let (fleet, mut busy, mut named) = (fleet("acme"), 0, 0);
    for day in 0..14 {
        let window = workday(day);
        let health = fleet.health(ALWAYS, &window).unwrap();
        let web = fleet.web_probe_metrics(ALWAYS, 1, 10, &window).unwrap();
        let path = fleet.path_probe(ALWAYS, 1, 11, &[Leg::ClientToEgress], &window).unwrap();
        let at = |points: &[zuno_telemetry::wire::Datapoint], at| {
            points.iter().find(|point| point.timestamp == at).map(|point| point.value)
        };
        for cpu in &health[0].instances[0].metrics[0].datapoints {
            assert!((0.0..=100.0).contains(&cpu.value));
            let (Some(dns), Some(tcp)) =
                (at(&web[1].datapoints, cpu.timestamp), at(&web[2].datapoints, cpu.timestamp))
            else {
                continue;
            };
            busy += usize::from(cpu.value > 90.0);
            named += usize::from(dns > 150.0);
            if cpu.value > 90.0 && dns < 50.0 && at(&path[0].stats[1].datapoints, cpu.timestamp) == Some(0.0)
            {
                assert!(tcp < 400.0, "a busy processor leaves the network alone");
            }
        }
    }
    assert!(busy > 0 && named > 0, "{busy} {named}");
}

#[test]
fn calls_are_scored_by_how_they_sound() {
    let fleet = fleet("acme");
    let window = Window::between(MONDAY, MONDAY + 4 * DAY, MONDAY + 4 * DAY);
    let meetings = fleet.call_quality(5, 2, &window).unwrap();
    assert!(!meetings.is_empty());
    let good = meetings.iter().flat_map(|meeting| &meeting.metrics[0].datapoints).map(|point| {
        assert!((1.0..=5.0).contains(&point.value));
        i64::from(Band::of_mos(point.value) == Band::Good)
    });
    assert_eq!(mean(good), Some(1), "most minutes sound well");
    assert!(fleet.call_quality(5, 1, &window).unwrap().is_empty(), "SharePoint is not for meetings");
}

#[test]
fn geolocations_are_a_tree_and_filters_narrow() {
    let (fleet, window) = (fleet("acme"), workday(0));
    let geo =
        |parent, search| to_value(fleet.active_geo(parent, search, &Scope::default(), &window)).unwrap();
    assert_eq!(
        geo(Some("DE"), None),
        json!([{"id": "DE", "name": "Germany", "geo_type": "country", "children": []}])
    );
    assert_eq!(
        geo(Some("US-CA"), None),
        json!([{"id": "US-CA", "name": "California", "geo_type": "state",
        "children": [{"id": "US-CA-SJC", "description": "San Jose", "geo_type": "city"}]}])
    );
    assert_eq!(
        geo(None, Some("calif"))[0]["children"],
        json!([{"id": "US-CA", "description": "California", "geo_type": "state"}])
    );
    assert_eq!(geo(None, Some("nowhere")), json!([]));

    let all = fleet.device_list(&Scope::default(), &window).len();
    let of = |scope| fleet.device_list(&scope, &window).len();
    let us = vec!["US".to_owned()];
    let inside = of(Scope { geolocations: us.clone(), ..Scope::default() });
    let outside = of(Scope { exclude_geolocations: us, ..Scope::default() });
    assert!(inside > 0 && outside > 0);
    assert_eq!(inside + outside, all);
    assert_eq!(
        of(Scope { departments: vec![38_745_231_567], ..Scope::default() })
            + of(Scope { exclude_departments: vec![38_745_231_567], ..Scope::default() }),
        all
    );
}

#[test]
fn what_is_written_has_the_wire_s_names_and_whole_numbers() {
    let (fleet, window) = (fleet("acme"), workday(0));
    let text = serde_json::to_string(&fleet.web_probe(ALWAYS, 1, 10, &window).unwrap()).unwrap();
    assert!(
        text.starts_with(r#"{"metric":"pft","unit":"ms","datapoints":[{"timestamp":16"#)
            && !text.contains(".0")
    );
    let trend = to_value(fleet.device_app_score(ALWAYS, 1, &window).unwrap()).unwrap();
    assert_eq!(
        trend.as_object().unwrap().keys().collect::<Vec<_>>(),
        ["id", "name", "score", "metric", "unit", "datapoints"]
    );
    let device = to_value(fleet.device_detail(ALWAYS).unwrap()).unwrap();
    assert!(device["network"].is_array() && device["hardware"]["tot_mem"].is_u64());
    assert!(device["name"].as_str().unwrap().starts_with("LAPTOP-0001 ("));
    let hops = to_value(fleet.path_traces(ALWAYS, 1, 11, &window).unwrap()).unwrap();
    let first = &hops[0]["cloudpath"][0]["hops"];
    assert!(
        first[0]["gw_mac"].is_string() && first[0]["latency_diff"].is_i64() && first[1]["gw_mac"].is_null()
    );
}

#[test]
fn what_is_not_in_the_fleet_is_not_found() {
    let (fleet, window, scope) = (fleet("acme"), workday(0), Scope::default());
    assert!(fleet.device_detail(99).is_none() && fleet.web_probe(ALWAYS, 1, 99, &window).is_none());
    assert!(fleet.app(99, &scope, &window).is_none() && fleet.app_user(1, 1, &window).is_none());
    assert!(fleet.alert(1, MONDAY).is_none() && fleet.trace(99, MONDAY, 5, MONDAY).is_none());
}

#[test]
fn a_place_scores_the_mean_of_its_worst_over_twenty_five_values_a_day() {
    let fleet = fleet("acme");
    let now = MONDAY + 2 * DAY;
    let day = Window::between(now - DAY, now, now + DAY);
    let always_on = Scope { geolocations: vec!["US-NY-NYC".to_owned()], ..Scope::default() };
    let mut lowest = std::collections::BTreeMap::new();
    for device in fleet.devices.iter().filter(|device| always_on.takes(device)) {
        for app in &fleet.applications {
            for point in fleet.device_app_score(device.id, app.id, &day).unwrap().series.datapoints {
                let low = lowest.entry(point.timestamp).or_insert(100);
                *low = (point.value as i64).min(*low);
            }
        }
    }
    assert_eq!(lowest.len(), 25);
    assert_eq!(
        fleet.scope_score(&always_on, &day),
        Some((lowest.values().sum::<i64>() as f64 / 25.0).round() as i64)
    );
}
