//! What is found of private access at once, on tenants that people would recognize.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use zuno_policy::analysis::{Comparison, Lint, compare, lint};
use zuno_policy::{Action, Module, Question};

use crate::obvious_review::{CLIENTS, read};
use crate::segments::{any, rule};

fn names<'f>(comparison: &Comparison<'f>) -> BTreeSet<(Module, &'f str, &'f str)> {
    let name = |side: &zuno_policy::analysis::Side<'f>| side.rule.map_or("nobody", |rule| &rule.name);
    let told = comparison.differences.iter();
    told.map(|difference| (difference.module, name(&difference.before), name(&difference.after))).collect()
}

fn app(name: &str, domain: &str) -> Value {
    json!({
        "id": name, "name": name, "domainNames": [domain], "enabled": true, "segmentGroupId": "G",
        "tcpPortRanges": ["443", "443"],
    })
}

#[test]
fn whoever_passes_and_whoever_fails_a_posture_are_all_there_are() {
    let devices = any(&[("CLIENT_TYPE", "id", CLIENTS[0])]);
    let posture = |passes| any(&[("POSTURE", "P", passes)]);
    let rules = [
        rule(1, "passes", 1, "ALLOW", &[posture("true")]),
        rule(1, "fails", 2, "DENY", &[posture("false")]),
        rule(1, "devices", 3, "ALLOW", &[devices]),
        rule(
            1,
            "rest",
            4,
            "ALLOW",
            &[any(&[("POSTURE", "P", "true")]), any(&[("CLIENT_TYPE", "id", CLIENTS[1])])],
        ),
        rule(1, "gone", 5, "ALLOW", &[any(&[("APP", "id", "nowhere")])]),
    ];
    let (policy, snapshot) = read(&json!({
        "zpa.application_segment": [app("S0", "x.c.com")], "zpa.policy_rule": rules,
    }));
    let told = |finding: &zuno_policy::analysis::Finding<'_>| {
        let by: Vec<&str> = finding.by.iter().map(|rule| &*rule.name).collect();
        (finding.rule.name.to_string(), finding.lint, by.join("+"))
    };
    let found: Vec<_> = lint(&policy, &snapshot).iter().map(told).collect();
    let wanted = [
        ("gone", Lint::NamesNothing, ""),
        ("devices", Lint::NeverReached, "passes+fails"),
        // A browser reports no posture.
        ("rest", Lint::NeverMet, ""),
        ("gone", Lint::NeverMet, ""),
    ];
    assert_eq!(found, wanted.map(|(name, lint, by)| (name.to_owned(), lint, by.to_owned())));
}

#[test]
fn what_a_microtenants_users_meet_is_looked_at_as_well() {
    let mut own = rule(1, "own", 1, "ALLOW", &[]);
    own["microtenantId"] = json!("M");
    own["id"] = json!("own");
    let all = rule(1, "all", 1, "DENY", &[]);
    let mut theirs = app("T", "t.c.com");
    theirs["microtenantId"] = json!("M");
    let tenant = |segments: Value| {
        json!({
            "zpa.microtenant": [{"id": "M", "name": "Lab", "enabled": true}],
            "zpa.application_segment": segments, "zpa.policy_rule": [all.clone(), own.clone()],
        })
    };
    let lints = |value: Value| {
        let (policy, snapshot) = read(&value);
        lint(&policy, &snapshot).iter().map(|finding| finding.rule.name.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(lints(tenant(json!([app("S", "s.c.com")]))), ["own"], "Default's rule comes first");
    assert_eq!(
        lints(tenant(json!([app("S", "s.c.com"), theirs]))),
        Vec::<String>::new(),
        "but not for their own"
    );
}

#[test]
fn a_segment_that_moves_is_told_with_both_applications_and_a_session_with_its_limit() {
    let timeout = |seconds: &str| {
        let mut rule = rule(2, "week", 1, "RE_AUTH", &[]);
        rule["reauthTimeout"] = json!(seconds);
        rule
    };
    let tenant = |domain: &str, seconds: &str| {
        json!({
            "zpa.application_segment": [app("wide", "*.c.com"), app("narrow", domain)],
            "zpa.policy_rule": [rule(1, "all", 1, "ALLOW", &[]), timeout(seconds)],
        })
    };
    let (before, after) = (read(&tenant("x.c.com", "3600")), read(&tenant("y.c.com", "7200")));
    let found = compare((&before.0, &before.1), (&after.0, &after.1));
    assert_eq!(
        names(&found),
        BTreeSet::from([
            (Module::SegmentSelection, "nobody", "nobody"),
            (Module::TimeoutPolicy, "week", "week"),
        ])
    );
    let told = serde_json::to_value(&found.differences).expect("differences");
    let witness = |place: usize| {
        let told = told[place]["witness"].as_array().expect("a witness").iter();
        told.map(|holding| holding["name"].as_str().unwrap_or_default()).collect::<Vec<_>>().join(" ")
    };
    assert_eq!(witness(0), "x.c.com:443 narrow (as it was) wide (as it is now)");
    assert_eq!(witness(1), "y.c.com:443 wide (as it was) narrow (as it is now)");
    let same = compare((&before.0, &before.1), (&before.0, &before.1));
    assert!(same.same);
}

#[test]
fn what_a_pattern_selects_is_left_open_and_not_called_the_same() {
    let tenant = |pattern: &str| {
        json!({
            "zpa.application_segment": [app("P", pattern), app("W", "*.c.com")],
            "zpa.policy_rule": [
                rule(1, "p", 1, "DENY", &[any(&[("APP", "id", "P")])]),
                rule(1, "w", 2, "ALLOW", &[any(&[("APP", "id", "W"), ("APP", "id", "P")])]),
            ],
        })
    };
    let (before, after) = (read(&tenant("a*.c.com")), read(&tenant("b*.c.com")));
    assert_eq!(lint(&before.0, &before.1), []);
    let found = compare((&before.0, &before.1), (&after.0, &after.1));
    assert!(!found.same);
    assert!(found.beyond.contains(&"zpa.application_segment".to_owned()), "{:?}", found.beyond);
    assert!(compare((&before.0, &before.1), (&before.0, &before.1)).same);
}

#[test]
fn a_bypass_of_another_port_and_who_is_anchored_are_told_apart() {
    let direct = any(&[("APP", "id", "B")]);
    let tenant = |rules: Value| {
        let mut other = app("B", "x.c.com");
        other["tcpPortRanges"] = json!(["8443", "8443"]);
        json!({"zpa.application_segment": [app("A", "x.c.com"), other], "zpa.policy_rule": rules})
    };
    let forward = rule(4, "forward", 2, "INTERCEPT", &[]);
    let all = rule(1, "all", 1, "ALLOW", &[]);
    let before = read(&tenant(json!([forward, all])));
    let after = read(&tenant(json!([rule(4, "direct", 1, "BYPASS", &[direct]), forward, all])));
    let found = compare((&before.0, &before.1), (&after.0, &after.1));
    assert_eq!(names(&found), BTreeSet::from([(Module::ClientForwarding, "forward", "direct")]));
    let asked = json!({"private": "x.c.com:443", "platform": "windows"});
    let question: Question = serde_json::from_value(asked).expect("a question");
    assert_eq!(before.0.decide(&question).expect("an answer").action, Action::Allow);
    assert_eq!(after.0.decide(&question).expect("an answer").action, Action::Bypass);
}

#[test]
fn nothing_is_claimed_beside_a_rule_that_can_be_met_in_too_many_ways() {
    let posture = |number: usize| {
        any(&[("POSTURE", "P", "true"), ("CLIENT_TYPE", "id", CLIENTS[number % 2]), ("APP", "id", "S0")])
    };
    let mut wide = rule(1, "wide", 2, "DENY", &(0..65).map(posture).collect::<Vec<_>>());
    wide["operator"] = json!("OR");
    let first = rule(1, "first", 1, "ALLOW", &[any(&[("APP", "id", "S0")])]);
    let tenant = json!({
        "zpa.application_segment": [app("S0", "x.c.com")],
        "zpa.policy_rule": [first, wide, rule(1, "all", 3, "ALLOW", &[])],
    });
    let (policy, snapshot) = read(&tenant);
    let found: Vec<_> = lint(&policy, &snapshot)
        .iter()
        .map(|finding| (finding.rule.name.to_string(), finding.lint))
        .collect();
    assert!(found.contains(&("wide".to_owned(), Lint::Undecided)), "{found:?}");
    assert!(
        !found.iter().any(|(_, lint)| *lint == Lint::Redundant),
        "the wide one may take what it does: {found:?}"
    );
}

#[test]
fn another_tenants_ids_and_other_names_change_nothing() {
    let tenant = |id: &str, name: &str| {
        let mut own = app(id, "x.c.com");
        own["name"] = json!(name);
        let mut all = rule(1, "all", 1, "ALLOW", &[any(&[("APP", "id", id)])]);
        all["id"] = json!(format!("rule of {id}"));
        json!({"zpa.application_segment": [own], "zpa.policy_rule": [all]})
    };
    let same = |one: Value, other: Value| {
        let (one, other) = (read(&one), read(&other));
        compare((&one.0, &one.1), (&other.0, &other.1)).same
    };
    assert!(same(tenant("1", "Wiki"), tenant("1", "The wiki")));
    assert!(same(tenant("1", "Wiki"), tenant("2", "Wiki")));
    assert!(!same(tenant("1", "Wiki"), tenant("2", "The wiki")));
}

#[test]
fn rules_for_clients_that_a_policy_is_not_asked_for_are_never_met() {
    let by = |client: &str| [any(&[("CLIENT_TYPE", "id", client)])];
    let rules = [
        rule(5, "devices isolated", 1, "ISOLATE", &by(CLIENTS[0])),
        rule(5, "browsers isolated", 2, "ISOLATE", &by(CLIENTS[1])),
        rule(2, "browsers limited", 1, "RE_AUTH", &by(CLIENTS[1])),
        rule(2, "devices limited", 2, "RE_AUTH", &by(CLIENTS[0])),
    ];
    let (policy, snapshot) = read(&json!({
        "zpa.application_segment": [app("S0", "x.c.com")], "zpa.policy_rule": rules,
    }));
    let found: Vec<(String, Lint)> = lint(&policy, &snapshot)
        .iter()
        .map(|finding| (finding.rule.name.to_string(), finding.lint))
        .collect();
    let wanted = ["devices isolated", "browsers limited"].map(|name| (name.to_owned(), Lint::NeverMet));
    assert_eq!(found, wanted);
}
