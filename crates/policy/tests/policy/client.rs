//! What the Client Connector takes, by its profiles.

use serde_json::{Value, json};
use zuno_policy::{Policy, Verdict};

use crate::segments::{access, merge, segment};
use crate::tenant::{question, tenant};

/// A forwarding profile: what it does off trusted networks, and on them, for internet and private traffic.
fn forwarding(id: &str, off: (i64, i64, i64), trusted: (i64, i64, i64)) -> Value {
    let internet = |network: i64, (action, packets, _): (i64, i64, i64)| json!({"networkType": network, "actionType": action, "enablePacketTunnel": packets});
    let private =
        |network: i64, (.., action): (i64, i64, i64)| json!({"networkType": network, "actionType": action});
    json!({
        "id": id, "name": format!("F{id}"),
        "forwardingProfileActions": [internet(1, trusted), internet(0, off)],
        "forwardingProfileZpaActions": [private(1, trusted), private(0, off)],
    })
}

fn profile(id: &str, platform: i64, order: i64, forwarding: &str, more: Value) -> Value {
    let mut profile = json!({
        "id": id, "name": format!("P{id}"), "deviceType": platform.to_string(), "active": 1, "ruleOrder": order,
        "onNetPolicy": forwarding,
    });
    merge(&mut profile, more);
    profile
}

/// Sales have a tunnel of everything with exceptions, others on Windows the default one of web traffic; a kiosk's profile is off.
fn acme() -> Policy {
    let extension = json!({
        "packetTunnelExcludeList": "10.0.0.0/8,224.0.0.0/4", "packetTunnelIncludeList": "0.0.0.0/0",
        "packetTunnelExcludeListForIPv6": "[FE80::/10],[FC00::/7]", "packetTunnelDnsExcludeList": "local.example",
        "vpnGateways": "vpn.acme.example, 203.0.113.1",
    });
    tenant(json!({
        "zia.group": [{"id": 7, "name": "Sales"}, {"id": 8, "name": "Others"}],
        "zia.user": [
            {"id": 1, "email": "ada@acme.example", "groups": [7]}, {"id": 2, "email": "bob@acme.example", "groups": [8]},
        ],
        "zcc.trusted_network": [{"id": "N1", "networkName": "Headquarters"}, {"id": "N2", "networkName": "Lab"}],
        "zcc.forwarding_profile": [
            forwarding("9", (1, 1, 1), (0, 0, 0)), forwarding("0", (1, 0, 1), (1, 0, 1)), forwarding("5", (3, 0, 1), (3, 0, 1)),
        ],
        "zcc.custom_ip_based_app": [{
            "id": 60, "appName": "printers",
            "appData": [{"proto": "TCP", "port": "9100-9102", "ipaddr": "198.51.100.0/24", "fqdn": ""}, {"proto": "", "port": "", "ipaddr": "", "fqdn": ""}],
        }],
        "zcc.application_profile": [
            profile("kiosk", 3, 1, "0", json!({"active": 0, "groupAll": 1})),
            profile("sales", 3, 2, "9", json!({
                "groups": [{"id": 31201, "name": "Sales"}], "policyExtension": extension, "bypassCustomAppIds": ["60"],
            })),
            profile("windows", 3, 1, "0", json!({})),
            profile("linux", 5, 1, "5", json!({"pac_url": "http://pac.acme.example/acme.pac"})),
        ],
        "zpa.idp": [{"id": "IDP", "name": "Okta"}],
        "zpa.application_segment": [segment("Wiki", "wiki.acme.example", &["443", "443"], json!({}))],
        "zpa.policy_rule": [access("all", 1, "ALLOW", &[])],
    }))
}

fn ask<'p>(policy: &'p Policy, more: Value) -> Verdict<'p> {
    let mut all = json!({
        "via": "client", "platform": "windows", "user": "ada@acme.example", "on_trusted_network": false, "from": null,
        "idp": "IDP",
    });
    merge(&mut all, more);
    policy.decide(&question(all)).expect("an answer")
}

/// What became of it, by which module, and how it was carried.
fn told(verdict: &Verdict<'_>) -> String {
    let word = |value: Value| value.as_str().unwrap_or_default().to_owned();
    let path = verdict.path.iter().map(|step| serde_json::to_value(step).expect("a step"));
    let profiles: Vec<String> = path
        .filter(|step| {
            matches!(word(step["module"].clone()).as_str(), "application_profile" | "forwarding_profile")
        })
        .map(|step| word(step["rule"]["name"].clone()))
        .collect();
    let action = serde_json::to_value(verdict.action).expect("a word");
    let module = serde_json::to_value(verdict.module).expect("a word");
    format!("{} {} {}", word(action), word(module), profiles.join(">"))
}

fn note(verdict: &Verdict<'_>) -> Option<&'static str> {
    verdict.path.last().and_then(|step| step.note)
}

#[test]
fn the_first_profile_that_is_for_the_user_counts_and_the_default_is_last() {
    let policy = acme();
    let to = json!({"destination": "192.0.2.9:22", "protocol": "tcp"});
    let with = |more: Value| {
        let mut all = to.clone();
        merge(&mut all, more);
        ask(&policy, all)
    };
    assert_eq!(told(&with(json!({}))), "ALLOW firewall Psales>F9");
    let bob = with(json!({"user": "bob@acme.example"}));
    assert_eq!(
        told(&bob),
        "BYPASS forwarding_profile Pwindows>F0>F0",
        "a tunnel of web traffic takes no other"
    );
    assert_eq!(
        told(&with(json!({"user": "bob@acme.example", "groups": ["Sales"]}))),
        "ALLOW firewall Psales>F9"
    );
    let nobody = with(json!({"user": null}));
    assert_eq!(told(&nobody), "BYPASS forwarding_profile Pwindows>F0>F0");
    let unknown = |verdict: &Verdict<'_>| serde_json::to_value(&verdict.unknown).expect("a list");
    assert_eq!(unknown(&nobody)[0]["rule"]["name"], "Psales", "it might have been sales's");
    assert_eq!(unknown(&nobody)[0]["criteria"], json!(["who"]));
    // By numbers of the client's own nobody is told apart.
    let numbered = tenant(json!({
        "zcc.forwarding_profile": [forwarding("0", (1, 0, 1), (1, 0, 1))],
        "zcc.application_profile": [
            profile("numbered", 3, 1, "0", json!({"userIds": ["612007"], "users": null})), profile("windows", 3, 2, "0", json!({})),
        ],
    }));
    let verdict = ask(&numbered, json!({"url": "http://site.example/"}));
    assert_eq!(unknown(&verdict)[0]["rule"]["name"], "Pnumbered");
    let unnamed = with(json!({"platform": null}));
    assert_eq!(unknown(&unnamed)[0]["criteria"], json!(["platform"]));
    let assumed = serde_json::to_value(&unnamed.assumed).expect("a list");
    assert!(assumed.as_array().expect("a list").contains(&json!("client_profile_unknown")), "{assumed}");
}

#[test]
fn what_a_profile_exempts_goes_past_the_tunnel() {
    let policy = acme();
    let past = |to: &str, more: Value| {
        let mut all = json!({ "destination": to });
        merge(&mut all, more);
        let verdict = ask(&policy, all);
        (told(&verdict), note(&verdict), verdict.unknown.len())
    };
    let bypassed = |note| ("BYPASS tunnel_bypass Psales>F9".to_owned(), Some(note), 0);
    assert_eq!(past("10.1.2.3:443", json!({})), bypassed("the address is excluded"));
    assert_eq!(past("[fe80::1]:443", json!({})), bypassed("the address is excluded"));
    assert_eq!(past("vpn.acme.example:443", json!({})), bypassed("a gateway of a VPN"));
    assert_eq!(past("203.0.113.1:500", json!({"protocol": "udp"})), bypassed("a gateway of a VPN"));
    assert_eq!(past("198.51.100.7:9101", json!({})), bypassed("an application that goes past"));
    assert_eq!(past("198.51.100.7:9103", json!({})).0, "ALLOW firewall Psales>F9");
    assert_eq!(past("198.51.100.7:9101", json!({"protocol": "udp"})).0, "ALLOW firewall Psales>F9");
    let named = |more: Value| past("site.example:8443", more);
    assert_eq!(named(json!({"destination_ip": "10.9.9.9"})), bypassed("the address is excluded"));
    assert_eq!(named(json!({"destination_ip": "192.0.2.9"})).0, "ALLOW firewall Psales>F9");
    let unknown = ask(&policy, json!({"destination": "site.example:8443"}));
    let told_unknown = serde_json::to_value(&unknown.unknown).expect("a list");
    let by_bypass =
        |one: &Value| one["module"] == "tunnel_bypass" && one["criteria"] == json!(["destination"]);
    assert!(
        told_unknown.as_array().expect("a list").iter().any(by_bypass),
        "its address is not known: {told_unknown}"
    );
    let asked = |name: &str| told(&ask(&policy, json!({ "dns": name })));
    assert_eq!(asked("printer.local.example"), "BYPASS tunnel_bypass Psales>F9");
    assert_eq!(asked("notlocal.example"), "ALLOW dns Psales>F9");
}

#[test]
fn a_trusted_network_switches_both_products_and_only_those_that_the_profile_names() {
    let policy = acme();
    let web = |more: Value| {
        let mut all = json!({"url": "http://site.example/", "destination_ip": "192.0.2.9"});
        merge(&mut all, more);
        ask(&policy, all)
    };
    let wiki = |more: Value| {
        let mut all = json!({"url": "https://wiki.acme.example/", "destination_ip": "192.0.2.9"});
        merge(&mut all, more);
        told(&ask(&policy, all))
    };
    let trusted = || json!({"on_trusted_network": true});
    assert_eq!(told(&web(trusted())), "BYPASS forwarding_profile Psales>F9");
    assert_eq!(wiki(json!({})), "ALLOW access_policy Psales>F9");
    assert_eq!(wiki(trusted()), "BYPASS forwarding_profile Psales>F9");
    let named = |name: &str| told(&web(json!({"on_trusted_network": null, "trusted_networks": [name]})));
    assert_eq!(named("Headquarters"), "BYPASS forwarding_profile Psales>F9");
    let untold = web(json!({"on_trusted_network": null}));
    let unknown = serde_json::to_value(&untold.unknown).expect("a list");
    assert_eq!(
        (&unknown[0]["module"], &unknown[0]["criteria"]),
        (&json!("forwarding_profile"), &json!(["location"]))
    );
    let linux = ask(&policy, json!({"platform": "linux", "url": "http://site.example/"}));
    let assumed = serde_json::to_value(&linux.assumed).expect("a list");
    for word in ["client_action_unknown", "pac_not_run"] {
        assert!(assumed.as_array().expect("a list").contains(&json!(word)), "{word} {assumed}");
    }
}

#[test]
fn passwords_of_devices_are_left_out_of_what_is_read() {
    let secret = |text: &str| json!({"packetTunnelExcludeList": "10.0.0.0/8", "exitPassword": text});
    let mut told = profile("1", 3, 1, "0", json!({"passcode": "hush", "policyExtension": secret("hush")}));
    told["policyToken"] = json!("hush");
    let mut snapshot =
        zuno_policy::Snapshot::from_json(json!({ "zcc.application_profile": [told] })).expect("a snapshot");
    snapshot.leave_devices_alone();
    let kept = serde_json::to_string(&snapshot).expect("a snapshot");
    assert!(!kept.contains("hush") && kept.contains("packetTunnelExcludeList"), "{kept}");
}
