//! An evaluator that is slow and obvious: it knows nothing of atoms, clauses or bits, reads records as they stand, tries
//! rule by rule, and is held against the compiled one on random tenants and questions.

use proptest::prelude::*;
use serde_json::{Map, Value, json};
use zuno_policy::{Action, Policy};

use crate::tenant::{question, tenant};

const CATEGORIES: [&str; 4] = ["C1", "C2", "C3", "C4"];
const HOSTS: [&str; 6] =
    ["a.one.example", "one.example", "b.two.example", "two.example", "three.example", "else.example"];
const METHODS: [&str; 3] = ["GET", "POST", "CONNECT"];
/// 2026-03-03T12:00:00Z, a Tuesday.
const TUESDAY: i64 = 1_772_539_200;

/// The entries of the categories.
fn entries(category: &str) -> &'static [&'static str] {
    match category {
        "C1" => &[".one.example"],
        "C2" => &["one.example", ".two.example"],
        "C3" => &["b.two.example"],
        _ => &["three.example"],
    }
}

/// The category of a host: the exact entry, else the longest domain above.
fn category_of(host: &str) -> Option<&'static str> {
    let mut found: Vec<(usize, &str)> = Vec::new();
    for category in CATEGORIES {
        for entry in entries(category) {
            match entry.strip_prefix('.') {
                None if *entry == host => found.push((usize::MAX, category)),
                Some(domain) if host == domain || host.ends_with(&format!(".{domain}")) => {
                    found.push((domain.len(), category));
                }
                _ => {}
            }
        }
    }
    found.into_iter().max_by_key(|(length, _)| *length).map(|(_, category)| category)
}

/// People: id, group, department.
const PEOPLE: [(i64, i64, i64); 3] = [(21, 11, 31), (22, 12, 31), (23, 13, 32)];

fn listed(rule: &Value, member: &str) -> Vec<Value> {
    rule[member].as_array().cloned().unwrap_or_default()
}

fn has_id(list: &[Value], id: i64) -> bool {
    list.iter().any(|item| item["id"] == json!(id))
}

/// Whether a rule on URLs matches; `user` is a place among the people.
fn url_rule_matches(
    rule: &Value,
    host: &str,
    method: Option<&str>,
    protocol: &str,
    user: Option<usize>,
    at: i64,
) -> bool {
    if rule["state"] != "ENABLED" {
        return false;
    }
    let categories = listed(rule, "urlCategories");
    if !categories.is_empty()
        && !category_of(host).is_some_and(|category| categories.contains(&json!(category)))
    {
        return false;
    }
    let methods = listed(rule, "requestMethods");
    if !methods.is_empty() && !method.is_some_and(|method| methods.contains(&json!(method))) {
        return false;
    }
    let protocols = listed(rule, "protocols");
    if !protocols.is_empty()
        && !protocols.contains(&json!("ANY_RULE"))
        && !protocols.contains(&json!(protocol))
    {
        return false;
    }
    let (users, groups, departments) =
        (listed(rule, "users"), listed(rule, "groups"), listed(rule, "departments"));
    let (in_users, in_groups, in_departments) = match user.map(|user| PEOPLE[user]) {
        Some((id, group, department)) => {
            (has_id(&users, id), has_id(&groups, group), has_id(&departments, department))
        }
        None => (false, false, false),
    };
    if !(users.is_empty() && groups.is_empty() && departments.is_empty()) {
        // Any of them; but what is tied together counts as one.
        let users_and_groups = rule["usersAndGroupsSet"] == true && !users.is_empty() && !groups.is_empty();
        let groups_and_departments =
            rule["groupsAndDepartmentsSet"] == true && !groups.is_empty() && !departments.is_empty();
        let matches = match (users_and_groups, groups_and_departments) {
            (false, false) => in_users || in_groups || in_departments,
            (true, false) => (in_users && in_groups) || in_departments,
            (false, true) => in_users || (in_groups && in_departments),
            (true, true) => in_users && in_groups && in_departments,
        };
        if !matches {
            return false;
        }
    }
    let locations = listed(rule, "locations");
    if !locations.is_empty() && !has_id(&locations, 100) {
        return false;
    }
    let windows = listed(rule, "timeWindows");
    let morning = (at.rem_euclid(86_400)) / 60 <= 719;
    let open = |window: &Value| if window["id"] == 501 { morning } else { !morning };
    if !windows.is_empty() && !windows.iter().any(open) {
        return false;
    }
    true
}

/// The rule that decides a request over plain HTTP, and what it does.
fn decides<'r>(
    rules: &'r [Value],
    host: &str,
    method: &str,
    user: Option<usize>,
    at: i64,
) -> Option<&'r Value> {
    let mut ordered: Vec<&Value> = rules.iter().collect();
    ordered.sort_by_key(|rule| rule["order"].as_i64());
    ordered.into_iter().find(|rule| url_rule_matches(rule, host, Some(method), "HTTP_RULE", user, at))
}

fn some_of(values: &'static [&'static str]) -> impl Strategy<Value = Value> {
    prop::collection::vec(prop::sample::select(values), 0..3).prop_map(|values| json!(values))
}

fn links(ids: &'static [i64]) -> impl Strategy<Value = Value> {
    prop_oneof![
        3 => Just(json!([])),
        1 => prop::collection::vec(prop::sample::select(ids), 1..3)
            .prop_map(|ids| ids.into_iter().map(|id| json!({"id": id})).collect::<Value>()),
    ]
}

fn url_rule() -> impl Strategy<Value = Value> {
    let identity =
        (links(&[21, 22, 23]), links(&[11, 12, 13]), links(&[31, 32]), any::<bool>(), any::<bool>());
    let site = (
        some_of(&CATEGORIES),
        some_of(&METHODS),
        some_of(&["ANY_RULE", "HTTP_RULE", "HTTPS_RULE"]),
        links(&[100, 101]),
        links(&[501, 502]),
    );
    let effect = (prop::sample::select(&["ALLOW", "BLOCK", "CAUTION"][..]), any::<bool>());
    (identity, site, effect).prop_map(|((users, groups, departments, one, two), site, (action, on))| {
        json!({
            "action": action, "state": if on { "ENABLED" } else { "DISABLED" },
            "users": users, "groups": groups, "departments": departments,
            "usersAndGroupsSet": one, "groupsAndDepartmentsSet": two,
            "urlCategories": site.0, "requestMethods": site.1, "protocols": site.2,
            "locations": site.3, "timeWindows": site.4,
        })
    })
}

fn numbered(rules: Vec<Value>, places: Vec<usize>) -> Vec<Value> {
    let mut rules = rules;
    for (number, rule) in rules.iter_mut().enumerate() {
        rule["id"] = json!(number);
        rule["name"] = json!(format!("U{number}"));
        rule["order"] = json!(places[number] + 1);
    }
    rules
}

fn rules() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(url_rule(), 0..8).prop_flat_map(|rules| {
        let places: Vec<usize> = (0..rules.len()).collect();
        (Just(rules), Just(places).prop_shuffle()).prop_map(|(rules, places)| numbered(rules, places))
    })
}

fn compiled(rules: &[Value]) -> Policy {
    let all: Map<String, Value> = [
        ("zia.group", json!([{"id": 11, "name": "g11"}, {"id": 12, "name": "g12"}, {"id": 13, "name": "g13"}])),
        ("zia.department", json!([{"id": 31, "name": "d31"}, {"id": 32, "name": "d32"}])),
        (
            "zia.user",
            PEOPLE
                .iter()
                .map(|(id, group, department)| {
                    json!({"id": id, "name": format!("u{id}"), "groups": [group], "department": department})
                })
                .collect(),
        ),
        (
            "zia.time_interval",
            json!([
                {"id": 501, "startTime": 0, "endTime": 719, "daysOfWeek": ["EVERYDAY"]},
                {"id": 502, "startTime": 720, "endTime": 1439, "daysOfWeek": ["EVERYDAY"]},
            ]),
        ),
        (
            "zia.url_category",
            CATEGORIES.iter().map(|id| json!({"id": id, "urls": entries(id)})).collect(),
        ),
        ("zia.url_filtering_rule", rules.to_vec().into()),
    ]
    .into_iter()
    .map(|(kind, records)| (kind.to_owned(), records))
    .collect();
    tenant(Value::Object(all))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn the_compiled_rules_on_urls_decide_as_trying_each_does(
        rules in rules(),
        asked in prop::collection::vec(
            (prop::sample::select(&HOSTS[..]), prop::sample::select(&METHODS[..2]), prop::option::of(0..3_usize), 0..86_400_i64),
            30,
        ),
    ) {
        let policy = compiled(&rules);
        for (host, method, user, second) in asked {
            let at = TUESDAY - 43_200 + second;
            let name = user.map(|user| format!("u{}", PEOPLE[user].0));
            let asked = question(json!({"url": format!("http://{host}/"), "method": method, "user": name, "at": at}));
            let wanted = decides(&rules, host, method, user, at);
            let verdict = policy.decide(&asked).expect("an answer");
            let traced = policy.trace(&asked).expect("an answer");
            prop_assert_eq!(verdict.rule.map(|rule| rule.name.to_string()), wanted.map(|rule| rule["name"].as_str().expect("a name").to_owned()));
            let action = match wanted.and_then(|rule| rule["action"].as_str()) {
                Some("BLOCK") => Action::Block,
                Some("CAUTION") => Action::Caution,
                _ => Action::Allow,
            };
            prop_assert_eq!(verdict.action, action);
            prop_assert_eq!(&verdict.unknown, &traced.unknown);
            // Every rule that stands before the one that decides is told with a criterion that it fails by, and it alone
            // matches.
            let trials = traced.trace.expect("a trace");
            let trials: Vec<_> = trials.iter().filter(|trial| trial.module == zuno_policy::Module::UrlFiltering).collect();
            for (place, trial) in trials.iter().enumerate() {
                let last = place + 1 == trials.len();
                prop_assert_eq!(trial.failed.is_none(), last && wanted.is_some());
                let record = rules.iter().find(|rule| rule["name"] == *trial.rule.name).expect("a rule");
                let matches = url_rule_matches(record, host, Some(method), "HTTP_RULE", user, at);
                prop_assert_eq!(matches, trial.failed.is_none());
            }
        }
    }
}
