//! The worked cases of Private Access on people, approvals, sessions, isolation, microtenants and connectors, under their
//! numbers.

use serde_json::{Value, json};
use zuno_policy::Policy;

use crate::private::{app, ask, to};
use crate::segments::{access, answer, any, merge, private, rule, segment, with};

#[test]
fn provisioned_users_107() {
    let policy = with(json!({
        "zpa.idp": [{"id": "IDP", "name": "Okta", "scimEnabled": true}],
        "zpa.scim_user": [
            {"id": "1", "idpId": "IDP", "userName": "in@x.com", "resource": {"active": true}},
            {"id": "2", "idpId": "IDP", "userName": "out@x.com", "resource": {"active": false}},
        ],
        "zpa.application_segment": [app("X", json!({}))],
        "zpa.policy_rule": [access("R1", 1, "ALLOW", &[])],
    }));
    let user = |name: &str| json!({"user": name, "idp": "IDP", "scim_groups": null});
    assert_eq!(ask(&policy, "X", user("in@x.com")), "ALLOW R1", "case 107");
    assert_eq!(ask(&policy, "X", user("out@x.com")), "USER_INACTIVE", "case 107");
    assert_eq!(ask(&policy, "X", user("never@x.com")), "USER_INACTIVE", "case 107");
}

const NOON: i64 = 1_772_539_200; // 2026-03-03T12:00:00Z, a Tuesday
const HOUR: i64 = 3600;

#[test]
fn approvals_108_to_112() {
    let approved = |more: Value| {
        let mut approval = json!({
            "id": "1", "emailIds": ["a@x.com"], "applications": ["P"], "startTime": NOON - HOUR, "endTime": NOON + HOUR,
        });
        merge(&mut approval, more);
        with(json!({
            "zpa.approval": [approval],
            "zpa.application_segment": [app("P", json!({}))],
            "zpa.policy_rule": [access("R1", 1, "REQUIRE_APPROVAL", &[to("P")]), access("R2", 2, "ALLOW", &[])],
        }))
    };
    let asked = |policy: &Policy, user: &str, at: i64| ask(policy, "P", json!({"user": user, "at": at}));
    let given = approved(json!({}));
    assert_eq!(asked(&given, "a@x.com", NOON), "ALLOW R1", "case 108");
    assert_eq!(asked(&given, "a@x.com", NOON - 2 * HOUR), "APPROVAL_REQUIRED R1", "case 109");
    assert_eq!(asked(&given, "a@x.com", NOON + HOUR), "APPROVAL_REQUIRED R1", "case 110");
    assert_eq!(asked(&given, "b@x.com", NOON), "APPROVAL_REQUIRED R1", "case 112: no rule behind it counts");
    let hours = approved(json!({
        "endTime": NOON + 300 * HOUR,
        "workingHours": {
            "startTime": "09:00", "endTime": "17:00", "days": ["MON", "TUE", "WED", "THU", "FRI"],
            "timeZone": "America/Vancouver",
        },
    }));
    // 2026-03-08T02:00:00Z is Saturday evening there; two days later at 18:00 UTC it is Monday morning.
    assert_eq!(asked(&hours, "a@x.com", 1_772_935_200), "APPROVAL_REQUIRED R1", "case 111");
    assert_eq!(asked(&hours, "a@x.com", 1_773_079_200), "ALLOW R1", "case 111");
}

#[test]
fn sessions_114_to_119_121_122() {
    const DAY: i64 = 24 * HOUR;
    let timeout = |name: &str, order: i64, reauth: i64, idle: i64, conditions: &[Value]| {
        let mut timeout = rule(2, name, order, "RE_AUTH", conditions);
        merge(
            &mut timeout,
            json!({"reauthTimeout": reauth.to_string(), "reauthIdleTimeout": idle.to_string()}),
        );
        timeout
    };
    let mut default = timeout("default", 9, 7 * DAY, -1, &[]);
    default["defaultRule"] = json!(true);
    let policy = private(
        &[app("Sales", json!({})), app("HR", json!({})), app("Finance", json!({}))],
        &[
            access("R", 1, "ALLOW", &[]),
            timeout("T1", 1, DAY, HOUR, &[any(&[("APP_GROUP", "id", "G-Sales")])]),
            timeout("T2", 2, 3 * DAY, 5 * HOUR, &[any(&[("APP_GROUP", "id", "G-HR")])]),
            default,
        ],
    );
    let asked = |application: &str, age: i64| {
        ask(&policy, application, json!({"at": NOON, "signed_in_at": NOON - age}))
    };
    assert_eq!(asked("Sales", 30 * HOUR), "REAUTH_REQUIRED T1", "case 114");
    assert_eq!(asked("HR", 30 * HOUR), "ALLOW R", "case 114");
    assert_eq!(asked("Finance", 30 * HOUR), "ALLOW R", "case 114");
    assert_eq!(asked("Sales", 3 * HOUR), "ALLOW R", "case 115");
    assert_eq!(asked("HR", 3 * DAY), "REAUTH_REQUIRED T2", "case 116: exactly at the limit counts");
    let idle = |last: i64| json!({"private": "sales.c.com:443", "from": null, "at": NOON, "signed_in_at": NOON - HOUR, "last_used_at": NOON - last});
    for (last, expired) in [(10 * 60, false), (90 * 60, true)] {
        let told = policy.decide(&crate::tenant::question(idle(last))).expect("an answer");
        assert_eq!(told.action, zuno_policy::Action::Allow, "cases 117 and 118");
        assert_eq!(told.details.get("idle_expired").is_some(), expired, "cases 117 and 118");
    }
    let never =
        private(&[app("X", json!({}))], &[access("R", 1, "ALLOW", &[]), timeout("T", 1, -1, -1, &[])]);
    let long = json!({"at": NOON, "signed_in_at": NOON - 400 * DAY});
    assert_eq!(ask(&never, "X", long), "ALLOW R", "case 119");
    let by = |client: &str, age: i64| {
        let more = json!({"client_type": client, "at": NOON, "signed_in_at": NOON - age});
        ask(&policy, "Sales", more)
    };
    assert_eq!(by("zpn_client_type_exporter", 2 * DAY), "ALLOW R", "case 121");
    assert_eq!(by("zpn_client_type_browser_isolation", 30 * HOUR), "REAUTH_REQUIRED T1", "case 122");
}

#[test]
fn isolation_inspection_redirection_124_to_131() {
    let browser = json!({"client_type": "zpn_client_type_exporter"});
    let isolated = |client: &str| {
        private(
            &[app("W", json!({}))],
            &[
                rule(5, "I1", 1, "ISOLATE", &[to("W")]),
                access("R", 1, "ALLOW", &[any(&[("CLIENT_TYPE", "id", client)])]),
            ],
        )
    };
    for (number, client, inside) in [
        (124, "zpn_client_type_browser_isolation", "ALLOW"),
        (125, "zpn_client_type_exporter", "DENY_DEFAULT"),
    ] {
        let policy = isolated(client);
        assert_eq!(ask(&policy, "W", browser.clone()), "ISOLATE I1", "case {number}");
        let mut asked = json!({"private": "w.c.com:443", "from": null});
        merge(&mut asked, browser.clone());
        let told = policy.decide(&crate::tenant::question(asked)).expect("an answer");
        assert_eq!(
            told.details.get("inside_isolation").expect("what is inside")["action"],
            inside,
            "case {number}"
        );
    }
    assert_eq!(ask(&isolated("zpn_client_type_zapp"), "W", json!({})), "ALLOW R", "case 126");
    let plain = private(&[app("W", json!({}))], &[access("R", 1, "ALLOW", &[])]);
    assert_eq!(ask(&plain, "W", browser), "ALLOW R", "case 127");
    let noted = |policy: &Policy, to: &str, module: zuno_policy::Module| {
        let told =
            policy.decide(&crate::tenant::question(json!({"private": to, "from": null}))).expect("an answer");
        let step = told.path.iter().find(|step| step.module == module).expect("a step");
        (step.rule.expect("a rule").name.to_string(), step.note.unwrap_or_default())
    };
    let inspects = private(
        &[app("I", json!({})), app("Admin", json!({}))],
        &[
            access("R", 1, "ALLOW", &[]),
            rule(6, "N1", 1, "BYPASS_INSPECT", &[to("Admin")]),
            rule(6, "N2", 2, "INSPECT", &[]),
            rule(10, "D1", 1, "REDIRECT_PREFERRED", &[]),
        ],
    );
    let inspection = zuno_policy::Module::InspectionPolicy;
    assert_eq!(noted(&inspects, "i.c.com:443", inspection), ("N2".into(), "inspected"), "case 128");
    assert_eq!(noted(&inspects, "admin.c.com:443", inspection), ("N1".into(), "not inspected"), "case 129");
    let edges = noted(&inspects, "i.c.com:443", zuno_policy::Module::RedirectionPolicy);
    assert_eq!(edges, ("D1".into(), "these service edges first, else a public one"), "case 131");
    // Whether an edge is up is in no configuration: the answer tells what follows either way.
    let always = private(
        &[app("I", json!({}))],
        &[access("R", 1, "ALLOW", &[]), rule(10, "D1", 1, "REDIRECT_ALWAYS", &[])],
    );
    let edges = noted(&always, "i.c.com:443", zuno_policy::Module::RedirectionPolicy);
    assert_eq!(edges, ("D1".into(), "these service edges; a public one where none is active"), "case 130");
}

#[test]
fn microtenants_132_to_137() {
    let policy = |first_on: bool, second: &[&str], segments: Value, rules: Value| {
        with(json!({
            "zpa.microtenant": [
                {"id": "M1", "name": "One", "enabled": first_on, "scopeOrder": 1, "criteriaAttributeValues": ["us.com"]},
                {"id": "M2", "name": "Two", "enabled": true, "scopeOrder": 2, "criteriaAttributeValues": second},
            ],
            "zpa.application_segment": segments,
            "zpa.policy_rule": rules,
        }))
    };
    let placed = |policy: &Policy, user: &str| {
        let asked = json!({"private": "d.c.com:443", "from": null, "user": user});
        let told = policy.decide(&crate::tenant::question(asked)).expect("an answer");
        told.details
            .get("microtenant")
            .map_or_else(|| "Default".to_owned(), |name| name.as_str().unwrap_or_default().to_owned())
    };
    let order = policy(true, &["us.com", "eu.com"], json!([]), json!([]));
    assert_eq!(placed(&order, "a@us.com"), "M1", "case 132");
    assert_eq!(placed(&order, "a@eu.com"), "M2", "case 132");
    let off = policy(false, &["eu.com"], json!([]), json!([]));
    assert_eq!(placed(&off, "a@us.com"), "Default", "case 133");
    let owned = |shared: Value, rules: Value| {
        let segments = json!([app(
            "D",
            json!({"microtenantId": "M2", "shareToMicrotenants": shared, "useInDrMode": true})
        )]);
        policy(true, &["eu.com"], segments, rules)
    };
    let ours = |name: &str, action: &str| {
        let mut rule = access(name, 2, action, &[to("D")]);
        rule["microtenantId"] = json!("M1");
        rule
    };
    let user = json!({"user": "a@us.com"});
    let alone = owned(json!([]), json!([ours("R", "ALLOW")]));
    assert_eq!(ask(&alone, "D", user.clone()), "NOT_ZPA", "case 134");
    assert_eq!(
        ask(&owned(json!(["M1"]), json!([ours("R", "ALLOW")])), "D", user.clone()),
        "ALLOW R",
        "case 135"
    );
    let inherited = policy(
        true,
        &["eu.com"],
        json!([app("D", json!({}))]),
        json!([access("Default's", 1, "DENY", &[to("D")]), ours("M1's", "ALLOW")]),
    );
    assert_eq!(ask(&inherited, "D", user), "DENY Default's", "case 136");
    let disaster = json!({"user": "a@us.com", "disaster_recovery": true});
    assert_eq!(ask(&alone, "D", disaster), "ALLOW", "case 137");
}

#[test]
fn connectors_and_icmp_138_to_142() {
    let pool = |rule_groups: Value, server_groups: Value, connected: bool| {
        let mut allow = access("R", 1, "ALLOW", &[]);
        allow["appConnectorGroups"] = rule_groups;
        let status = if connected { "ZPN_STATUS_AUTHENTICATED" } else { "ZPN_STATUS_DISCONNECTED" };
        let connector = |group: &str| json!({"id": group, "enabled": true, "appConnectorGroupId": group, "controlChannelStatus": status});
        let policy = with(json!({
            "zpa.application_segment": [app("X", json!({}))],
            "zpa.server_group": [{"id": "SG-X", "enabled": true, "appConnectorGroups": server_groups}],
            "zpa.app_connector_group": [{"id": "CG1", "enabled": true}, {"id": "CG7", "enabled": true}],
            "zpa.app_connector": [connector("CG1"), connector("CG7")],
            "zpa.policy_rule": [allow],
        }));
        let told = policy.decide(&crate::tenant::question(json!({"private": "x.c.com:443", "from": null})));
        let connectors = told.expect("an answer").details.get("connectors").expect("connectors");
        let ids: Vec<String> = connectors["groups"]
            .as_array()
            .into_iter()
            .flatten()
            .map(|group| group["id"].to_string())
            .collect();
        format!("{} {}", connectors["status"].as_str().unwrap_or_default(), ids.join(","))
    };
    assert_eq!(pool(json!(["CG7"]), json!(["CG1"]), true), "OK \"CG7\"", "case 138");
    assert_eq!(pool(json!([]), json!(["CG1"]), true), "OK \"CG1\"");
    assert_eq!(pool(json!([]), json!([]), true), "BRK_MT_SETUP_FAIL_CONNECTOR_GROUPS_MISSING ", "case 139");
    assert_eq!(pool(json!([]), json!(["CG1"]), false), "NO_CONNECTOR_AVAILABLE \"CG1\"", "case 140");
    let same = |name: &str, icmp: &str, port: &str| {
        segment(name, "app.c.com", &[port, port], json!({"icmpAccessType": icmp}))
    };
    let echo = json!({"private": "app.c.com", "protocol": "icmp"});
    let segments = [same("A", "NONE", "443"), same("B", "PING", "8443")];
    let open = private(&segments, &[access("R", 1, "ALLOW", &[])]);
    assert_eq!(answer(&open, echo.clone(), false), "ALLOW R", "case 141");
    let mut trace = echo.clone();
    merge(&mut trace, json!({"traceroute": true}));
    assert_eq!(answer(&open, trace, false), "NOT_FORWARDED", "an echo is no traceroute");
    let closed = private(&segments, &[access("R", 1, "DENY", &[])]);
    assert_eq!(answer(&closed, echo, false), "DENY R", "case 142");
}
