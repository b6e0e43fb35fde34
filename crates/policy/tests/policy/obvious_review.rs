//! What is found of all private access at once, held against asking every question that there is.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use zuno_policy::analysis::{Asked, Lint, compare, lint};
use zuno_policy::{Module, Options, Policy, Question, Snapshot, Verdict};

use crate::segments::rule;
use crate::tenant::Categories;

const DOMAINS: [&str; 4] = ["x.c.com", "*.c.com", "*", "10.0.0.0/30"];
/// One in each of them; the last one is in none but the block.
const HOSTS: [&str; 4] = ["x.c.com", "y.c.com", "z.example", "10.0.0.2"];
const PORTS: [u16; 3] = [80, 443, 7];
const PROVIDERS: [&str; 2] = ["IDP", "IDP2"];
/// One of each kind that is treated in a way of its own.
pub const CLIENTS: [&str; 5] = [
    "zpn_client_type_zapp",
    "zpn_client_type_exporter",
    "zpn_client_type_exporter_noauth",
    "zpn_client_type_ip_anchoring",
    "zpn_client_type_slogger",
];

pub fn read(value: &Value) -> (Policy, Snapshot) {
    let mut all = json!({
        "zpa.idp": [{"id": "IDP"}, {"id": "IDP2"}],
        "zpa.scim_group": [{"id": "A", "idpId": "IDP"}, {"id": "B", "idpId": "IDP"}],
        "zpa.saml_attribute": [{"id": "MAIL", "name": "Mail", "idpId": "IDP2"}],
        "zpa.posture_profile": [{"id": "1", "name": "disk", "postureUdid": "P"}],
    });
    all.as_object_mut().expect("an object").extend(value.as_object().expect("an object").clone());
    let snapshot = Snapshot::from_json(all).expect("a snapshot");
    let sites = Arc::new(Categories::of(&snapshot));
    (Policy::compile(&snapshot, Options::default(), sites), snapshot)
}

/// Every request that the rules here can tell from another.
fn questions() -> Vec<Question> {
    let mut all = Vec::new();
    let groups: [&[&str]; 4] = [&[], &["A"], &["B"], &["A", "B"]];
    let each = |bits: u8| (bits & 1 == 1, bits & 2 == 2, bits & 4 == 4, bits & 8 == 8);
    for (host, port) in HOSTS.iter().flat_map(|host| PORTS.map(|port| (host, port))) {
        for (provider, client) in PROVIDERS.iter().flat_map(|one| CLIENTS.map(|client| (one, client))) {
            for (groups, (windows, passes, mail, several)) in
                groups.iter().flat_map(|groups| (0..16).map(move |bits| (groups, each(bits))))
            {
                let asked = json!({
                    "private": format!("{host}:{port}"), "idp": provider, "client_type": client,
                    "scim_groups": groups, "platform": if windows { "windows" } else { "linux" },
                    "postures": {"P": passes}, "saml": {"MAIL": if mail { "x" } else { "y" }},
                    "multimatch": several, "scim": {}, "trusted_networks": [],
                });
                all.push(serde_json::from_value(asked).expect("a question"));
            }
        }
    }
    all
}

/// Which application a request is for, and what becomes of it.
fn treated(verdict: &Verdict<'_>) -> String {
    let segments = verdict.details.get("segments").unwrap_or_default();
    // What is switched off is told apart from what no rule allows, though both are denied.
    format!("{:?} {segments} {}", verdict.action, verdict.module == Module::Availability)
}

fn segments() -> impl Strategy<Value = Vec<Value>> {
    let ports =
        prop_oneof![Just(json!(["1", "65535"])), Just(json!(["443", "443"])), Just(json!(["80", "80"]))];
    let one =
        (prop::sample::select(&DOMAINS[..]), ports, prop::sample::select(&["NEVER", "ALWAYS"][..]), 0..8);
    (prop::collection::vec(one, 1..5), prop::collection::vec(any_bool(), DOMAINS.len())).prop_map(
        |(chosen, styles)| {
            let segment = |(place, (domain, ports, bypass, off)): (usize, (&str, Value, &str, i32))| {
                let style =
                    DOMAINS.iter().position(|known| *known == domain).is_some_and(|known| styles[known]);
                json!({
                    "id": format!("S{place}"), "name": format!("S{place}"), "domainNames": [domain],
                    "enabled": off != 0, "segmentGroupId": format!("G{}", place % 2), "tcpPortRanges": ports,
                    "matchStyle": if style { "INCLUSIVE" } else { "EXCLUSIVE" },
                    "bypassType": if off == 1 { bypass } else { "NEVER" },
                })
            };
            chosen.into_iter().enumerate().map(segment).collect()
        },
    )
}

fn any_bool() -> impl Strategy<Value = bool> {
    proptest::bool::ANY
}

fn operand() -> impl Strategy<Value = Value> {
    let all: Vec<(&str, &str, &str)> = vec![
        ("APP", "id", "S0"),
        ("APP", "id", "S1"),
        ("APP", "id", "S2"),
        ("APP_GROUP", "id", "G0"),
        ("APP_GROUP", "id", "G1"),
        ("SCIM_GROUP", "IDP", "A"),
        ("SCIM_GROUP", "IDP", "B"),
        ("SAML", "MAIL", "X"),
        ("IDP", "id", "IDP"),
        ("POSTURE", "P", "true"),
        ("POSTURE", "P", "false"),
        ("PLATFORM", "windows", "true"),
        ("PLATFORM", "windows", "false"),
        ("CLIENT_TYPE", "id", CLIENTS[0]),
        ("CLIENT_TYPE", "id", CLIENTS[1]),
    ];
    prop::sample::select(all).prop_map(|(of, lhs, rhs)| json!({"objectType": of, "lhs": lhs, "rhs": rhs}))
}

fn conditions() -> impl Strategy<Value = (Vec<Value>, bool)> {
    let condition = (prop::collection::vec(operand(), 0..4), any_bool(), prop::bool::weighted(0.25));
    let condition = condition.prop_map(|(operands, all, negated)| {
        json!({"operator": if all { "AND" } else { "OR" }, "negated": negated, "operands": operands})
    });
    (prop::collection::vec(condition, 0..3), prop::bool::weighted(0.2))
}

fn made(place: usize, (conditions, any): (Vec<Value>, bool), allows: bool) -> Value {
    let mut made = rule(1, &format!("R{place}"), 0, if allows { "ALLOW" } else { "DENY" }, &conditions);
    made["id"] = json!(format!("R{place}"));
    made["operator"] = json!(if any { "OR" } else { "AND" });
    made
}

fn rules() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec((conditions(), any_bool()), 1..6).prop_map(|rules| {
        rules
            .into_iter()
            .enumerate()
            .map(|(place, (conditions, allows))| made(place, conditions, allows))
            .collect()
    })
}

fn tenant(segments: &[Value], rules: &[Value]) -> Value {
    let mut rules = rules.to_vec();
    rules.iter_mut().zip(1..).for_each(|(rule, order)| rule["ruleOrder"] = json!(order));
    json!({"zpa.application_segment": segments, "zpa.policy_rule": rules})
}

/// What is done to a tenant.
#[derive(Debug, Clone)]
enum Edit {
    Swap(usize, usize),
    Other(usize, (Vec<Value>, bool), bool),
    Drop(usize),
    Segment(usize, &'static str),
    Switch(usize),
    Direct(usize),
}

fn edit() -> impl Strategy<Value = Edit> {
    prop_oneof![
        (0..6_usize, 0..6_usize).prop_map(|(one, other)| Edit::Swap(one, other)),
        (0..6_usize, conditions(), any_bool())
            .prop_map(|(place, conditions, allows)| Edit::Other(place, conditions, allows)),
        (0..6_usize).prop_map(Edit::Drop),
        (0..6_usize, prop::sample::select(&DOMAINS[..]))
            .prop_map(|(place, domain)| Edit::Segment(place, domain)),
        (0..6_usize).prop_map(Edit::Switch),
        (0..6_usize).prop_map(Edit::Direct),
    ]
}

fn edited(segments: &[Value], rules: &[Value], edit: Edit) -> (Vec<Value>, Vec<Value>) {
    let (mut segments, mut rules) = (segments.to_vec(), rules.to_vec());
    let (last, of_segments) = (rules.len(), segments.len());
    match edit {
        Edit::Swap(one, other) => rules.swap(one % last, other % last),
        Edit::Other(place, conditions, allows) => {
            rules[place % last] = made(place % last, conditions, allows)
        }
        Edit::Drop(place) => drop(rules.remove(place % last)),
        Edit::Segment(place, domain) => segments[place % of_segments]["domainNames"] = json!([domain]),
        Edit::Switch(place) => {
            let on = &mut segments[place % of_segments]["enabled"];
            *on = json!(*on == json!(false));
        }
        Edit::Direct(place) => segments[place % of_segments]["bypassType"] = json!("ALWAYS"),
    }
    (segments, rules)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(32))]

    #[test]
    fn rules_are_never_reached_where_no_question_reaches_them(segments in segments(), rules in rules()) {
        let (policy, snapshot) = read(&tenant(&segments, &rules));
        let questions = questions();
        // Who decides each question; for each rule, whether a rule that does the same would decide all of its questions.
        let mut reached: BTreeMap<&str, bool> = BTreeMap::new();
        let without = |name: &str| -> Vec<Value> { rules.iter().filter(|rule| rule["name"] != name).cloned().collect() };
        let others: BTreeMap<String, (Policy, Snapshot)> = rules
            .iter()
            .map(|rule| rule["name"].as_str().expect("a name").to_owned())
            .map(|name| { let other = read(&tenant(&segments, &without(&name))); (name, other) })
            .collect();
        for question in &questions {
            let verdict = policy.decide(question).expect("an answer");
            if let (Module::AccessPolicy, Some(rule)) = (verdict.module, verdict.rule) {
                let other = others[&*rule.name].0.decide(question).expect("an answer");
                let same = other.action == verdict.action && other.rule.is_some();
                let all = reached.entry(&rule.name).or_insert(true);
                *all &= same;
            }
        }
        let found = lint(&policy, &snapshot);
        for made in &rules {
            let name = made["name"].as_str().expect("a name");
            let lints: Vec<Lint> = found
                .iter()
                .filter(|finding| &*finding.rule.name == name && finding.lint != Lint::NamesNothing)
                .map(|finding| finding.lint)
                .collect();
            match reached.get(name) {
                None => prop_assert!(
                    lints == [Lint::NeverReached] || lints == [Lint::NeverMet], "{} {:?}", name, lints
                ),
                Some(true) => prop_assert!(
                    lints == [Lint::Redundant] || (lints.is_empty() && is_open(made)), "{} {:?}", name, lints
                ),
                Some(false) => prop_assert_eq!(&lints, &[], "{}", name),
            }
        }
    }

    #[test]
    fn private_access_differs_where_a_question_is_answered_otherwise(
        segments in segments(), rules in rules(), edit in edit(),
    ) {
        let (other_segments, other_rules) = edited(&segments, &rules, edit);
        let (before, after) = (read(&tenant(&segments, &rules)), read(&tenant(&other_segments, &other_rules)));
        let found = compare((&before.0, &before.1), (&after.0, &after.1));
        prop_assert_eq!((found.undecided, &found.beyond), (0, &Vec::new()));
        let differs = |question: &Question| {
            let both = [&before.0, &after.0].map(|policy| treated(&policy.decide(question).expect("an answer")));
            both[0] != both[1]
        };
        let there = questions().iter().any(differs);
        prop_assert_eq!(found.same, !there, "{:?}", found.differences);
        for difference in found.differences.iter().filter(|difference| difference.module == Module::AccessPolicy) {
            // Of somebody who signed in with none of the providers there is no question.
            let Some(Asked(question)) = &difference.question else { continue };
            for (policy, side) in [(&before.0, &difference.before), (&after.0, &difference.after)] {
                let verdict = policy.decide(question).expect("an answer");
                prop_assert_eq!(verdict.module, Module::AccessPolicy, "{:?}", question);
                prop_assert_eq!(verdict.rule, side.rule, "{:?}", question);
                prop_assert!(verdict.unknown.is_empty(), "{:?}", question);
            }
        }
    }
}

/// Whether some way to meet a rule asks for nothing.
fn is_open(rule: &Value) -> bool {
    let conditions = rule["conditions"].as_array().expect("a list");
    conditions.iter().all(|condition| condition["operands"].as_array().expect("a list").is_empty())
}
