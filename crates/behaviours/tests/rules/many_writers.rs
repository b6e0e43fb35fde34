//! Several writers at once make, move and delete rules and what rules name: whatever they do and however their calls meet, the
//! rules of each list stand at 1, 2, 3 …, what is named is there, and labels count the rules that carry them.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};
use zuno_catalogue::Method;
use zuno_model::Fault;

use crate::cloud::Cloud;

/// A list of rules, what a rule of it says, and the member that names groups of addresses, if it has one.
struct Rules {
    path: &'static str,
    says: fn() -> Value,
    groups: Option<&'static str>,
    fixed: Option<&'static str>,
}

const LISTS: [Rules; 5] = [
    Rules {
        path: "/firewallFilteringRules",
        says: || json!({ "action": "ALLOW" }),
        groups: Some("srcIpGroups"),
        fixed: Some("defaultRule"),
    },
    Rules {
        path: "/urlFilteringRules",
        says: || json!({ "action": "BLOCK", "protocols": ["ANY_RULE"] }),
        groups: Some("sourceIpGroups"),
        fixed: None,
    },
    Rules {
        path: "/firewallDnsRules",
        says: || json!({ "action": "ALLOW", "protocols": ["ANY_RULE"] }),
        groups: Some("srcIpGroups"),
        fixed: Some("defaultRule"),
    },
    Rules {
        path: "/webApplicationRules/WEBMAIL",
        says: || json!({ "actions": ["ALLOW_WEBMAIL_VIEW"], "applications": ["GOOGLE_WEBMAIL"] }),
        groups: None,
        fixed: None,
    },
    Rules {
        path: "/forwardingRules",
        says: || json!({ "forwardMethod": "DIRECT", "type": "FORWARDING" }),
        groups: Some("srcIpGroups"),
        fixed: None,
    },
];

/// What one writer does; numbers choose among what is there when it is done.
#[derive(Clone, Debug)]
enum Step {
    Make { list: usize, order: usize, label: usize, group: usize },
    Change { list: usize, rule: usize, order: usize, label: usize },
    Delete { list: usize, rule: usize },
    MakeLabel,
    DropLabel(usize),
    MakeGroup,
    DropGroup(usize),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let (list, any) = (0..LISTS.len(), 0..16_usize);
    let step = prop_oneof![
        6 => (list.clone(), any.clone(), any.clone(), any.clone())
            .prop_map(|(list, order, label, group)| Step::Make { list, order, label, group }),
        4 => (list.clone(), any.clone(), any.clone(), any.clone())
            .prop_map(|(list, rule, order, label)| Step::Change { list, rule, order, label }),
        3 => (list, any.clone()).prop_map(|(list, rule)| Step::Delete { list, rule }),
        1 => Just(Step::MakeLabel),
        2 => any.clone().prop_map(Step::DropLabel),
        1 => Just(Step::MakeGroup),
        2 => any.prop_map(Step::DropGroup),
    ];
    prop::collection::vec(step, 1..14)
}

fn rows(cloud: &Cloud, path: &str) -> Vec<Value> {
    cloud.get(path).as_array().cloned().unwrap_or_default()
}

/// One of the records at a path, by a number that may be too large.
fn chosen(cloud: &Cloud, path: &str, number: usize) -> Option<Value> {
    let rows = rows(cloud, path);
    (!rows.is_empty()).then(|| rows[number % rows.len()].clone())
}

fn link(cloud: &Cloud, path: &str, number: usize) -> Value {
    chosen(cloud, path, number).map_or(json!([]), |row| json!([{ "id": row["id"] }]))
}

/// What a refusal may be: of what has changed in between, or is in use. Anything else is a failure of ours.
fn done(outcome: Result<Value, Fault>) {
    if let Err(fault @ (Fault::Broken(_) | Fault::NotBuilt(_) | Fault::Unreadable(_))) = outcome {
        panic!("{fault}");
    }
}

fn rule(list: &Rules, name: &str, order: usize) -> Value {
    let mut body = (list.says)();
    body["name"] = json!(name);
    body["order"] = json!(order + 1);
    body["rank"] = json!(7);
    body["state"] = json!("ENABLED");
    body
}

fn carry_out(cloud: &Cloud, name: &str, step: &Step) {
    match step {
        Step::Make { list, order, label, group } => {
            let list = &LISTS[*list];
            let mut body = rule(list, name, order % (rows(cloud, list.path).len() + 1));
            body["labels"] = link(cloud, "/ruleLabels", *label);
            if let Some(groups) = list.groups {
                body[groups] = link(cloud, "/ipSourceGroups", *group);
            }
            done(cloud.call(Method::Post, list.path, Some(body)));
        }
        Step::Change { list, rule: number, order, label } => {
            let list = &LISTS[*list];
            let Some(old) = chosen(cloud, list.path, *number) else { return };
            let mut body = rule(list, old["name"].as_str().expect("a name"), *order);
            body["labels"] = link(cloud, "/ruleLabels", *label);
            done(cloud.call(Method::Put, &format!("{}/{}", list.path, old["id"]), Some(body)));
        }
        Step::Delete { list, rule } => {
            let list = &LISTS[*list];
            let Some(old) = chosen(cloud, list.path, *rule) else { return };
            done(cloud.call(Method::Delete, &format!("{}/{}", list.path, old["id"]), None));
        }
        Step::MakeLabel => done(cloud.call(Method::Post, "/ruleLabels", Some(json!({ "name": name })))),
        Step::MakeGroup => {
            let body = json!({ "name": name, "ipAddresses": ["192.0.2.1"] });
            done(cloud.call(Method::Post, "/ipSourceGroups", Some(body)));
        }
        Step::DropLabel(number) => {
            let Some(old) = chosen(cloud, "/ruleLabels", *number) else { return };
            done(cloud.call(Method::Delete, &format!("/ruleLabels/{}", old["id"]), None));
        }
        Step::DropGroup(number) => {
            let Some(old) = chosen(cloud, "/ipSourceGroups", *number) else { return };
            done(cloud.call(Method::Delete, &format!("/ipSourceGroups/{}", old["id"]), None));
        }
    }
}

fn ids(cloud: &Cloud, path: &str) -> BTreeSet<i64> {
    rows(cloud, path).iter().filter_map(|row| row["id"].as_i64()).collect()
}

fn named<'r>(rule: &'r Value, member: &str) -> impl Iterator<Item = i64> + 'r {
    let list = rule.get(member).and_then(Value::as_array);
    list.into_iter().flatten().filter_map(|link| link["id"].as_i64())
}

fn agrees(cloud: &Cloud) {
    let (labels, groups) = (ids(cloud, "/ruleLabels"), ids(cloud, "/ipSourceGroups"));
    let mut carried: BTreeMap<i64, i64> = BTreeMap::new();
    for list in &LISTS {
        let rules = rows(cloud, list.path);
        let stands = |rule: &&Value| list.fixed.is_none_or(|fixed| rule.get(fixed) != Some(&json!(true)));
        let placed = rules.iter().filter(stands).filter_map(|rule| rule["order"].as_i64());
        let mut orders: Vec<i64> = placed.filter(|order| *order > 0).collect();
        orders.sort_unstable();
        let wanted: Vec<i64> = (1..).take(orders.len()).collect();
        assert_eq!(orders, wanted, "{}", list.path);
        for rule in &rules {
            for label in named(rule, "labels") {
                assert!(labels.contains(&label), "{} names label {label}, which is gone", list.path);
                *carried.entry(label).or_default() += 1;
            }
            for group in list.groups.into_iter().flat_map(|member| named(rule, member)) {
                assert!(groups.contains(&group), "{} names group {group}, which is gone", list.path);
            }
        }
    }
    for label in rows(cloud, "/ruleLabels") {
        let id = label["id"].as_i64().expect("an id");
        let counted = label["referencedRuleCount"].as_i64().unwrap_or_default();
        assert_eq!(counted, carried.get(&id).copied().unwrap_or_default(), "{label}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn orders_and_references_hold_whatever_many_writers_do(writers in prop::collection::vec(steps(), 2..5)) {
        let cloud = Cloud::new("/zia/api/v1", false);
        for number in 0..3 {
            carry_out(&cloud, &format!("Label {number}"), &Step::MakeLabel);
            carry_out(&cloud, &format!("Group {number}"), &Step::MakeGroup);
        }
        std::thread::scope(|scope| {
            for (writer, steps) in writers.iter().enumerate() {
                let cloud = &cloud;
                scope.spawn(move || {
                    for (number, step) in steps.iter().enumerate() {
                        carry_out(cloud, &format!("Writer {writer} step {number}"), step);
                    }
                });
            }
        });
        agrees(&cloud);
    }
}

#[test]
fn every_step_does_something() {
    let cloud = Cloud::new("/zia/api/v1", false);
    carry_out(&cloud, "Label", &Step::MakeLabel);
    carry_out(&cloud, "Group", &Step::MakeGroup);
    for (number, list) in LISTS.iter().enumerate() {
        let before = rows(&cloud, list.path).len();
        carry_out(&cloud, "New", &Step::Make { list: number, order: 0, label: 0, group: 0 });
        assert_eq!(rows(&cloud, list.path).len(), before + 1, "{}", list.path);
        let made =
            rows(&cloud, list.path).into_iter().find(|rule| rule["name"] == "New").expect("it is made");
        assert_eq!(named(&made, "labels").count(), 1, "{made}");
        assert_eq!(list.groups.map_or(1, |member| named(&made, member).count()), 1, "{}", list.path);
    }
    agrees(&cloud);
}
