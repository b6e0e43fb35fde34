//! The same for private access: segments chosen by trying every entry, conditions by trying every operand.

use std::collections::BTreeSet;

use proptest::prelude::*;
use serde_json::{Value, json};

use zuno_policy::Policy;

use crate::segments::{answer, merge, with};
use crate::tenant::question;

const DOMAINS: [&str; 6] = ["x.db.c.com", "y.db.c.com", "*.db.c.com", "*.c.com", "*.com", "*"];
const HOSTS: [&str; 5] = ["x.db.c.com", "y.db.c.com", "z.db.c.com", "w.c.com", "host.example"];
const PORTS: [u16; 3] = [22, 80, 443];
const GROUPS: [&str; 3] = ["ADM", "ITG", "SAL"];

/// How specific an entry is that covers a host; nothing where it does not.
fn specificity(entry: &str, host: &str) -> Option<usize> {
    match entry.strip_prefix("*.") {
        _ if entry == "*" => Some(0),
        Some(domain) => host.ends_with(&format!(".{domain}")).then_some(domain.len()),
        None => (entry == host).then_some(usize::MAX),
    }
}

/// The segments that match, by their places, and whether anything covers the host.
fn selected(segments: &[Value], host: &str, port: u16, several: bool) -> (BTreeSet<usize>, bool) {
    let mut entries: Vec<(usize, &str)> = DOMAINS
        .iter()
        .filter(|domain| segments.iter().any(|segment| segment["domainNames"][0] == **domain))
        .filter_map(|domain| Some((specificity(domain, host)?, *domain)))
        .collect();
    entries.sort_by_key(|(specificity, _)| std::cmp::Reverse(*specificity));
    let mut found = BTreeSet::new();
    for (number, (_, domain)) in entries.iter().enumerate() {
        let listing = || (0..segments.len()).filter(|place| segments[*place]["domainNames"][0] == *domain);
        let inclusive = several && listing().all(|place| segments[place]["matchStyle"] == "INCLUSIVE");
        if !inclusive && number > 0 {
            break;
        }
        let carries = |place: &usize| {
            let ports: Vec<u16> = segments[*place]["tcpPortRanges"]
                .as_array()
                .expect("ports")
                .iter()
                .map(|port| port.as_str().expect("text").parse().expect("a port"))
                .collect();
            ports.chunks(2).any(|span| span[0] <= port && port <= span[1])
        };
        let matching: Vec<usize> = listing().filter(carries).collect();
        // Of equally specific exclusive ones the oldest counts.
        found.extend(if inclusive { &matching[..] } else { &matching[..matching.len().min(1)] });
        if !inclusive {
            break;
        }
    }
    (found, !entries.is_empty())
}

/// Who asks.
#[derive(Debug)]
struct Asker {
    groups: Vec<&'static str>,
    platform: &'static str,
}

fn operand_holds(operand: &Value, set: &BTreeSet<usize>, asker: &Asker) -> bool {
    let rhs = operand["rhs"].as_str().expect("text");
    match operand["objectType"].as_str().expect("text") {
        "APP" => set.iter().any(|place| rhs == format!("S{place}")),
        "APP_GROUP" => set.iter().any(|place| rhs == format!("G{}", place % 2)),
        "SCIM_GROUP" => asker.groups.contains(&rhs),
        "PLATFORM" => (operand["lhs"] == asker.platform) == (rhs == "true"),
        _ => rhs == "zpn_client_type_zapp",
    }
}

fn rule_matches(rule: &Value, set: &BTreeSet<usize>, asker: &Asker) -> bool {
    let conditions: Vec<&Value> = rule["conditions"]
        .as_array()
        .expect("a list")
        .iter()
        .filter(|condition| !condition["operands"].as_array().expect("a list").is_empty())
        .collect();
    let holds = |condition: &&Value| {
        let operands = condition["operands"].as_array().expect("a list");
        let truth = match condition["operator"] == "AND" {
            true => operands.iter().all(|operand| operand_holds(operand, set, asker)),
            false => operands.iter().any(|operand| operand_holds(operand, set, asker)),
        };
        truth != (condition["negated"] == true)
    };
    match rule["operator"] == "OR" && !conditions.is_empty() {
        true => conditions.iter().any(holds),
        false => conditions.iter().all(holds),
    }
}

/// Every rule that a trace tells: its name, the criterion that failed, and what of it.
fn tried_rules(policy: &Policy, asked: Value) -> Vec<(String, Option<String>, Option<String>)> {
    let mut all = json!({"from": null, "idp": "IDP"});
    merge(&mut all, asked);
    let question = question(all);
    let told = serde_json::to_value(policy.trace(&question).expect("an answer").trace).expect("a trace");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    let trial = |trial: &Value| {
        (text(&trial["rule"]["name"]).unwrap_or_default(), text(&trial["failed"]), text(&trial["detail"]))
    };
    told.as_array().expect("a list").iter().map(trial).collect()
}

fn segments() -> impl Strategy<Value = Vec<Value>> {
    let ports = prop_oneof![
        Just(json!(["1", "65535"])),
        Just(json!(["443", "443"])),
        Just(json!(["80", "80", "22", "22"])),
    ];
    let one = (prop::sample::select(&DOMAINS[..]), ports);
    (prop::collection::vec(one, 1..6), prop::collection::vec(any::<bool>(), DOMAINS.len())).prop_map(
        |(chosen, styles)| {
            let segment = |(place, (domain, ports)): (usize, (&str, Value))| {
                let style = DOMAINS.iter().position(|known| *known == domain).is_some_and(|known| styles[known]);
                json!({
                    "id": format!("S{place}"), "name": format!("S{place}"), "domainNames": [domain], "enabled": true,
                    "segmentGroupId": format!("G{}", place % 2), "tcpPortRanges": ports,
                    "matchStyle": if style { "INCLUSIVE" } else { "EXCLUSIVE" },
                })
            };
            chosen.into_iter().enumerate().map(segment).collect()
        },
    )
}

fn operand() -> impl Strategy<Value = Value> {
    let of = |kind: &'static str, lhs: &'static str, rhs: Vec<String>| {
        prop::sample::select(rhs).prop_map(move |rhs| json!({"objectType": kind, "lhs": lhs, "rhs": rhs}))
    };
    let texts = |texts: &[&str]| texts.iter().map(|text| (*text).to_owned()).collect::<Vec<String>>();
    prop_oneof![
        of("APP", "id", (0..5).map(|place| format!("S{place}")).collect()),
        of("APP_GROUP", "id", texts(&["G0", "G1"])),
        of("SCIM_GROUP", "IDP", texts(&GROUPS)),
        of("PLATFORM", "windows", texts(&["true", "false"])),
        of("CLIENT_TYPE", "id", texts(&["zpn_client_type_zapp", "zpn_client_type_exporter"])),
    ]
}

fn rules() -> impl Strategy<Value = Vec<Value>> {
    let condition = (prop::collection::vec(operand(), 0..4), any::<bool>(), prop::bool::weighted(0.2));
    let condition = condition.prop_map(|(operands, all, negated)| {
        json!({"operator": if all { "AND" } else { "OR" }, "negated": negated, "operands": operands})
    });
    let rule = (
        prop::collection::vec(condition, 0..4),
        prop::bool::weighted(0.2),
        any::<bool>(),
        prop::bool::weighted(0.2),
    );
    prop::collection::vec(rule, 0..7).prop_map(|rules| {
        let rule = |(place, (conditions, any, allows, off)): (usize, (Vec<Value>, bool, bool, bool))| {
            json!({
                "id": format!("R{place}"), "name": format!("R{place}"), "policyType": 1, "ruleOrder": place + 1,
                "action": if allows { "ALLOW" } else { "DENY" }, "operator": if any { "OR" } else { "AND" },
                "conditions": conditions, "disabled": if off { "1" } else { "0" },
            })
        };
        rules.into_iter().enumerate().map(rule).collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn private_applications_are_reached_as_trying_everything_says(
        segments in segments(),
        rules in rules(),
        asked in prop::collection::vec(
            (
                prop::sample::select(&HOSTS[..]), prop::sample::select(&PORTS[..]),
                prop::sample::subsequence(GROUPS.to_vec(), 0..3), prop::sample::select(&["windows", "linux"][..]),
            ),
            20,
        ),
    ) {
        let policy = with(json!({"zpa.application_segment": segments, "zpa.policy_rule": rules}));
        for (host, port, groups, platform) in asked {
            let asker = Asker { groups, platform };
            let (set, covered) = selected(&segments, host, port, platform == "windows");
            let names: BTreeSet<String> = set.iter().map(|place| format!("S{place}")).collect();
            let wanted = match (covered, set.is_empty()) {
                (false, _) => "NOT_ZPA".to_owned(),
                (true, true) => "NOT_FORWARDED".to_owned(),
                (true, false) => {
                    let found = rules.iter().find(|rule| rule["disabled"] == "0" && rule_matches(rule, &set, &asker));
                    match found {
                        Some(rule) => format!("{} {}", rule["action"].as_str().expect("a word"), rule["name"].as_str().expect("a name")),
                        None => "DENY_DEFAULT".to_owned(),
                    }
                }
            };
            let asked = json!({"private": format!("{host}:{port}"), "scim_groups": asker.groups, "platform": platform});
            prop_assert_eq!(answer(&policy, asked.clone(), false), wanted);
            let found = |rule: &Value| rule["disabled"] == "0" && rule_matches(rule, &set, &asker);
            let tried = if set.is_empty() { 0 } else { rules.iter().position(found).map_or(rules.len(), |last| last + 1) };
            let told = tried_rules(&policy, asked.clone());
            prop_assert_eq!(told.len(), tried);
            for (rule, (name, failed, detail)) in rules.iter().zip(&told) {
                let wanted = match (rule["disabled"] == "0", found(rule)) {
                    (true, true) => None,
                    (true, false) => Some("condition"),
                    (false, _) => Some("state"),
                };
                prop_assert_eq!((name.as_str(), failed.as_deref()), (rule["name"].as_str().expect("a name"), wanted));
                prop_assert_eq!(detail.is_some(), wanted == Some("condition"), "what failed is put into words");
            }
            let told = answer(&policy, asked, true);
            let told: BTreeSet<String> = told
                .rsplit_once('{')
                .map(|(_, set)| set.trim_end_matches('}').split(',').filter(|name| !name.is_empty()).map(str::to_owned).collect())
                .unwrap_or_default();
            prop_assert_eq!(told, names);
        }
    }
}
