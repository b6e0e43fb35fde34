//! The worked cases of Internet Access, under their numbers.

use serde_json::{Value, json};

use crate::tenant::{base, reason, tenant, verdict};

/// A rule on URLs.
fn url_rule(name: &str, order: i64, action: &str, more: Value) -> Value {
    let mut rule =
        json!({"id": order * 10, "name": name, "order": order, "action": action, "state": "ENABLED"});
    merge(&mut rule, more);
    rule
}

fn merge(rule: &mut Value, more: Value) {
    let (Value::Object(rule), Value::Object(more)) = (rule, more) else { unreachable!("both are objects") };
    rule.extend(more);
}

fn category(id: &str, urls: &[&str]) -> Value {
    let val = id.bytes().fold(127_u64, |sum, byte| sum + u64::from(byte));
    json!({"id": id, "val": val, "superCategory": "USER_DEFINED", "urls": urls})
}

/// One category with one rule that blocks it.
fn blocks(entries: &[&str]) -> zuno_policy::Policy {
    tenant(json!({
        "zia.url_category": [category("A", entries)],
        "zia.url_filtering_rule": [url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["A"]}))],
    }))
}

#[test]
fn entries_of_categories_1_to_12_and_14() {
    let dotted = blocks(&[".example.com"]);
    for (number, url, wanted) in [
        (1, "http://example.com/", "BLOCK U#1"),
        (2, "http://www.example.com/a/b?q=1", "BLOCK U#1"),
        (3, "http://a.b.c.d.example.com/", "BLOCK U#1"),
        (4, "http://a.b.c.d.e.f.example.com/", "ALLOW"),
        (5, "http://a.b.c.d.e.example.com/", "BLOCK U#1"),
        (6, "http://myexample.com/", "ALLOW"),
        (14, "https://www.example.com", "BLOCK U#1"),
        (14, "http://www.example.com", "BLOCK U#1"),
    ] {
        assert_eq!(verdict(&dotted, json!({"url": url})), wanted, "case {number}");
    }
    let boundary = dotted.decide(&crate::tenant::question(json!({"url": "http://a.b.c.d.e.example.com/"})));
    assert!(
        boundary.expect("an answer").assumed.contains(&zuno_policy::Assumption::FiveLevelsMatch),
        "case 5"
    );
    let exact = blocks(&["example.com"]);
    for (number, url, wanted) in [
        (7, "http://example.com/x", "BLOCK U#1"),
        (8, "http://www.example.com/", "ALLOW"),
        (9, "http://example.com:10443/", "BLOCK U#1"),
    ] {
        assert_eq!(verdict(&exact, json!({"url": url})), wanted, "case {number}");
    }
    let path = blocks(&["example.com/resources"]);
    assert_eq!(verdict(&path, json!({"url": "http://example.com/resources"})), "BLOCK U#1", "case 10");
    assert_eq!(verdict(&path, json!({"url": "http://example.com/resources/ftp.htm"})), "ALLOW", "case 10");
    let beneath = blocks(&["example.com/resources/"]);
    assert_eq!(
        verdict(&beneath, json!({"url": "http://example.com/resources/ftp.htm"})),
        "BLOCK U#1",
        "case 11"
    );
    let keyword = tenant(json!({
        "zia.url_category": [{"id": "A", "val": 128, "keywords": ["gambling"]}],
        "zia.url_filtering_rule": [url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["A"]}))],
    }));
    assert_eq!(
        verdict(&keyword, json!({"url": "http://www.google.com/search?q=gambling"})),
        "BLOCK U#1",
        "case 12"
    );
}

#[test]
fn the_most_specific_entry_comes_before_the_order_of_rules_15_to_20() {
    let two = tenant(json!({
        "zia.url_category": [category("C1", &[".example.com"]), category("C2", &["www.example.com"])],
        "zia.url_filtering_rule": [
            url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["C1"]})),
            url_rule("U#2", 2, "ALLOW", json!({"urlCategories": ["C2"]})),
        ],
    }));
    assert_eq!(verdict(&two, json!({"url": "http://www.example.com"})), "ALLOW U#2", "case 15");
    let paths = tenant(json!({
        "zia.url_category": [
            category("C1", &[".example.com", ".example.com/abc/"]),
            category("C2", &["abc.example.com", "example.com/abc/def"]),
        ],
        "zia.url_filtering_rule": [
            url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["C1"], "locations": [{"id": 100}]})),
        ],
    }));
    assert_eq!(verdict(&paths, json!({"url": "http://abc.example.com"})), "ALLOW", "case 16");
    assert_eq!(verdict(&paths, json!({"url": "http://example.com/abc/def"})), "ALLOW", "case 17");
    assert_eq!(verdict(&paths, json!({"url": "http://example.com/abc/other"})), "BLOCK U#1", "case 18");
    let three = tenant(json!({
        "zia.url_category": [
            category("C1", &[".safemarch.com"]),
            category("C2", &[".atlanta.safemarch.com"]),
            category("C3", &["atlanta.safemarch.com"]),
        ],
        "zia.url_filtering_rule": [
            url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["C1"]})),
            url_rule("U#2", 2, "BLOCK", json!({"urlCategories": ["C2"]})),
            url_rule("U#3", 3, "ALLOW", json!({"urlCategories": ["C3"]})),
        ],
    }));
    assert_eq!(verdict(&three, json!({"url": "http://atlanta.safemarch.com"})), "ALLOW U#3", "case 19");
    assert_eq!(verdict(&three, json!({"url": "http://x.atlanta.safemarch.com"})), "BLOCK U#2", "case 20");
}

#[test]
fn parents_and_families_22_to_27() {
    assert_eq!(base("www.facebook.com"), ["SOCIAL_NETWORKING"]);
    let rules = json!([
        url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["SOCIAL_NETWORKING"]})),
        url_rule("U#2", 2, "ALLOW", json!({"urlCategories": ["C1"]})),
    ]);
    let keeps = tenant(json!({
        "zia.url_category": [{"id": "C1", "val": 128, "dbCategorizedUrls": [".facebook.com"]}],
        "zia.url_filtering_rule": rules,
    }));
    assert_eq!(verdict(&keeps, json!({"url": "http://www.facebook.com"})), "BLOCK U#1", "case 22");
    let leaves = tenant(json!({
        "zia.url_category": [category("C1", &[".facebook.com"])],
        "zia.url_filtering_rule": rules,
    }));
    assert_eq!(verdict(&leaves, json!({"url": "http://www.facebook.com"})), "ALLOW U#2", "case 23");
    let one = |categories: Value| {
        tenant(json!({"zia.url_filtering_rule": [url_rule("U#1", 1, "BLOCK", categories)]}))
    };
    let gambling = one(json!({"urlCategories": ["GAMBLING"]}));
    assert_eq!(verdict(&gambling, json!({"url": "http://bet.example"})), "ALLOW", "case 24");
    let unknown = one(json!({"urlCategories": ["MISCELLANEOUS_OR_UNKNOWN"]}));
    assert_eq!(verdict(&unknown, json!({"url": "http://zzz.unknown.tld"})), "BLOCK U#1", "case 25");
    let family = tenant(json!({
        "zia.url_category": [{"id": "OTHER_ADULT_MATERIAL", "superCategory": "ADULT_MATERIAL", "urls": ["adult.example"]}],
        "zia.url_filtering_rule": [url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["ADULT_MATERIAL"]}))],
    }));
    assert_eq!(verdict(&family, json!({"url": "http://adult.example"})), "BLOCK U#1", "case 26");
    let both = one(json!({"urlCategories": ["SOCIAL_NETWORKING"], "urlCategories2": ["GAMBLING"]}));
    assert_eq!(verdict(&both, json!({"url": "http://www.facebook.com"})), "ALLOW", "case 27");
}

/// Who works where.
fn people() -> Value {
    json!({
        "zia.group": [{"id": 11, "name": "Finance"}, {"id": 12, "name": "Sales"}, {"id": 13, "name": "Eng"}],
        "zia.user": [
            {"id": 21, "name": "Alice", "email": "alice@acme.example", "groups": [11]},
            {"id": 22, "name": "Bob", "email": "bob@acme.example", "groups": [13]},
            {"id": 23, "name": "Sam", "email": "sam@acme.example", "groups": [12]},
        ],
    })
}

fn with_people(more: Value) -> zuno_policy::Policy {
    let mut all = people();
    merge(&mut all, more);
    tenant(all)
}

const SOCIAL: &str = "http://www.facebook.com/";

#[test]
fn order_state_and_identity_28_to_34() {
    let gambling = category("GAMBLING", &["bet.example"]);
    let two = |first: Value| {
        tenant(json!({
            "zia.url_category": [gambling.clone()],
            "zia.url_filtering_rule": [first, url_rule("U#2", 2, "BLOCK", json!({"urlCategories": ["GAMBLING"]}))],
        }))
    };
    let allowed = two(url_rule("U#1", 1, "ALLOW", json!({"urlCategories": ["GAMBLING"]})));
    assert_eq!(verdict(&allowed, json!({"url": "http://bet.example"})), "ALLOW U#1", "case 28");
    let off = tenant(json!({
        "zia.url_category": [gambling.clone()],
        "zia.url_filtering_rule": [
            url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["GAMBLING"], "state": "DISABLED"})),
            url_rule("U#2", 2, "ALLOW", json!({"urlCategories": ["GAMBLING"]})),
        ],
    }));
    assert_eq!(verdict(&off, json!({"url": "http://bet.example"})), "ALLOW U#2", "case 29");
    let groups = with_people(json!({"zia.url_filtering_rule": [
        url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["SOCIAL_NETWORKING"], "groups": [{"id": 11}]})),
        url_rule("U#2", 2, "CAUTION", json!({"urlCategories": ["SOCIAL_NETWORKING"]})),
    ]}));
    let sam = json!({"url": SOCIAL, "user": "sam@acme.example"});
    assert_eq!(verdict(&groups, sam.clone()), "CAUTION U#2", "case 30");
    assert_eq!(reason(&groups, sam), "Internet access cautioned", "case 30");
    let either = |both: bool| {
        with_people(json!({"zia.url_filtering_rule": [url_rule("U#1", 1, "BLOCK", json!({
            "urlCategories": ["SOCIAL_NETWORKING"], "users": [{"id": 21}], "groups": [{"id": 13}],
            "usersAndGroupsSet": both,
        }))]}))
    };
    let bob = json!({"url": SOCIAL, "user": "bob@acme.example"});
    assert_eq!(verdict(&either(false), bob.clone()), "BLOCK U#1", "case 31");
    assert_eq!(verdict(&either(true), bob), "ALLOW", "case 32");
    let methods = tenant(json!({"zia.url_filtering_rule": [
        url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["SOCIAL_NETWORKING"], "requestMethods": ["POST"]})),
    ]}));
    assert_eq!(verdict(&methods, json!({"url": SOCIAL})), "ALLOW", "case 33");
    let post = json!({"url": SOCIAL, "method": "POST"});
    assert_eq!(verdict(&methods, post.clone()), "BLOCK U#1", "case 33");
    assert_eq!(reason(&methods, post.clone()), "Request method not allowed for this category", "case 33");
    let caution = tenant(json!({"zia.url_filtering_rule": [
        url_rule("U#1", 1, "CAUTION", json!({"urlCategories": ["SOCIAL_NETWORKING"], "requestMethods": ["GET"]})),
    ]}));
    assert_eq!(verdict(&caution, post), "ALLOW", "case 34");
}

#[test]
fn places_times_devices_and_risk_35_to_38() {
    let parts = tenant(json!({
        "zia.location": [
            {"id": 100, "name": "HQ", "tz": "GMT", "ofwEnabled": true},
            {"id": 101, "name": "A", "parentId": 100, "ipAddresses": ["10.1.0.0-10.1.0.255"], "ofwEnabled": true},
            {"id": 102, "name": "other", "parentId": 100, "otherSubLocation": true, "ofwEnabled": true},
        ],
        "zia.url_filtering_rule": [
            url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["SOCIAL_NETWORKING"], "locations": [{"id": 100}]})),
        ],
    }));
    assert_eq!(verdict(&parts, json!({"url": SOCIAL, "source": "10.1.0.7"})), "ALLOW", "case 35");
    assert_eq!(verdict(&parts, json!({"url": SOCIAL, "source": "10.2.0.7"})), "BLOCK U#1", "case 35");
    let hours = tenant(json!({
        "zia.location": [
            {"id": 100, "name": "HQ", "tz": "GERMANY_EUROPE_BERLIN"},
            {"id": 103, "name": "West", "tz": "UNITED_STATES_AMERICA_LOS_ANGELES"},
        ],
        "zia.time_interval": [{
            "id": 501, "name": "Work hours", "startTime": 540, "endTime": 1080,
            "daysOfWeek": ["MON", "TUE", "WED", "THU", "FRI"],
        }],
        "zia.url_filtering_rule": [
            url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["SOCIAL_NETWORKING"], "timeWindows": [{"id": 501}]})),
        ],
    }));
    for (from, at, wanted) in [
        ("HQ", "2026-03-03T09:00:00Z", "BLOCK U#1"),
        ("HQ", "2026-03-03T19:00:00Z", "ALLOW"),
        ("West", "2026-03-03T09:00:00Z", "ALLOW"),
        ("West", "2026-03-03T19:00:00Z", "BLOCK U#1"),
        ("HQ", "2026-03-01T09:00:00Z", "ALLOW"),
    ] {
        assert_eq!(
            verdict(&hours, json!({"url": SOCIAL, "from": from, "at": at})),
            wanted,
            "case 36: {from} {at}"
        );
    }
    let trust = tenant(json!({"zia.url_filtering_rule": [
        url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["SOCIAL_NETWORKING"], "deviceTrustLevels": ["LOW_TRUST"]})),
    ]}));
    assert_eq!(verdict(&trust, json!({"url": SOCIAL, "via": "transparent"})), "ALLOW", "case 37");
    assert_eq!(verdict(&trust, json!({"url": SOCIAL, "trust": "LOW"})), "BLOCK U#1", "case 37");
    let untold = trust.decide(&crate::tenant::question(json!({"url": SOCIAL}))).expect("an answer");
    assert_eq!(
        untold.unknown[0].criteria,
        [zuno_policy::matching::Criterion::Trust],
        "what is not known is said"
    );
    let risk = tenant(json!({"zia.url_filtering_rule": [
        url_rule("U#1", 1, "ALLOW", json!({"urlCategories": ["SOCIAL_NETWORKING"], "userRiskScoreLevels": ["LOW"]})),
        url_rule("U#2", 2, "BLOCK", json!({"urlCategories": ["SOCIAL_NETWORKING"]})),
    ]}));
    assert_eq!(verdict(&risk, json!({"url": SOCIAL, "risk": 45})), "BLOCK U#2", "case 38");
}

fn passes_unopened(exempt: bool, more: Value) -> Value {
    let action = json!({"type": "DO_NOT_DECRYPT", "doNotDecryptSubActions": {"bypassOtherPolicies": exempt}});
    let mut rule = json!({"id": 7, "name": "S#1", "order": 1, "action": action});
    merge(&mut rule, more);
    rule
}

#[test]
fn protocols_quotas_and_overrides_39_40_42_43() {
    let by_protocol = |protocol: &str| {
        tenant(json!({
            "zia.ssl_inspection_rule": [passes_unopened(false, json!({}))],
            "zia.url_filtering_rule": [
                url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["SOCIAL_NETWORKING"], "protocols": [protocol]})),
            ],
        }))
    };
    let https = json!({"url": "https://www.facebook.com/"});
    assert_eq!(verdict(&by_protocol("HTTPS_RULE"), https.clone()), "ALLOW", "case 39");
    assert_eq!(verdict(&by_protocol("ANY_RULE"), https), "BLOCK U#1", "case 40");
    let quota = tenant(json!({"zia.url_filtering_rule": [
        url_rule("U#1", 1, "ALLOW", json!({"urlCategories": ["SOCIAL_NETWORKING"], "timeQuota": 60})),
    ]}));
    let used = json!({"url": SOCIAL, "used_minutes": 60});
    assert_eq!(verdict(&quota, used.clone()), "BLOCK U#1", "case 42");
    assert_eq!(reason(&quota, used), "Time quota exceeded daily limit", "case 42");
    let overriding = tenant(json!({"zia.url_filtering_rule": [
        url_rule("U#1", 1, "BLOCK", json!({"urlCategories": ["SOCIAL_NETWORKING"], "blockOverride": true})),
    ]}));
    let done = json!({"url": SOCIAL, "overridden": true});
    assert_eq!(verdict(&overriding, json!({"url": SOCIAL})), "BLOCK U#1", "case 43");
    assert_eq!(verdict(&overriding, done.clone()), "ALLOW U#1", "case 43");
    assert_eq!(reason(&overriding, done), "Allowed due to override", "case 43");
    let named = with_people(json!({"zia.url_filtering_rule": [url_rule("U#1", 1, "BLOCK", json!({
        "urlCategories": ["SOCIAL_NETWORKING"], "blockOverride": true, "overrideGroups": [{"id": 11}],
    }))]}));
    for (user, wanted) in [("alice", "ALLOW U#1"), ("bob", "BLOCK U#1")] {
        let by = json!({"url": SOCIAL, "overridden": true, "user": format!("{user}@acme.example")});
        assert_eq!(verdict(&named, by), wanted, "whoever is named may: {user}");
    }
}

#[test]
fn equally_specific_entries_share_a_site_21() {
    let both = tenant(json!({
        "zia.url_category": [
            {"id": "C1", "val": 130, "urls": ["www.example.com"]}, {"id": "C2", "val": 131, "urls": ["www.example.com"]},
        ],
        "zia.url_filtering_rule": [
            url_rule("U#1", 1, "ALLOW", json!({"urlCategories": ["C2"]})),
            url_rule("U#2", 2, "BLOCK", json!({"urlCategories": ["C1"]})),
        ],
    }));
    assert_eq!(verdict(&both, json!({"url": "http://www.example.com"})), "ALLOW U#1", "case 21");
}
