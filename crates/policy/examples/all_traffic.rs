//! Measures what is asked of all traffic at once, of firewalls and access policies of many rules: rules that nothing meets, and
//! what differs where one rule was edited, one was moved, and every tenth was.
//! `cargo run --release -p zuno-policy --example all_traffic`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use zuno_policy::analysis::{Finding, Lint, compare, lint};
use zuno_policy::{Doubt, Options, Policy, Sites, Snapshot};

/// What is done to a rule, by its number.
type Edit<'a> = dyn Fn(u64, &mut Value) + 'a;

/// Nobody looks a site up here.
struct NoSites;

impl Sites for NoSites {
    fn look_up(&self, _: &str, _: &mut dyn FnMut(&str)) -> Doubt {
        Doubt { equal_entries: false, five_levels: false }
    }

    fn family(&self, _: &str) -> Option<&str> {
        None
    }
}

/// A number that looks like chance and is always the same.
fn drawn(seed: u64, below: u64) -> u64 {
    let mixed = (seed.wrapping_add(0x9e37_79b9_7f4a_7c15)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((mixed ^ (mixed >> 31)).wrapping_mul(0x94d0_49bb_1331_11eb) >> 33) % below
}

/// Rules of a firewall: some groups, addresses and services each, and now and then a place.
fn tenant(rules: u64, edit: impl Fn(u64, &mut Value)) -> Snapshot {
    let rule = |number: u64| {
        let some = |what: u64, count: u64, of: u64| -> Vec<Value> {
            (0..count).map(|part| json!({"id": drawn(number * 31 + what * 7 + part, of) + 1})).collect()
        };
        let mut rule = json!({
            "id": number, "name": format!("rule {number}"), "order": number, "state": "ENABLED",
            "action": if number.is_multiple_of(3) { "ALLOW" } else { "BLOCK_DROP" },
            "groups": some(1, 3, 200),
            "destAddresses": (0..4).map(|part| format!("10.{}.{}.0/24", drawn(number + part, 64), drawn(number * 5 + part, 256))).collect::<Vec<_>>(),
            "nwServices": some(3, 2, 40),
        });
        if number.is_multiple_of(4) {
            rule["locations"] = json!(some(4, 2, 50));
        }
        edit(number, &mut rule);
        rule
    };
    let mut all: Vec<Value> = (1..=rules).map(rule).collect();
    all.push(json!({"id": 900_000, "name": "default", "order": -1, "action": "ALLOW", "defaultRule": true}));
    let named = |count: u64| -> Vec<Value> {
        (1..=count).map(|id| json!({"id": id, "name": id.to_string()})).collect()
    };
    Snapshot::from_json(json!({
        "zia.firewall_filtering_rule": all, "zia.group": named(200), "zia.network_service": named(40),
        "zia.location": [{"id": 1, "name": "HQ", "ofwEnabled": true}], "zia.user": [{"id": 1, "name": "nobody"}],
    }))
    .expect("a snapshot")
}

/// Rules of an access policy on as many applications: some groups each, a posture now and then, and a rule for the rest.
fn private(rules: u64, edit: impl Fn(u64, &mut Value)) -> Snapshot {
    let rule = |number: u64| {
        let operands = |of: &str, lhs: &str, values: Vec<String>| {
            let operand = |value: String| json!({"objectType": of, "lhs": lhs, "rhs": value});
            json!({"operator": "OR", "operands": values.into_iter().map(operand).collect::<Vec<_>>()})
        };
        let some = |what: u64, count: u64, of: u64| -> Vec<String> {
            (0..count).map(|part| (drawn(number * 31 + what * 7 + part, of) + 1).to_string()).collect()
        };
        let mut conditions = vec![operands("SCIM_GROUP", "9", some(1, 3, 200))];
        match number % 3 {
            0 => conditions.push(operands("APP_GROUP", "id", some(2, 1, 50))),
            _ => conditions.push(operands("APP", "id", some(2, 3, rules))),
        }
        if number.is_multiple_of(4) {
            let posture =
                json!([{"objectType": "POSTURE", "lhs": format!("p{}", number % 5), "rhs": "true"}]);
            conditions.push(json!({ "operator": "OR", "operands": posture }));
        }
        let mut rule = json!({
            "id": number, "name": format!("rule {number}"), "ruleOrder": number, "policyType": 1,
            "action": if number.is_multiple_of(3) { "DENY" } else { "ALLOW" }, "conditions": conditions,
        });
        edit(number, &mut rule);
        rule
    };
    let segment = |number: u64| {
        json!({
            "id": number, "name": format!("app {number}"), "enabled": true, "segmentGroupId": number % 50 + 1,
            "domainNames": [format!("a{number}.x.example"), format!("*.b{number}.x.example")],
            "tcpPortRanges": ["80", "80", "443", "443"],
        })
    };
    Snapshot::from_json(json!({
        "zpa.policy_rule": (1..=rules).map(rule).collect::<Vec<_>>(), "zpa.idp": [{"id": 9}],
        "zpa.segment_group": (1..=50).map(|id| json!({"id": id, "enabled": true})).collect::<Vec<_>>(),
        "zpa.posture_profile": (0..5).map(|number| json!({"id": number, "postureUdid": format!("p{number}")})).collect::<Vec<_>>(),
        "zpa.application_segment": (1..=rules).map(segment).collect::<Vec<_>>(),
    }))
    .expect("a snapshot")
}

fn compiled(snapshot: &Snapshot) -> Policy {
    Policy::compile(snapshot, Options::default(), Arc::new(NoSites))
}

/// Milliseconds that this process was running, as Linux counts them, or that have passed.
fn milliseconds(start: Instant) -> f64 {
    let counted = std::fs::read_to_string("/proc/self/schedstat").ok();
    let counted = counted.and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok());
    counted.map_or_else(|| start.elapsed().as_secs_f64() * 1e3, |nanoseconds| nanoseconds / 1e6)
}

fn took<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let start = Instant::now();
    let before = milliseconds(start);
    let made = black_box(run());
    println!("{what:<52} {:>9.1} ms", milliseconds(start) - before);
    made
}

/// How many rules the bound was reached before.
fn open(found: &[Finding<'_>]) -> usize {
    let open = found.iter().filter(|finding| matches!(finding.lint, Lint::Undecided | Lint::NotLookedAt));
    open.map(|finding| 1 + finding.more).sum()
}

fn main() {
    for rules in [1_000, 10_000] {
        let alike = tenant(rules, |_, rule| rule["action"] = json!("BLOCK_DROP"));
        let policy = compiled(&alike);
        let found = took(&format!("{rules} rules of one action: lint"), || lint(&policy, &alike));
        println!("    {} findings, {} rules not found out", found.len(), open(&found));
    }
    let wide = private(10_000, |_, _| {});
    let policy = compiled(&wide);
    let found = took("10000 access rules: lint", || lint(&policy, &wide));
    println!("    {} findings, {} rules not found out", found.len(), open(&found));
    for rules in [100, 1_000] {
        println!("firewall");
        review(
            rules,
            |edit| tenant(rules, edit),
            ("order", json!("BLOCK_RESET"), "groups", json!([{"id": 3}])),
        );
        println!("access policy");
        let other = json!([{"operands": [{"objectType": "SCIM_GROUP", "lhs": "9", "rhs": "3"}]}]);
        review(
            rules,
            |edit| private(rules, edit),
            ("ruleOrder", json!("REQUIRE_APPROVAL"), "conditions", other),
        );
    }
}

/// Looks at all traffic of a tenant, and compares it with itself edited.
fn review(
    rules: u64,
    tenant: impl Fn(&Edit<'_>) -> Snapshot,
    (order, action, member, other): (&str, Value, &str, Value),
) {
    let plain = tenant(&|_, _| {});
    let policy = took(&format!("{rules} rules: compile"), || compiled(&plain));
    let findings = took(&format!("{rules} rules: lint"), || lint(&policy, &plain));
    let unreached = findings.iter().filter(|finding| finding.lint == Lint::NeverReached).count();
    println!("    {} findings, {unreached} never reached", findings.len());
    let edits: [(&str, &Edit<'_>); 3] = [
        ("one edited", &|number, rule| {
            if number == rules / 2 {
                rule[member] = other.clone();
            }
        }),
        ("the last moved to the top", &|number, rule| {
            if number == rules {
                rule[order] = json!(0);
            }
        }),
        ("every tenth edited", &|number, rule| {
            if number.is_multiple_of(10) {
                rule["action"] = action.clone();
            }
        }),
    ];
    for (what, edit) in edits {
        let other = tenant(edit);
        let after = compiled(&other);
        let found = took(&format!("{rules} rules: differences, {what}"), || {
            compare((&policy, &plain), (&after, &other))
        });
        println!("    {} kinds of traffic, {} undecided", found.differences.len(), found.undecided);
    }
}
