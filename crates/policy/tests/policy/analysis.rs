//! What is found of all traffic at once, on tenants that people would recognize.

use std::sync::Arc;

use serde_json::{Value, json};
use zuno_policy::analysis::{Comparison, Finding, Lint, Proof, compare, lint, witnesses};
use zuno_policy::{Options, Policy, Snapshot};

use crate::tenant::Categories;

fn read(value: Value) -> (Policy, Snapshot) {
    let snapshot = Snapshot::from_json(value).expect("a snapshot");
    let sites = Arc::new(Categories::of(&snapshot));
    (Policy::compile(&snapshot, Options::default(), sites), snapshot)
}

/// What is found of URL rules, as `what rule by rule`.
fn found(rules: Value) -> Vec<String> {
    let (policy, snapshot) = read(json!({
        "zia.url_filtering_rule": rules,
        "zia.user": [{"id": 1}, {"id": 2}],
        "zia.group": [{"id": 7}, {"id": 8}],
        "zia.department": [{"id": 9}],
    }));
    let told = |finding: &Finding<'_>| {
        let by: Vec<&str> = finding.by.iter().map(|rule| &*rule.name).collect();
        let lint = serde_json::to_value(finding.lint).expect("a word");
        format!("{} {} {}", finding.rule.name, lint.as_str().unwrap_or_default(), by.join("+"))
            .trim()
            .to_owned()
    };
    lint(&policy, &snapshot).iter().map(told).collect()
}

fn rule(order: i64, name: &str, action: &str, asks: Value) -> Value {
    let mut rule = json!({"id": order, "name": name, "order": order, "action": action, "state": "ENABLED"});
    let members = rule.as_object_mut().expect("an object");
    members.extend(asks.as_object().expect("an object").clone());
    rule
}

#[test]
fn a_rule_behind_a_wider_one_is_never_reached() {
    let rules = json!([
        rule(1, "wide", "BLOCK", json!({"urlCategories": ["GAMBLING", "NEWS"]})),
        rule(2, "narrow", "ALLOW", json!({"urlCategories": ["GAMBLING"], "groups": [{"id": 7}]})),
    ]);
    assert_eq!(found(rules), ["narrow never_reached wide"]);
}

#[test]
fn several_rules_together_shadow_one_and_the_least_of_them_are_told() {
    let rules = json!([
        rule(1, "gambling", "BLOCK", json!({"urlCategories": ["GAMBLING"]})),
        rule(2, "of a group", "BLOCK", json!({"groups": [{"id": 7}]})),
        rule(3, "news", "BLOCK", json!({"urlCategories": ["NEWS"]})),
        rule(4, "both", "ALLOW", json!({"urlCategories": ["GAMBLING", "NEWS"]})),
    ]);
    assert_eq!(found(rules), ["both never_reached gambling+news"]);
}

#[test]
fn who_is_excluded_before_is_reached_behind() {
    let rules = json!([
        rule(1, "all but some", "BLOCK", json!({"excludedGroups": [{"id": 7}]})),
        rule(2, "some", "ALLOW", json!({"groups": [{"id": 7}]})),
        rule(3, "others", "ALLOW", json!({"users": [{"id": 1}], "excludedGroups": [{"id": 7}]})),
        rule(4, "nobody", "ALLOW", json!({"groups": [{"id": 8}], "excludedGroups": [{"id": 8}]})),
    ]);
    assert_eq!(found(rules), ["others never_reached all but some", "nobody never_met"]);
}

#[test]
fn a_rule_without_which_all_is_the_same_is_redundant_and_one_that_is_off_is_passed_over() {
    let mut off = rule(1, "off", "BLOCK", json!({}));
    off["state"] = json!("DISABLED");
    let rules = json!([
        off,
        rule(2, "narrow", "BLOCK", json!({"urlCategories": ["GAMBLING"]})),
        rule(3, "other", "ALLOW", json!({"urlCategories": ["NEWS"], "groups": [{"id": 7}]})),
        rule(4, "wide", "BLOCK", json!({"urlCategories": ["GAMBLING", "NEWS"]})),
    ]);
    // A site of both categories, asked for by the group, is what `narrow` is there for.
    assert_eq!(found(rules), Vec::<String>::new());
    let rules = json!([
        rule(2, "narrow", "BLOCK", json!({"urlCategories": ["GAMBLING"]})),
        rule(3, "wide", "BLOCK", json!({"urlCategories": ["GAMBLING", "NEWS"]})),
    ]);
    assert_eq!(found(rules), ["narrow redundant wide"]);
}

#[test]
fn what_is_named_and_not_there_is_told() {
    let rules = json!([rule(1, "lost", "BLOCK", json!({"groups": [{"id": 70}, {"id": 7}]}))]);
    assert_eq!(found(rules), ["lost names_nothing"]);
    let (policy, snapshot) = read(json!({
        "zia.url_filtering_rule": [rule(1, "lost", "BLOCK", json!({"groups": [{"id": 70}]}))],
    }));
    let finding = &lint(&policy, &snapshot)[0];
    assert_eq!((finding.lint, &*finding.names[0].name), (Lint::NamesNothing, "70"));
}

/// Each difference as `before -> after: witness`.
fn differences(before: Value, after: Value) -> (bool, Vec<String>) {
    let (before, after) = (read(before), read(after));
    let found = compare((&before.0, &before.1), (&after.0, &after.1));
    let Comparison { same, differences, undecided, .. } = &found;
    assert_eq!(*undecided, 0);
    let name =
        |side: &zuno_policy::analysis::Side<'_>| side.rule.map_or("nobody", |rule| &rule.name).to_owned();
    let told = |difference: &zuno_policy::analysis::Difference<'_>| {
        let witness: Vec<&str> = difference.witness.iter().map(|holding| &*holding.name).collect();
        format!("{} -> {}: {}", name(&difference.before), name(&difference.after), witness.join(" "))
    };
    (*same, differences.iter().map(told).collect())
}

fn urls(rules: Value) -> Value {
    json!({ "zia.url_filtering_rule": rules })
}

#[test]
fn a_move_that_changes_nothing_is_proved_to() {
    let (one, other) = (
        json!({"urlCategories": ["GAMBLING"], "requestMethods": ["GET"]}),
        json!({"urlCategories": ["NEWS"], "requestMethods": ["POST"]}),
    );
    let before =
        urls(json!([rule(1, "one", "BLOCK", one.clone()), rule(2, "other", "ALLOW", other.clone())]));
    let mut after = urls(json!([rule(1, "other", "ALLOW", other), rule(2, "one", "BLOCK", one)]));
    after["zia.url_filtering_rule"][0]["id"] = json!(2);
    after["zia.url_filtering_rule"][1]["id"] = json!(1);
    assert_eq!(differences(before, after), (true, vec![]));
}

#[test]
fn a_move_that_counts_is_told_with_who_is_treated_otherwise() {
    let block = rule(1, "block", "BLOCK", json!({"urlCategories": ["GAMBLING"]}));
    let allow = rule(2, "allow", "ALLOW", json!({"groups": [{"id": 7}]}));
    let (mut first, mut second) = (allow.clone(), block.clone());
    (first["order"], second["order"]) = (json!(1), json!(2));
    let (same, told) = differences(urls(json!([block, allow])), urls(json!([first, second])));
    assert!(!same);
    assert_eq!(told, ["block -> allow: 7 GAMBLING"]);
}

#[test]
fn a_new_rule_takes_from_each_that_decided_before() {
    let old = [
        rule(1, "news", "ALLOW", json!({"urlCategories": ["NEWS"]})),
        rule(2, "sports", "BLOCK", json!({"urlCategories": ["SPORTS"]})),
    ];
    let mut new = vec![rule(1, "new", "BLOCK", json!({"groups": [{"id": 7}]}))];
    new.extend(old.iter().cloned().map(|mut rule| {
        rule["order"] = json!(rule["order"].as_i64().unwrap_or_default() + 1);
        rule
    }));
    new[0]["id"] = json!(99);
    let (same, told) = differences(urls(json!(old)), urls(json!(new)));
    assert!(!same);
    assert_eq!(told, ["news -> new: 7 NEWS", "nobody -> new: 7"]);
}

#[test]
fn what_is_in_a_group_of_addresses_counts_and_who_wrote_it_does_not() {
    let tenant = |addresses: &[&str], when: i64| {
        json!({
            "zia.ip_source_group": [{"id": 5, "name": "lab", "ipAddresses": addresses, "lastModifiedTime": when}],
            "zia.firewall_filtering_rule": [
                rule(1, "lab", "BLOCK_DROP", json!({"srcIpGroups": [{"id": 5}]})),
                rule(2, "rest", "ALLOW", json!({})),
            ],
        })
    };
    assert_eq!(differences(tenant(&["10.0.0.1"], 1), tenant(&["10.0.0.1"], 2)), (true, vec![]));
    let (same, told) = differences(tenant(&["10.0.0.1"], 1), tenant(&["10.0.0.2"], 2));
    assert!(!same);
    assert_eq!(told, ["lab -> rest: 5 (as it was)", "rest -> lab: 5 (as it is now)"]);
}

#[test]
fn settings_that_differ_are_named_rather_than_passed_over() {
    let with = |on: bool| json!({"zia.ftp_settings": [{"ftpEnabled": on}]});
    let (before, after) = (read(with(true)), read(with(false)));
    let found = compare((&before.0, &before.1), (&after.0, &after.1));
    assert_eq!(
        (found.same, found.differences.len(), found.beyond),
        (false, 0, vec!["zia.ftp_settings".to_owned()])
    );
}

/// What differs beyond the lists of rules.
fn beyond(before: Value, after: Value) -> Vec<String> {
    let (before, after) = (read(before), read(after));
    let found = compare((&before.0, &before.1), (&after.0, &after.1));
    assert!(!found.same);
    found.beyond
}

#[test]
fn a_rule_that_hands_on_takes_nothing_from_those_behind_it() {
    let tenant = |action: &str| {
        json!({
            "zia.network_service": [{"id": 3}],
            "zia.firewall_filtering_rule": [
                rule(1, "look", "EVAL_NWAPP", json!({})),
                rule(2, "skype", action, json!({"nwApplications": ["SKYPE"]})),
                rule(3, "rest", "ALLOW", json!({})),
            ],
        })
    };
    let (policy, snapshot) = read(tenant("BLOCK_DROP"));
    assert_eq!(lint(&policy, &snapshot), []);
    let (same, told) = differences(tenant("BLOCK_DROP"), tenant("ALLOW"));
    assert_eq!((same, told), (false, vec!["skype -> skype: SKYPE".to_owned()]));
    let mut other = tenant("BLOCK_DROP");
    other["zia.firewall_filtering_rule"][0]["nwServices"] = json!([{"id": 3}]);
    assert_eq!(beyond(tenant("BLOCK_DROP"), other), ["zia.firewall_filtering_rule"]);
}

#[test]
fn where_an_answer_or_a_flow_is_led_counts_and_the_order_of_people_does_not() {
    let dns = |to: &str| json!({"zia.firewall_dns_rule": [rule(1, "other", "REDIR_RES", json!({"redirectIp": to}))]});
    let (same, told) = differences(dns("10.0.0.9"), dns("10.0.0.10"));
    assert_eq!((same, told), (false, vec!["other -> other: ".to_owned()]));
    let forward = |to: i64| {
        let asks = json!({"forwardMethod": "PROXYCHAIN", "proxyGateway": {"id": to, "name": "chain"}});
        json!({"zia.forwarding_rule": [rule(1, "chain", "", asks)]})
    };
    assert!(!differences(forward(1), forward(2)).0);
    let over = |users: [i64; 2]| {
        let users: Vec<Value> = users.iter().map(|id| json!({ "id": id })).collect();
        urls(json!([rule(1, "block", "BLOCK", json!({"blockOverride": true, "overrideUsers": users}))]))
    };
    assert_eq!(differences(over([1, 2]), over([2, 1])), (true, vec![]));
}

#[test]
fn a_place_may_lie_in_another() {
    let rules = json!([
        rule(1, "part", "BLOCK", json!({"locations": [{"id": 11}]})),
        rule(2, "whole", "ALLOW", json!({"locations": [{"id": 10}]})),
        rule(3, "rest", "BLOCK", json!({})),
    ]);
    let tenant = json!({
        "zia.location": [{"id": 10, "name": "HQ"}, {"id": 11, "name": "other", "parentId": 10}],
        "zia.url_filtering_rule": rules,
    });
    let (policy, snapshot) = read(tenant.clone());
    assert_eq!(lint(&policy, &snapshot), [], "traffic of the part is the whole's too");
    let mut after = tenant.clone();
    after["zia.url_filtering_rule"].as_array_mut().expect("a list").remove(0);
    let (same, told) = differences(tenant, after);
    assert!(!same && told.contains(&"part -> whole: 10 11".to_owned()), "{told:?}");
}

#[test]
fn what_moves_traffic_without_a_rule_is_named() {
    let office = |on: bool| json!({"zia.location": [{"id": 10, "name": "HQ", "ofwEnabled": on}]});
    assert_eq!(beyond(office(true), office(false)), ["zia.location"]);
    let sites =
        |sites: &[&str]| json!({"zia.url_category": [{"id": "CUSTOM_01", "val": 128, "urls": sites}]});
    assert_eq!(beyond(sites(&[]), sites(&["facebook.com"])), ["zia.url_category"]);
    let ports = |port: i64| json!({"zia.network_service": [{"id": 3, "destTcpPorts": [{"start": port}]}]});
    assert_eq!(beyond(ports(80), ports(81)), ["zia.network_service"]);
    let lab = |address: &str| {
        json!({
            "zia.ip_source_group": [{"id": 5, "ipAddresses": [address]}],
            "zia.dnat_rule": [rule(1, "translate", "", json!({"srcIpGroups": [{"id": 5}]}))],
        })
    };
    assert_eq!(beyond(lab("10.0.0.1"), lab("10.0.0.2")), ["zia.dnat_rule"]);
}

#[test]
fn each_rule_that_is_reached_has_a_question_in_which_it_has_a_say() {
    let all = json!({
        "zia.location": [{"id": 100, "name": "HQ", "tz": "Europe/Berlin", "ofwEnabled": true}],
        "zia.user": [{"id": 1, "name": "Ada", "email": "ada@x.example", "groups": [{"id": 5}]}],
        "zia.group": [{"id": 5, "name": "Engineers"}],
        "zia.time_interval": [{"id": 6, "name": "Nights", "startTime": 60, "endTime": 300, "daysOfWeek": ["TUE"]}],
        "zia.network_service": [{"id": 7, "name": "SSH", "destTcpPorts": [{"start": 22}]}],
        "zia.url_category": [{"id": "CUSTOM_01", "urls": [".games.example"]}],
        "zia.firewall_filtering_rule": [
            {"id": 31, "name": "F#1", "order": 1, "action": "BLOCK_DROP", "nwServices": [{"id": 7}], "destAddresses": ["10.0.0.0/8"]},
            {"id": 32, "name": "F default", "order": -1, "action": "ALLOW", "defaultRule": true},
        ],
        "zia.url_filtering_rule": [
            {"id": 10, "name": "U#1", "order": 1, "action": "BLOCK", "urlCategories": ["CUSTOM_01"], "groups": [{"id": 5}],
             "timeWindows": [{"id": 6}]},
            {"id": 11, "name": "U#2", "order": 2, "action": "BLOCK", "urlCategories": ["CUSTOM_01"], "requestMethods": ["POST"]},
            {"id": 12, "name": "U#3", "order": 3, "action": "BLOCK", "urlCategories": ["CUSTOM_01"], "requestMethods": ["POST"],
             "users": [{"id": 1}]},
        ],
        "zpa.application_segment": [
            {"id": "21", "name": "Wiki", "domainNames": ["*.corp.example"], "enabled": true, "segmentGroupId": "1",
             "tcpPortRanges": ["443", "443"]},
        ],
        "zpa.policy_rule": [
            {"id": "41", "name": "A#1", "policyType": 1, "ruleOrder": 1, "action": "ALLOW", "conditions": [
                {"operator": "OR", "operands": [{"objectType": "APP", "lhs": "id", "rhs": "21"}]},
                {"operator": "OR", "operands": [{"objectType": "SCIM_GROUP", "lhs": "1", "rhs": "7"}]},
            ]},
            {"id": "42", "name": "A#2", "policyType": 1, "ruleOrder": 2, "action": "DENY", "conditions": [
                {"operator": "OR", "operands": [{"objectType": "APP", "lhs": "id", "rhs": "99"}]},
            ]},
        ],
    });
    let (policy, snapshot) = read(all);
    let found = witnesses(&policy, &snapshot, 1_772_445_600);
    let told: Vec<(&str, &str)> = found
        .iter()
        .map(|witness| {
            let proof = match &witness.proof {
                Proof::Question(question) => {
                    let verdict = policy.decide(question).expect("an answer");
                    assert!(verdict.path.iter().any(|step| step.rule == Some(witness.rule)), "{question:?}");
                    "asked"
                }
                Proof::NeverReached => "never reached",
                Proof::NotFound => "not found",
                Proof::Undecided | Proof::Untold(_) => "untold",
            };
            (&*witness.rule.name, proof)
        })
        .collect();
    assert_eq!(
        told,
        [
            ("F#1", "asked"),
            ("F default", "asked"),
            ("U#1", "asked"),
            ("U#2", "asked"),
            ("U#3", "never reached"),
            ("A#1", "asked"),
            ("A#2", "not found"),
        ]
    );
}
