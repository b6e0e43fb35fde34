//! The worked cases of Private Access on segments, bypass and forwarding, under their numbers.

use serde_json::{Value, json};
use zuno_policy::Policy;

use crate::tenant::{question, tenant};

/// All ports, for TCP and UDP.
const ALL: &[&str] = &["1", "65535"];
/// All but 53.
const GAP: &[&str] = &["1", "52", "54", "65535"];

pub fn segment(name: &str, domain: &str, tcp: &[&str], more: Value) -> Value {
    let mut segment = json!({
        "id": name, "name": name, "domainNames": [domain], "enabled": true, "segmentGroupId": format!("G-{name}"),
        "tcpPortRanges": tcp, "serverGroups": [format!("SG-{name}")],
    });
    merge(&mut segment, more);
    segment
}

pub fn merge(value: &mut Value, more: Value) {
    let (Value::Object(value), Value::Object(more)) = (value, more) else { unreachable!("both are objects") };
    value.extend(more);
}

/// A condition, of which one operand must hold; each is type, left and right side.
pub fn any(operands: &[(&str, &str, &str)]) -> Value {
    let operands = operands.iter().map(|(of, lhs, rhs)| json!({"objectType": of, "lhs": lhs, "rhs": rhs}));
    json!({"operator": "OR", "operands": operands.collect::<Vec<Value>>()})
}

pub fn rule(kind: i64, name: &str, order: i64, action: &str, conditions: &[Value]) -> Value {
    json!({
        "id": format!("{kind}{order}"), "name": name, "policyType": kind, "ruleOrder": order, "action": action,
        "operator": "AND", "conditions": conditions, "disabled": "0",
    })
}

pub fn access(name: &str, order: i64, action: &str, conditions: &[Value]) -> Value {
    rule(1, name, order, action, conditions)
}

pub fn private(segments: &[Value], rules: &[Value]) -> Policy {
    with(json!({"zpa.application_segment": segments, "zpa.policy_rule": rules}))
}

/// A tenant with one identity provider, two groups and what a case adds.
pub fn with(more: Value) -> Policy {
    let mut all = json!({
        "zpa.idp": [{"id": "IDP", "name": "Okta"}, {"id": "IDP2", "name": "Other"}],
        "zpa.scim_group": [
            {"id": "ADM", "name": "Admin_Grp", "idpId": "IDP"}, {"id": "ITG", "name": "IT", "idpId": "IDP"},
            {"id": "SAL", "name": "Sales", "idpId": "IDP"}, {"id": "ENG", "name": "Eng", "idpId": "IDP"},
        ],
    });
    merge(&mut all, more);
    tenant(all)
}

/// `ACTION rule {segments}`, the segments only where `sets` says so.
pub fn answer(policy: &Policy, asked: Value, sets: bool) -> String {
    let mut all = json!({"from": null, "platform": "windows", "idp": "IDP", "scim_groups": []});
    merge(&mut all, asked);
    let asked = question(all);
    let verdict = policy.decide(&asked).expect("an answer");
    let traced = policy.trace(&asked).expect("an answer");
    assert_eq!((verdict.action, verdict.rule, verdict.module), (traced.action, traced.rule, traced.module));
    let action = serde_json::to_value(verdict.action).expect("a word");
    let mut text = action.as_str().expect("a word").to_owned();
    if let Some(rule) = verdict.rule {
        text = format!("{text} {}", rule.name);
    }
    if sets {
        let segments = verdict.details.get("segments");
        let segments = segments.as_ref().and_then(Value::as_array);
        let names: Vec<&str> =
            segments.into_iter().flatten().filter_map(|segment| segment["name"].as_str()).collect();
        text = format!("{text} {{{}}}", names.join(","));
    }
    text
}

fn ask(policy: &Policy, group: &str, to: &str) -> String {
    answer(policy, json!({"private": to, "scim_groups": [group]}), true)
}

fn styled(several: bool) -> Value {
    json!({"matchStyle": if several { "INCLUSIVE" } else { "EXCLUSIVE" }})
}

/// A wide segment and a narrow one; `blocked` puts a rule that denies the narrow one between.
fn wide_and_narrow(wide: &str, narrow: &str, several: bool, blocked: bool) -> Policy {
    let mut w = segment("W", wide, GAP, styled(several));
    w["udpPortRanges"] = json!(GAP);
    let s1 = segment("S1", narrow, &["443", "443", "3389", "3389"], styled(several));
    let to = |id| any(&[("APP", "id", id)]);
    let mut rules = vec![access("R1", 1, "ALLOW", &[to("S1"), any(&[("SCIM_GROUP", "IDP", "ADM")])])];
    if blocked {
        rules.push(access("R2", 2, "DENY", &[to("S1")]));
    }
    rules.push(access(if blocked { "R3" } else { "R2" }, 3, "ALLOW", &[to("W")]));
    private(&[w, s1], &rules)
}

#[test]
fn names_1_to_15() {
    let policy = |several| wide_and_narrow("*.example.com", "server1.example.com", several, false);
    let (plus, minus) = (policy(true), policy(false));
    for (number, policy, group, port, wanted) in [
        (1, &plus, "ADM", 3389, "ALLOW R1 {S1,W}"),
        (2, &plus, "ITG", 3389, "ALLOW R2 {S1,W}"),
        (3, &plus, "ADM", 22, "ALLOW R2 {W}"),
        (4, &plus, "ITG", 22, "ALLOW R2 {W}"),
        (5, &plus, "ITG", 80, "ALLOW R2 {W}"),
        (6, &plus, "ITG", 443, "ALLOW R2 {S1,W}"),
        (7, &minus, "ADM", 3389, "ALLOW R1 {S1}"),
        (8, &minus, "ITG", 3389, "DENY_DEFAULT {S1}"),
        (9, &minus, "ADM", 22, "NOT_FORWARDED {}"),
        (10, &minus, "ITG", 80, "NOT_FORWARDED {}"),
        (11, &minus, "ITG", 443, "DENY_DEFAULT {S1}"),
    ] {
        assert_eq!(ask(policy, group, &format!("server1.example.com:{port}")), wanted, "case {number}");
    }
    for policy in [&plus, &minus] {
        assert_eq!(ask(policy, "ITG", "other.example.com:8080"), "ALLOW R2 {W}", "case 12");
        assert_eq!(ask(policy, "ITG", "other.example.com:53"), "NOT_FORWARDED {}", "case 13");
        assert_eq!(ask(policy, "ITG", "www.unlisted.org:443"), "NOT_ZPA {}", "case 15");
    }
    let linux = json!({"private": "server1.example.com:3389", "scim_groups": ["IT"], "platform": "linux"});
    assert_eq!(answer(&plus, linux, true), "DENY_DEFAULT {S1}", "case 14");
}

#[test]
fn a_block_between_16_to_23() {
    let policy = |several| wide_and_narrow("*.example.com", "server1.example.com", several, true);
    let (plus, minus) = (policy(true), policy(false));
    for (number, policy, group, port, wanted) in [
        (16, &plus, "ADM", 3389, "ALLOW R1 {S1,W}"),
        (17, &plus, "ADM", 443, "ALLOW R1 {S1,W}"),
        (18, &plus, "ADM", 22, "ALLOW R3 {W}"),
        (19, &plus, "ITG", 22, "ALLOW R3 {W}"),
        (20, &plus, "ITG", 80, "ALLOW R3 {W}"),
        (21, &plus, "ITG", 443, "DENY R2 {S1,W}"),
        (22, &minus, "ITG", 443, "DENY R2 {S1}"),
        (23, &minus, "ADM", 22, "NOT_FORWARDED {}"),
    ] {
        assert_eq!(ask(policy, group, &format!("server1.example.com:{port}")), wanted, "case {number}");
    }
}

#[test]
fn addresses_24_to_30() {
    let policy = |several| wide_and_narrow("10.0.0.0/24", "10.0.0.1/32", several, false);
    let (plus, minus) = (policy(true), policy(false));
    for (number, policy, group, to, wanted) in [
        (24, &plus, "ADM", "10.0.0.1:3389", "ALLOW R1 {S1,W}"),
        (25, &plus, "ITG", "10.0.0.1:3389", "ALLOW R2 {S1,W}"),
        (26, &plus, "ADM", "10.0.0.1:22", "ALLOW R2 {W}"),
        (27, &plus, "ITG", "10.0.0.1:443", "ALLOW R2 {S1,W}"),
        (28, &minus, "ITG", "10.0.0.1:443", "DENY_DEFAULT {S1}"),
        (29, &minus, "ITG", "10.0.0.1:80", "NOT_FORWARDED {}"),
        (30, &minus, "ITG", "10.0.0.7:443", "ALLOW R2 {W}"),
    ] {
        assert_eq!(ask(policy, group, to), wanted, "case {number}");
    }
}

#[test]
fn where_the_walk_ends_31_to_38() {
    let chain = |entries: &[(&str, bool)]| {
        let segments: Vec<Value> =
            entries.iter().map(|(domain, several)| segment(domain, domain, ALL, styled(*several))).collect();
        private(&segments, &[access("R", 1, "ALLOW", &[])])
    };
    let first = chain(&[
        ("*.db.hr.company.com", true),
        ("*.ui.hr.company.com", false),
        ("*.hr.company.com", true),
        ("*.company.com", false),
    ]);
    let asked = |policy: &Policy, to: &str| ask(policy, "ITG", &format!("{to}:443"));
    assert_eq!(
        asked(&first, "server1.db.hr.company.com"),
        "ALLOW R {*.db.hr.company.com,*.hr.company.com}",
        "case 31"
    );
    assert_eq!(asked(&first, "server2.ui.hr.company.com"), "ALLOW R {*.ui.hr.company.com}", "case 32");
    let second = chain(&[
        ("server1.db.hr.company.com", true),
        ("*.db.hr.company.com", true),
        ("*.hr.company.com", true),
        ("*.company.com", false),
        ("*.com", true),
    ]);
    assert_eq!(
        asked(&second, "server1.db.hr.company.com"),
        "ALLOW R {server1.db.hr.company.com,*.db.hr.company.com,*.hr.company.com}",
        "case 33"
    );
    let third = chain(&[
        ("server1.db.hr.company.com", false),
        ("*.db.hr.company.com", true),
        ("*.hr.company.com", true),
        ("*.company.com", false),
    ]);
    assert_eq!(asked(&third, "server1.db.hr.company.com"), "ALLOW R {server1.db.hr.company.com}", "case 34");
    assert_eq!(
        asked(&third, "server2.db.hr.company.com"),
        "ALLOW R {*.db.hr.company.com,*.hr.company.com}",
        "case 35"
    );
    let fourth = chain(&[
        ("server2.ui.hr.company.com", true),
        ("*.ui.hr.company.com", false),
        ("*.hr.company.com", true),
        ("*.company.com", false),
    ]);
    assert_eq!(asked(&fourth, "server2.ui.hr.company.com"), "ALLOW R {server2.ui.hr.company.com}", "case 36");
    let ends = |narrow: bool| {
        private(
            &[
                segment("N", "server1.d.com", &["443", "443"], styled(narrow)),
                segment("W", "*.d.com", ALL, styled(!narrow)),
            ],
            &[access("R", 1, "ALLOW", &[])],
        )
    };
    assert_eq!(ask(&ends(true), "ITG", "server1.d.com:22"), "NOT_FORWARDED {}", "case 37");
    assert_eq!(ask(&ends(false), "ITG", "server1.d.com:22"), "NOT_FORWARDED {}", "case 38");
}

#[test]
fn gaps_of_ports_39_to_43() {
    let wide = segment("A", "*.example.com", ALL, json!({"udpPortRanges": ALL}));
    let narrow = |name: &str, port: &str| segment(name, "www.example.com", &[port, port], json!({}));
    let everyone = access("R", 1, "ALLOW", &[]);
    let gap = private(&[wide.clone(), narrow("B", "8843")], std::slice::from_ref(&everyone));
    assert_eq!(ask(&gap, "ITG", "www.example.com:80"), "NOT_FORWARDED {}", "case 39");
    let none = private(&[wide, narrow("B", "80")], std::slice::from_ref(&everyone));
    assert_eq!(ask(&none, "ITG", "www.example.com:80"), "ALLOW R {B}", "case 40");
    let second = access("R", 1, "ALLOW", &[any(&[("APP", "id", "B2")])]);
    let two = private(&[narrow("B1", "8843"), narrow("B2", "80")], &[second]);
    assert_eq!(ask(&two, "ITG", "www.example.com:80"), "ALLOW R {B2}", "case 41");
    assert_eq!(ask(&two, "ITG", "www.example.com:8843"), "DENY_DEFAULT {B1}", "case 42");
    let tcp = private(&[narrow("B", "443")], &[everyone]);
    let udp = json!({"private": "www.example.com:443", "protocol": "udp"});
    assert_eq!(answer(&tcp, udp, true), "NOT_FORWARDED {}", "case 43");
}

#[test]
fn patterns_44_to_47() {
    let of =
        |name: &str, domain: &str, ports: &[&str], several| segment(name, domain, ports, styled(several));
    let segments = [
        of("AS1", "important-server*.eu.example.com", &["22", "22"], true),
        of("AS2", "important-server?.eu.example.com", &["22", "22"], true),
        of("AS3", "important-*.eu.example.com", &["22", "22"], true),
        of("AS4", "*-*.eu.example.com", ALL, true),
        of("AS5", "*.eu.example.com", ALL, true),
        of("AS6", "*.example.com", ALL, false),
    ];
    let named = access("R", 1, "ALLOW", &[any(&[("APP", "id", "AS5")])]);
    let groups: Vec<Value> = (1..=6)
        .map(|number| json!({"id": format!("SG-AS{number}"), "enabled": true, "appConnectorGroups": [format!("SG{number}")]}))
        .collect();
    let policy = with(
        json!({"zpa.application_segment": segments, "zpa.policy_rule": [named], "zpa.server_group": groups}),
    );
    for (number, to, set, pool) in [
        (44, "important-server1.eu.example.com:22", "AS2,AS1,AS3,AS4,AS5", "SG1,SG2,SG3,SG4"),
        (45, "important-server12.eu.example.com:22", "AS1,AS3,AS4,AS5", "SG1,SG3,SG4"),
        (46, "important-server1.eu.example.com:443", "AS4,AS5", "SG4"),
        (47, "plain.eu.example.com:22", "AS5", "SG5"),
    ] {
        assert_eq!(ask(&policy, "ITG", to), format!("ALLOW R {{{set}}}"), "case {number}");
        let asked = question(
            json!({"private": to, "from": null, "platform": "windows", "idp": "IDP", "scim_groups": []}),
        );
        let told = policy.decide(&asked).expect("an answer");
        let connectors = told.details.get("connectors").expect("connectors");
        let groups = connectors["groups"].as_array().expect("groups");
        let mut ids: Vec<&str> = groups.iter().filter_map(|group| group["id"].as_str()).collect();
        ids.sort_unstable();
        assert_eq!(ids.join(","), pool, "case {number}");
    }
}

#[test]
fn bypass_and_forwarding_48_to_60() {
    let everyone = access("A", 1, "ALLOW", &[]);
    let client = |policy: &Policy, to: &str, more: Value| {
        let mut asked = json!({"private": to});
        merge(&mut asked, more);
        answer(policy, asked, false)
    };
    let always = private(
        &[
            segment("General", "*.mockcompany.com", ALL, json!({})),
            segment("HR", "hr.mockcompany.com", ALL, json!({"bypassType": "ALWAYS"})),
        ],
        std::slice::from_ref(&everyone),
    );
    assert_eq!(client(&always, "hr.mockcompany.com:443", json!({})), "BYPASS", "case 48");
    assert_eq!(client(&always, "wiki.mockcompany.com:443", json!({})), "ALLOW A", "case 49");
    let one = |name: &str, port: &str, more: Value| segment(name, "app.c.com", &[port, port], more);
    let two = private(
        &[one("A", "443", json!({})), one("B", "8443", json!({"bypassType": "ALWAYS"}))],
        std::slice::from_ref(&everyone),
    );
    assert_eq!(client(&two, "app.c.com:443", json!({})), "BYPASS", "case 50");
    let forward =
        |name: &str, order: i64, action: &str, conditions: &[Value]| rule(4, name, order, action, conditions);
    let before = private(
        &[one("A", "443", json!({"bypassType": "ALWAYS"}))],
        &[everyone.clone(), forward("F1", 1, "INTERCEPT", &[any(&[("APP", "id", "A")])])],
    );
    assert_eq!(client(&before, "app.c.com:443", json!({})), "BYPASS", "case 51");
    let on_net =
        private(&[one("A", "443", json!({"bypassType": "ON_NET"}))], std::slice::from_ref(&everyone));
    assert_eq!(client(&on_net, "app.c.com:443", json!({"on_trusted_network": true})), "BYPASS", "case 52");
    assert_eq!(client(&on_net, "app.c.com:443", json!({})), "ALLOW A", "case 53");
    let never = private(&[one("A", "443", json!({}))], std::slice::from_ref(&everyone));
    assert_eq!(client(&never, "app.c.com:443", json!({})), "ALLOW A", "case 54");
    let moot = private(
        &[one("A", "443", json!({}))],
        &[access("A", 1, "DENY", &[]), forward("F1", 1, "BYPASS", &[any(&[("APP", "id", "A")])])],
    );
    assert_eq!(client(&moot, "app.c.com:443", json!({})), "BYPASS F1", "case 55");
    let ports = private(
        &[one("A", "443", json!({})), one("B", "8443", json!({}))],
        &[
            everyone.clone(),
            forward("F1", 1, "BYPASS", &[any(&[("APP", "id", "A")])]),
            forward("F2", 2, "INTERCEPT", &[any(&[("APP", "id", "B")])]),
        ],
    );
    assert_eq!(client(&ports, "app.c.com:8443", json!({})), "BYPASS F1", "case 56");
    let sales = access("R", 1, "ALLOW", &[any(&[("APP", "id", "A")]), any(&[("SCIM_GROUP", "IDP", "SAL")])]);
    let how = |action: &str| {
        private(&[one("A", "443", json!({}))], &[sales.clone(), forward("F1", 1, action, &[])])
    };
    let accessible = how("INTERCEPT_ACCESSIBLE");
    assert_eq!(client(&accessible, "app.c.com:443", json!({"scim_groups": ["Sales"]})), "ALLOW R", "case 57");
    assert_eq!(client(&accessible, "app.c.com:443", json!({"scim_groups": ["IT"]})), "BYPASS F1", "case 58");
    let all = how("INTERCEPT");
    assert_eq!(client(&all, "app.c.com:443", json!({"scim_groups": ["IT"]})), "DENY_DEFAULT", "case 59");
    let networks = private(
        &[one("A", "443", json!({}))],
        &[everyone, forward("F1", 1, "BYPASS", &[any(&[("TRUSTED_NETWORK", "N1", "true")])])],
    );
    assert_eq!(
        client(&networks, "app.c.com:443", json!({"trusted_networks": ["N1"]})),
        "BYPASS F1",
        "case 60"
    );
    assert_eq!(client(&networks, "app.c.com:443", json!({"trusted_networks": []})), "ALLOW A", "case 60");
}

#[test]
fn anchored_addresses_61_to_64() {
    let (client, anchored) = ("zpn_client_type_zapp", "zpn_client_type_ip_anchoring");
    let of = |client: &str| any(&[("CLIENT_TYPE", "id", client)]);
    let asked = |policy: &Policy, client: &str| {
        answer(policy, json!({"private": "app.c.com:443", "client_type": client}), false)
    };
    let one = segment("A", "app.c.com", ALL, json!({}));
    let by_name = private(
        std::slice::from_ref(&one),
        &[
            rule(4, "F1", 1, "BYPASS", &[of(client)]),
            rule(4, "F2", 2, "INTERCEPT", &[of(anchored)]),
            access("R", 1, "ALLOW", &[of(anchored)]),
        ],
    );
    assert_eq!(asked(&by_name, client), "BYPASS F1", "case 61");
    assert_eq!(asked(&by_name, anchored), "ALLOW R", "case 62");
    let by_address = private(
        std::slice::from_ref(&one),
        &[
            rule(4, "F1", 1, "INTERCEPT_ACCESSIBLE", &[]),
            access("R1", 1, "DENY", &[of(client)]),
            access("R2", 2, "ALLOW", &[of(anchored)]),
        ],
    );
    assert_eq!(asked(&by_address, client), "BYPASS F1", "case 63");
    assert_eq!(asked(&by_address, anchored), "ALLOW R2", "case 63");
    let direct = private(
        &[one],
        &[rule(4, "F1", 1, "INTERCEPT", &[of(client)]), access("R1", 1, "DENY", &[of(client)])],
    );
    assert_eq!(asked(&direct, client), "DENY R1", "case 64");
}
