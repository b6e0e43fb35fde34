//! The worked cases of Internet Access on firewall, DNS and the way out, under their numbers.

use serde_json::{Value, json};
use zuno_policy::Policy;

use crate::tenant::{reason, tenant, verdict};

fn services() -> Value {
    json!([
        {"id": 1, "name": "HTTPS", "tag": "HTTPS", "destTcpPorts": [{"start": 443}]},
        {"id": 2, "name": "QUIC", "tag": "QUIC", "destUdpPorts": [{"start": 443}]},
        {"id": 3, "name": "PROXY", "tag": "ZSCALER_PROXY_NW_SERVICES", "destTcpPorts": [{"start": 443}, {"start": 80}]},
    ])
}

fn default(action: &str) -> Value {
    json!({"id": 99, "name": "default", "order": -1, "action": action, "defaultRule": true})
}

fn firewall(rules: &[Value]) -> Policy {
    tenant(json!({"zia.network_service": services(), "zia.firewall_filtering_rule": rules}))
}

fn rule(name: &str, order: i64, action: &str, more: Value) -> Value {
    let mut rule = json!({"id": order, "name": name, "order": order, "action": action, "state": "ENABLED"});
    if let (Value::Object(rule), Value::Object(more)) = (&mut rule, more) {
        rule.extend(more);
    }
    rule
}

#[test]
fn a_rule_at_the_place_of_the_sandbox_s_default_comes_before_the_firewall_s() {
    let policy = firewall(&[default("BLOCK_DROP"), rule("F#127", 127, "ALLOW", json!({}))]);
    assert_eq!(verdict(&policy, json!({"destination": "203.0.113.9:22"})), "ALLOW F#127");
}

#[test]
fn flows_69_to_75() {
    let closed = firewall(&[default("BLOCK_DROP")]);
    assert_eq!(verdict(&closed, json!({"destination": "203.0.113.9:22"})), "DROP default", "case 69");
    let off = tenant(json!({
        "zia.location": [{"id": 100, "name": "HQ", "tz": "GMT"}],
        "zia.firewall_filtering_rule": [default("BLOCK_DROP")],
    }));
    assert_eq!(verdict(&off, json!({"destination": "203.0.113.9:22"})), "ALLOW", "case 70");
    assert_eq!(verdict(&off, json!({"url": "https://example.com/"})), "ALLOW", "case 71");
    let https =
        firewall(&[rule("F#1", 1, "ALLOW", json!({"nwServices": [{"id": 1}]})), default("BLOCK_DROP")]);
    let quic = json!({"destination": "203.0.113.9:443", "protocol": "udp"});
    assert_eq!(verdict(&https, quic), "DROP default", "case 72");
    assert_eq!(verdict(&https, json!({"destination": "203.0.113.9:443"})), "ALLOW F#1", "case 72");
    let reset = firewall(&[
        rule("F#1", 1, "BLOCK_RESET", json!({"destAddresses": ["198.51.100.0/24"]})),
        rule("F#2", 2, "ALLOW", json!({})),
    ]);
    assert_eq!(verdict(&reset, json!({"destination": "198.51.100.7:22"})), "RESET F#1", "case 73");
    let udp = json!({"destination": "198.51.100.7:22", "protocol": "udp"});
    assert_eq!(verdict(&reset, udp), "DROP F#1", "a reset is a drop for anything but TCP");
    let by_application = firewall(&[
        rule("F#1", 1, "EVAL_NWAPP", json!({"nwServices": [{"id": 1}]})),
        rule("F#2", 2, "BLOCK_DROP", json!({"nwApplications": ["SKYPE"]})),
        rule("F#3", 3, "ALLOW", json!({})),
    ]);
    let skype = json!({"destination": "203.0.113.9:443", "network_application": "SKYPE"});
    assert_eq!(verdict(&by_application, skype), "DROP F#2", "case 74");
    let early = json!({"destination": "203.0.113.9:443", "ends_early": true});
    let told = by_application.decide(&crate::tenant::question(early)).expect("an answer");
    assert_eq!(told.action, zuno_policy::Action::Allow, "case 105");
    let country = tenant(json!({
        "zia.ip_source_group": [{"id": 5, "name": "corp", "ipAddresses": ["10.0.0.0/8"]}],
        "zia.firewall_filtering_rule": [
            rule("F#1", 1, "BLOCK_DROP", json!({"destCountries": ["COUNTRY_RU"], "srcIpGroups": [{"id": 5}]})),
            default("ALLOW"),
        ],
    }));
    let asked = |source: &str, country: &str| json!({"destination": "203.0.113.9:22", "source": source, "destination_country": country});
    assert_eq!(verdict(&country, asked("10.1.1.1", "RU")), "DROP F#1", "case 75");
    assert_eq!(verdict(&country, asked("192.0.2.1", "RU")), "ALLOW default", "case 75");
    assert_eq!(verdict(&country, asked("10.1.1.1", "DE")), "ALLOW default", "case 75");
}

#[test]
fn names_76_to_79() {
    let dns = |rules: Value| {
        tenant(
            json!({"zia.url_category": [{"id": "GAMBLING", "urls": ["bet.example"]}], "zia.firewall_dns_rule": rules}),
        )
    };
    let unknown = json!({
        "id": 3, "name": "Unknown DNS Traffic", "order": -3, "action": "BLOCK", "defaultRule": true,
        "destIpCategories": ["ANY"], "resCategories": ["ANY"], "protocols": ["ANY_RULE"],
    });
    let blocks = dns(json!([
        rule("D#1", 1, "BLOCK", json!({"resCategories": ["GAMBLING"]})),
        default("ALLOW"),
        unknown.clone()
    ]));
    assert_eq!(verdict(&blocks, json!({"dns": "bet.example"})), "BLOCK D#1", "case 76");
    assert_eq!(verdict(&blocks, json!({"dns": "other.example"})), "ALLOW default", "case 76");
    let rewrites = dns(json!([rule(
        "D#1",
        1,
        "REDIR_RES",
        json!({"destAddresses": ["*.test"], "redirectIp": "10.0.0.9"})
    )]));
    assert_eq!(verdict(&rewrites, json!({"dns": "x.test"})), "REDIRECT D#1", "case 77");
    assert_eq!(
        verdict(&blocks, json!({"dns": "?", "not_dns": true})),
        "BLOCK Unknown DNS Traffic",
        "case 78"
    );
    let resolvers = dns(json!([
        rule("Locations", 1, "REDIR_ZPA", json!({})),
        rule("Road Warrior", 2, "REDIR_ZPA", json!({"locations": [{"id": -3}]})),
    ]));
    let asked = json!({"dns": "app.example", "from": null, "via": "tunnel2"});
    assert_eq!(verdict(&resolvers, asked), "REDIRECT Locations", "case 79");
}

#[test]
fn the_vendors_rules_and_the_way_out_86_88_91_to_94_103() {
    let way_out = tenant(json!({"zia.forwarding_rule": [{
        "id": 8, "name": "out", "order": 1, "forwardMethod": "DROP", "state": "ENABLED", "destAddresses": ["x.example"],
    }]}));
    assert_eq!(verdict(&way_out, json!({"url": "http://x.example/"})), "DROP out", "case 86");
    assert_eq!(verdict(&way_out, json!({"url": "http://y.example/"})), "ALLOW", "case 86");
    let mut office = rule("Office 365 One Click Rule", 1, "ALLOW", json!({"appServiceGroups": [{"id": 1}]}));
    office["state"] = json!("DISABLED");
    let off = firewall(&[office, default("BLOCK_DROP")]);
    assert_eq!(verdict(&off, json!({"destination": "203.0.113.9:443"})), "DROP default", "case 88");
    let malicious = firewall(&[
        rule("F#2", 2, "ALLOW", json!({"destAddresses": ["203.0.113.9"]})),
        rule(
            "Block malicious IPs and domains",
            3,
            "BLOCK_DROP",
            json!({"destIpCategories": ["MALWARE_SITE"]}),
        ),
        default("ALLOW"),
    ]);
    assert_eq!(verdict(&malicious, json!({"destination": "203.0.113.9:25"})), "ALLOW F#2", "case 91");
    let six = firewall(&[
        rule("Block All IPv6", 1, "BLOCK_DROP", json!({"destAddresses": ["::/0"]})),
        rule("F#2", 2, "ALLOW", json!({})),
    ]);
    assert_eq!(verdict(&six, json!({"destination": "[2001:db8::1]:443"})), "DROP Block All IPv6", "case 92");
    let proxy = |state: &str| {
        let mut own = rule(
            "Zscaler Proxy Traffic",
            1,
            "ALLOW",
            json!({"destIpCategories": ["ZSPROXY_IPS"], "nwServices": [{"id": 3}]}),
        );
        own["state"] = json!(state);
        firewall(&[own, default("BLOCK_DROP")])
    };
    let explicit = json!({"url": "https://a.example/", "via": "explicit"});
    assert_eq!(verdict(&proxy("ENABLED"), explicit.clone()), "ALLOW", "case 93");
    assert_eq!(verdict(&proxy("DISABLED"), explicit), "DROP default", "case 94");
    let aup = tenant(json!({"zia.location": [{
        "id": 100, "name": "HQ", "tz": "GMT", "ofwEnabled": true, "aupEnabled": true, "aupBlockInternetUntilAccepted": true,
    }]}));
    let asked = json!({"destination": "203.0.113.9:22", "accepted_aup": false});
    assert_eq!(verdict(&aup, asked.clone()), "BLOCK", "case 103");
    assert_eq!(reason(&aup, asked), "Block Internet access", "case 103");
}

/// The order in which a connector looks at traffic, as the documents tell it.
#[test]
fn connectors_send_traffic_on() {
    let forward = |name: &str, order: i64, method: &str, more: Value| {
        let mut rule =
            json!({"id": order, "name": name, "order": order, "forwardMethod": method, "state": "ENABLED"});
        if let (Value::Object(rule), Value::Object(more)) = (&mut rule, more) {
            rule.extend(more);
        }
        rule
    };
    let policy = tenant(json!({
        "ztw.dns_forwarding_rule": [rule("names", 1, "BLOCK", json!({"destAddresses": ["*.bad.example"]}))],
        "ztw.traffic_forwarding_rule": [
            forward("stray", -2, "DROP", json!({})),
            forward("to ZPA", 1, "ECZPA", json!({})),
            forward("lab", 2, "LOCAL_SWITCH", json!({"destAddresses": ["10.0.0.0/8"], "ecGroups": [{"id": 5}]})),
            forward("direct", 3, "DIRECT", json!({"destAddresses": ["*.near.example"]})),
            forward("default", -1, "ZIA", json!({"defaultRule": true})),
        ],
        "zpa.application_segment": [{
            "id": "1", "name": "app", "domainNames": ["app.example"], "enabled": true, "segmentGroupId": "1",
            "tcpPortRanges": ["443", "443"],
        }],
        "zpa.policy_rule": [{"id": "1", "name": "R", "policyType": 1, "ruleOrder": 1, "action": "ALLOW", "conditions": []}],
    }));
    for (asked, wanted) in [
        (json!({"dns": "x.bad.example"}), "BLOCK names"),
        (json!({"url": "https://app.example/"}), "ALLOW R"),
        (json!({"destination": "10.1.2.3:22"}), "BYPASS lab"),
        (json!({"url": "https://www.near.example/"}), "BYPASS direct"),
        (json!({"url": "https://www.far.example/"}), "ALLOW"),
    ] {
        let mut through = asked.clone();
        through["connector_group"] = json!("5");
        assert_eq!(verdict(&policy, through), wanted, "{asked}");
    }
    let other = json!({"destination": "10.1.2.3:22", "connector_group": "6"});
    assert_eq!(verdict(&policy, other), "ALLOW F default", "another group's rule does not count");
}
