//! Measures what is asked of all traffic at once, of firewalls of many rules: rules that nothing meets, and what differs where
//! one rule was edited, one was moved, and every tenth was. `cargo run --release -p zuno-policy --example all_traffic`.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Instant;

use serde_json::{Value, json};
use zuno_policy::analysis::{compare, lint};
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

fn compiled(snapshot: &Snapshot) -> Policy {
    Policy::compile(snapshot, Options::default(), Arc::new(NoSites))
}

fn took<T>(what: &str, run: impl FnOnce() -> T) -> T {
    let began = Instant::now();
    let made = black_box(run());
    println!("{what:<52} {:>9.1} ms", began.elapsed().as_secs_f64() * 1e3);
    made
}

fn main() {
    for rules in [1_000, 10_000] {
        let alike = tenant(rules, |_, rule| rule["action"] = json!("BLOCK_DROP"));
        let policy = compiled(&alike);
        let found = took(&format!("{rules} rules of one action: lint"), || lint(&policy, &alike)).len();
        println!("    {found} findings");
    }
    for rules in [100, 1_000] {
        let plain = tenant(rules, |_, _| {});
        let policy = took(&format!("{rules} rules: compile"), || compiled(&plain));
        let findings = took(&format!("{rules} rules: lint"), || lint(&policy, &plain)).len();
        println!("    {findings} findings");
        let edits: [(&str, &Edit<'_>); 3] = [
            ("one edited", &|number, rule| {
                if number == rules / 2 {
                    rule["groups"] = json!([{"id": 3}]);
                }
            }),
            ("the last moved to the top", &|number, rule| {
                if number == rules {
                    rule["order"] = json!(0);
                }
            }),
            ("every tenth edited", &|number, rule| {
                if number.is_multiple_of(10) {
                    rule["action"] = json!("BLOCK_RESET");
                }
            }),
        ];
        for (what, edit) in edits {
            let other = tenant(rules, edit);
            let after = compiled(&other);
            let found = took(&format!("{rules} rules: differences, {what}"), || {
                compare((&policy, &plain), (&after, &other))
            });
            println!("    {} kinds of traffic, {} undecided", found.differences.len(), found.undecided);
        }
    }
}
