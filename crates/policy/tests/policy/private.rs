//! The worked cases of Private Access on rules and conditions, under their numbers.

use serde_json::{Value, json};
use zuno_policy::Policy;

use crate::segments::{access, answer, any, merge, private, segment, with};

const ALL: &[&str] = &["1", "65535"];

pub fn app(name: &str, more: Value) -> Value {
    segment(name, &format!("{}.c.com", name.to_lowercase()), ALL, more)
}

/// Asks for an application on port 443.
pub fn ask(policy: &Policy, application: &str, more: Value) -> String {
    let mut asked = json!({"private": format!("{}.c.com:443", application.to_lowercase())});
    merge(&mut asked, more);
    answer(policy, asked, false)
}

fn groups(names: &[&str]) -> Value {
    json!({"scim_groups": names})
}

pub fn to(application: &str) -> Value {
    any(&[("APP", "id", application)])
}

fn in_group(group: &str) -> Value {
    any(&[("SCIM_GROUP", "IDP", group)])
}

fn all_of(operands: &[(&str, &str, &str)]) -> Value {
    let mut condition = any(operands);
    condition["operator"] = json!("AND");
    condition
}

#[test]
fn order_and_defaults_65_to_77() {
    let x = || app("X", json!({}));
    assert_eq!(ask(&private(&[x()], &[]), "X", json!({})), "DENY_DEFAULT", "case 65");
    let open = private(&[x()], &[access("R1", 1, "ALLOW", &[])]);
    assert_eq!(ask(&open, "X", json!({})), "ALLOW R1", "case 66");
    let marketing = private(
        &[x(), app("Operations", json!({}))],
        &[
            access("R1", 1, "ALLOW", &[in_group("SAL")]),
            access("R2", 2, "DENY", &[any(&[("APP_GROUP", "id", "G-Operations")]), in_group("SAL")]),
        ],
    );
    assert_eq!(ask(&marketing, "Operations", groups(&["Sales"])), "ALLOW R1", "case 67");
    let wide = private(&[x()], &[access("R1", 1, "ALLOW", &[]), access("R2", 2, "DENY", &[in_group("SAL")])]);
    assert_eq!(ask(&wide, "X", groups(&["Sales"])), "ALLOW R1", "case 68");
    let narrow =
        private(&[x()], &[access("R1", 1, "DENY", &[in_group("SAL")]), access("R2", 2, "ALLOW", &[])]);
    assert_eq!(ask(&narrow, "X", groups(&["Sales"])), "DENY R1", "case 69");
    assert_eq!(ask(&narrow, "X", groups(&["IT"])), "ALLOW R2", "case 69");
    let temporary = private(
        &[app("Intranet", json!({})), x()],
        &[
            access("R1", 1, "DENY", &[in_group("ITG"), to("Intranet")]),
            access("R2", 2, "ALLOW", &[any(&[("IDP", "id", "IDP")])]),
        ],
    );
    assert_eq!(ask(&temporary, "Intranet", groups(&["IT"])), "DENY R1", "case 70");
    assert_eq!(ask(&temporary, "X", groups(&["IT"])), "ALLOW R2", "case 70");
    let mail = with(json!({
        "zpa.saml_attribute": [{"id": "MAIL", "name": "Email", "idpId": "IDP"}],
        "zpa.application_segment": [app("S", json!({}))],
        "zpa.policy_rule": [
            access("R1", 1, "DENY", &[any(&[("SAML", "MAIL", "jane.doe@example.com")]), any(&[("APP_GROUP", "id", "G-S")])]),
            access("R2", 2, "ALLOW", &[in_group("SAL"), any(&[("APP_GROUP", "id", "G-S")])]),
        ],
    }));
    let signed = |mail: &str| json!({"saml": {"Email": mail}, "scim_groups": ["Sales"]});
    assert_eq!(ask(&mail, "S", signed("jane.doe@example.com")), "DENY R1", "case 71");
    assert_eq!(ask(&mail, "S", signed("joe@example.com")), "ALLOW R2", "case 71");
    let provider = private(
        &[app("HR", json!({}))],
        &[access("R1", 1, "ALLOW", &[any(&[("APP_GROUP", "id", "G-HR")]), any(&[("IDP", "id", "IDP")])])],
    );
    assert_eq!(ask(&provider, "HR", json!({"idp": "IDP2"})), "DENY_DEFAULT", "case 72");
    let mut off = access("R1", 1, "ALLOW", &[]);
    off["disabled"] = json!("1");
    assert_eq!(ask(&private(&[x()], &[off]), "X", json!({})), "DENY_DEFAULT", "case 73");
    let hidden = private(
        &[segment("Wide", "*.c.com", ALL, json!({})), app("Narrow", json!({}))],
        &[access("R1", 1, "ALLOW", &[to("Wide")]), access("R2", 2, "DENY", &[to("Narrow")])],
    );
    assert_eq!(ask(&hidden, "Narrow", json!({})), "DENY R2", "case 74");
    let grouped = |enabled: bool, group_enabled: bool| {
        with(json!({
            "zpa.segment_group": [{"id": "G-X", "name": "G", "enabled": group_enabled}],
            "zpa.application_segment": [app("X", json!({"enabled": enabled}))],
            "zpa.policy_rule": [access("R1", 1, "ALLOW", &[any(&[("APP_GROUP", "id", "G-X")])])],
        }))
    };
    assert_eq!(ask(&grouped(true, true), "X", json!({})), "ALLOW R1");
    assert_eq!(ask(&grouped(false, true), "X", json!({})), "DENY_DEFAULT", "case 75");
    assert_eq!(ask(&grouped(true, false), "X", json!({})), "DENY_DEFAULT", "case 76");
    let decoy = private(&[x()], &[access("Decoy", 1, "DENY", &[to("X")]), access("R2", 2, "ALLOW", &[])]);
    assert_eq!(ask(&decoy, "X", json!({})), "DENY Decoy", "case 77");
}

/// One application with one rule that allows what its conditions let through.
fn allows(conditions: &[Value]) -> Policy {
    with(json!({
        "zpa.saml_attribute": [
            {"id": "FIRST", "name": "First", "idpId": "IDP"}, {"id": "LAST", "name": "Last", "idpId": "IDP"},
        ],
        "zpa.scim_attribute": [{"id": "DEP", "name": "department", "idpId": "IDP"}],
        "zpa.application_segment": [app("A1", json!({})), app("A9", json!({"segmentGroupId": "g2"}))],
        "zpa.policy_rule": [access("R1", 1, "ALLOW", conditions)],
    }))
}

#[test]
fn conditions_78_to_86() {
    let both = allows(&[any(&[("APP", "id", "A1"), ("APP_GROUP", "id", "g2")])]);
    assert_eq!(ask(&both, "A9", json!({})), "ALLOW R1", "case 78");
    let apart = allows(&[to("A1"), any(&[("APP_GROUP", "id", "g2")])]);
    assert_eq!(ask(&apart, "A9", json!({})), "DENY_DEFAULT", "case 79");
    let engineers = allows(&[to("A1"), in_group("ENG")]);
    assert_eq!(ask(&engineers, "A1", groups(&["Eng"])), "ALLOW R1", "case 80");
    assert_eq!(ask(&engineers, "A1", groups(&["IT"])), "DENY_DEFAULT", "case 80");
    let names: &[(&str, &str, &str)] = &[("SAML", "FIRST", "John"), ("SAML", "LAST", "Smith")];
    let jane = json!({"saml": {"First": "Jane", "Last": "Smith"}});
    assert_eq!(ask(&allows(&[any(names)]), "A1", jane.clone()), "ALLOW R1", "case 81");
    assert_eq!(ask(&allows(&[all_of(names)]), "A1", jane), "DENY_DEFAULT", "case 82");
    let providers: &[(&str, &str, &str)] = &[("SAML", "FIRST", "John"), ("IDP", "id", "IDP2")];
    let other = json!({"idp": "IDP2"});
    assert_eq!(ask(&allows(&[any(providers)]), "A1", other.clone()), "ALLOW R1", "case 83");
    assert_eq!(ask(&allows(&[all_of(providers)]), "A1", other), "DENY_DEFAULT", "case 84");
    let elsewhere = json!({"idp": "IDP2", "scim_groups": ["ENG"]});
    assert_eq!(ask(&engineers, "A1", elsewhere), "DENY_DEFAULT", "case 85");
    let gone = allows(&[in_group("GONE")]);
    assert_eq!(ask(&gone, "A1", groups(&["GONE"])), "DENY_DEFAULT", "case 86");
}

#[test]
fn switches_of_providers_87_to_89() {
    let switched = |saml: bool, scim: bool, all: bool| {
        let operands: &[(&str, &str, &str)] = &[("SAML", "G", "a"), ("SCIM_GROUP", "IDP", "SAL")];
        with(json!({
            "zpa.idp": [{
                "id": "IDP", "name": "Okta", "disableSamlBasedPolicy": !saml, "enableScimBasedPolicy": scim,
            }],
            "zpa.saml_attribute": [{"id": "G", "name": "G", "idpId": "IDP"}],
            "zpa.application_segment": [app("X", json!({}))],
            "zpa.policy_rule": [access("R1", 1, "ALLOW", &[if all { all_of(operands) } else { any(operands) }])],
        }))
    };
    let by_saml = json!({"saml": {"G": "a"}, "scim_groups": []});
    let by_group = json!({"saml": {}, "scim_groups": ["Sales"]});
    let by_both = json!({"saml": {"G": "a"}, "scim_groups": ["Sales"]});
    assert_eq!(ask(&switched(false, true, false), "X", by_saml.clone()), "DENY_DEFAULT", "case 87");
    assert_eq!(ask(&switched(false, true, false), "X", by_group.clone()), "ALLOW R1", "case 87");
    assert_eq!(ask(&switched(false, true, true), "X", by_both.clone()), "DENY_DEFAULT", "case 88");
    assert_eq!(ask(&switched(true, true, true), "X", by_both), "ALLOW R1", "case 88 with both on");
    assert_eq!(ask(&switched(true, false, false), "X", by_saml), "ALLOW R1", "case 89");
    assert_eq!(ask(&switched(true, false, false), "X", by_group), "DENY_DEFAULT", "case 89");
}

#[test]
fn devices_places_and_risk_90_to_106() {
    let sets = allows(&[
        any(&[("POSTURE", "p1", "true"), ("POSTURE", "p2", "true")]),
        any(&[("POSTURE", "p3", "true")]),
    ]);
    let postures = |p1: bool, p2: bool, p3: bool| json!({"postures": {"p1": p1, "p2": p2, "p3": p3}});
    assert_eq!(ask(&sets, "A1", postures(true, false, true)), "ALLOW R1", "case 90");
    assert_eq!(ask(&sets, "A1", postures(true, true, false)), "DENY_DEFAULT", "case 91");
    let failing = with(json!({
        "zpa.application_segment": [app("A1", json!({}))],
        "zpa.policy_rule": [
            access("R1", 1, "DENY", &[any(&[("POSTURE", "p1", "false")])]), access("R2", 2, "ALLOW", &[]),
        ],
    }));
    assert_eq!(ask(&failing, "A1", json!({"postures": {"p1": false}})), "DENY R1", "case 92");
    assert_eq!(ask(&failing, "A1", json!({"postures": {"p1": true}})), "ALLOW R2", "case 92");
    let posture = any(&[("POSTURE", "p1", "true")]);
    assert_eq!(ask(&allows(std::slice::from_ref(&posture)), "A1", json!({})), "DENY_DEFAULT", "case 93");
    let browser = any(&[("CLIENT_TYPE", "id", "zpn_client_type_exporter")]);
    let by_browser = json!({"client_type": "zpn_client_type_exporter", "postures": {"p1": true}});
    assert_eq!(ask(&allows(&[browser, posture]), "A1", by_browser), "DENY_DEFAULT", "case 94");
    let clients = any(&[
        ("CLIENT_TYPE", "id", "zpn_client_type_zapp"),
        ("CLIENT_TYPE", "id", "zpn_client_type_exporter"),
    ]);
    let machine = json!({"client_type": "zpn_client_type_machine_tunnel"});
    assert_eq!(ask(&allows(&[clients]), "A1", machine.clone()), "DENY_DEFAULT", "case 95");
    let platforms = allows(&[any(&[("PLATFORM", "linux", "true"), ("PLATFORM", "android", "true")])]);
    assert_eq!(ask(&platforms, "A1", json!({"platform": "linux"})), "ALLOW R1", "case 96");
    assert_eq!(ask(&platforms, "A1", json!({"platform": "windows"})), "DENY_DEFAULT", "case 96");
    let apple = allows(&[any(&[("PLATFORM", "mac", "true")])]);
    for spelt in ["mac", "macOS", "MAC_OS"] {
        assert_eq!(ask(&apple, "A1", json!({"platform": spelt})), "ALLOW R1", "{spelt}");
    }
    let countries = allows(&[any(&[("COUNTRY_CODE", "CA", "true"), ("COUNTRY_CODE", "US", "true")])]);
    assert_eq!(ask(&countries, "A1", json!({"source_country": "US"})), "ALLOW R1", "case 97");
    assert_eq!(ask(&countries, "A1", json!({"source_country": "FR"})), "DENY_DEFAULT", "case 97");
    let anchored = json!({"client_type": "zpn_client_type_ip_anchoring", "source_country": "DE"});
    assert_eq!(ask(&countries, "A1", anchored), "DENY_DEFAULT", "case 98");
    let risk = with(json!({
        "zpa.application_segment": [app("A1", json!({}))],
        "zpa.policy_rule": [
            access("R1", 1, "DENY", &[any(&[("RISK_FACTOR_TYPE", "ZIA", "HIGH"), ("RISK_FACTOR_TYPE", "ZIA", "CRITICAL")])]),
            access("R2", 2, "ALLOW", &[]),
        ],
    }));
    assert_eq!(ask(&risk, "A1", json!({"risk": "HIGH"})), "DENY R1", "cases 99 and 100");
    assert_eq!(ask(&risk, "A1", json!({"risk": "LOW"})), "ALLOW R2", "case 99");
    assert_eq!(ask(&risk, "A1", json!({})), "ALLOW R2", "case 99");
    let managed = allows(&[any(&[("CHROME_ENTERPRISE", "managed", "true")])]);
    assert_eq!(ask(&managed, "A1", json!({"chrome_managed": false})), "DENY_DEFAULT", "case 101");
    let machines = allows(&[
        any(&[("MACHINE_GRP", "id", "m1")]),
        any(&[("CLIENT_TYPE", "id", "zpn_client_type_machine_tunnel")]),
    ]);
    let mut before = machine;
    merge(&mut before, json!({"machine_group": "m1"}));
    assert_eq!(ask(&machines, "A1", before), "ALLOW R1", "case 102");
    assert_eq!(ask(&machines, "A1", json!({"machine_group": "m1"})), "DENY_DEFAULT", "case 102");
    let networks = allows(&[any(&[("TRUSTED_NETWORK", "n1", "true"), ("TRUSTED_NETWORK", "n2", "true")])]);
    assert_eq!(ask(&networks, "A1", json!({"trusted_networks": ["n2"]})), "ALLOW R1", "case 103");
    let mut not = any(&[("PLATFORM", "windows", "true")]);
    not["negated"] = json!(true);
    let others = allows(&[not]);
    assert_eq!(ask(&others, "A1", json!({"platform": "windows"})), "DENY_DEFAULT", "case 104");
    assert_eq!(ask(&others, "A1", json!({"platform": "mac"})), "ALLOW R1", "case 104");
    let edges = allows(&[any(&[("EDGE_CONNECTOR_GROUP", "id", "e1"), ("EDGE_CONNECTOR_GROUP", "id", "e2")])]);
    let workload = json!({"client_type": "zpn_client_type_edge_connector", "connector_group": "e2"});
    assert_eq!(ask(&edges, "A1", workload), "ALLOW R1", "case 105");
    let department = allows(&[any(&[("SCIM", "DEP", "sales")])]);
    assert_eq!(ask(&department, "A1", json!({"scim": {"department": "Sales"}})), "ALLOW R1", "case 106");
    let untold =
        department.decide(&crate::tenant::question(json!({"private": "a1.c.com:443", "from": null})));
    assert_eq!(untold.expect("an answer").unknown.len(), 1, "what is not known is said");
}
