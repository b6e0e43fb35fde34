//! How long a question takes on a thousand rules, without and with a trace, and how long five thousand take to compile.
//! `cargo run -p zuno-policy --example speed --release` prints microseconds of this process alone where the system tells them,
//! else those that passed.

use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use zuno_policy::{Doubt, Options, Policy, Question, Sites, Snapshot};

/// One category, the same for every site.
struct One;

impl Sites for One {
    fn look_up(&self, _: &str, each: &mut dyn FnMut(&str)) -> Doubt {
        each("C999");
        Doubt::default()
    }

    fn family(&self, _: &str) -> Option<&str> {
        Some("USER_DEFINED")
    }
}

/// Rules on URLs, each with a category, some groups and a place of its own; the last one matches.
fn urls(rules: usize) -> Snapshot {
    let rule = |number: usize| {
        json!({
            "id": number, "name": format!("rule {number}"), "order": number + 1, "state": "ENABLED", "action": "BLOCK",
            "protocols": ["ANY_RULE"],
            "urlCategories": [format!("C{}", if number + 1 == rules { 999 } else { number % 900 })],
            "groups": [{"id": number % 50}, {"id": number % 70}], "locations": [{"id": 100}, {"id": 200 + number % 30}],
        })
    };
    let all = json!({
        "zia.location": [{"id": 100, "name": "HQ", "tz": "GMT"}],
        "zia.user": [{"id": 1, "email": "a@x.example", "groups": (0..70).collect::<Vec<u32>>()}],
        "zia.url_filtering_rule": (0..rules).map(rule).collect::<Vec<Value>>(),
    });
    Snapshot::from_json(all).expect("a snapshot")
}

/// Private applications, each with a rule for some groups; the last one matches.
fn applications(rules: usize) -> Snapshot {
    let segment = |number: usize| {
        json!({
            "id": format!("{number}"), "name": format!("app {number}"), "domainNames": [format!("h{number}.x.example")],
            "enabled": true, "segmentGroupId": "1", "tcpPortRanges": ["443", "443"],
        })
    };
    let rule = |number: usize| {
        json!({
            "id": format!("{number}"), "name": format!("rule {number}"), "policyType": 1, "ruleOrder": number + 1,
            "action": "ALLOW", "conditions": [
                {"operator": "OR", "operands": [{"objectType": "APP", "lhs": "id", "rhs": format!("{number}")}]},
                {"operator": "OR", "operands": [{"objectType": "SCIM_GROUP", "lhs": "1", "rhs": "7"}]},
            ],
        })
    };
    let all = json!({
        "zpa.application_segment": (0..rules).map(segment).collect::<Vec<Value>>(),
        "zpa.policy_rule": (0..rules).map(rule).collect::<Vec<Value>>(),
    });
    Snapshot::from_json(all).expect("a snapshot")
}

/// Nanoseconds that this process was running, as Linux counts them, or that have passed.
fn nanoseconds(start: Instant) -> f64 {
    let counted = std::fs::read_to_string("/proc/self/schedstat").ok();
    let counted = counted.and_then(|text| text.split_whitespace().next()?.parse().ok());
    counted.unwrap_or_else(|| start.elapsed().as_secs_f64() * 1e9)
}

fn micros(times: u32, mut work: impl FnMut()) -> f64 {
    let start = Instant::now();
    work();
    let mut best = f64::MAX;
    for _ in 0..5 {
        let before = nanoseconds(start);
        (0..times).for_each(|_| work());
        best = best.min((nanoseconds(start) - before) / 1e3 / f64::from(times));
    }
    best
}

fn main() {
    let compile = |snapshot: &Snapshot| Policy::compile(snapshot, Options::default(), Arc::new(One));
    let web: Question = serde_json::from_value(json!({
        "url": "http://site.example/", "user": "a@x.example", "from": "HQ", "method": "GET", "at": 0, "browser": "CHROME",
        "risk": 10, "via": "transparent", "source_country": "DE",
    }))
    .expect("a question");
    let last =
        json!({"private": "h999.x.example:443", "scim_groups": ["7"], "idp": null, "platform": "windows"});
    let private: Question = serde_json::from_value(last).expect("a question");
    for (name, snapshot, five, question) in [
        ("url filtering", urls(1_000), urls(5_000), web),
        ("access policy", applications(1_000), applications(5_000), private),
    ] {
        let policy = compile(&snapshot);
        let verdict = policy.decide(&question).expect("an answer");
        assert_eq!(verdict.rule.map(|rule| &*rule.name), Some("rule 999"));
        let decided = micros(200_000, || drop(policy.decide(&question)));
        let traced = micros(20_000, || drop(policy.trace(&question)));
        let compiled = micros(20, || drop(compile(&five)));
        println!(
            "{name}: {decided:.2} µs a question, {traced:.1} µs with a trace, {:.1} ms to compile 5,000",
            compiled / 1e3
        );
    }
}
