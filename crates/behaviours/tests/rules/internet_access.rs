//! Limits of internet access and digital experience that take too many objects for a conversation to write down.

use proptest::prelude::*;
use serde_json::{Value, json};
use zuno_catalogue::Method;
use zuno_engine::{Clause, Comparison, Search};
use zuno_model::{Fault, Fix};

use crate::cloud::Cloud;

fn fresh() -> Cloud {
    Cloud::new("/zia/api/v1", false)
}

fn category(name: &str, urls: impl Iterator<Item = usize>) -> Value {
    let urls: Vec<String> = urls.map(|number| format!("host-{number}.example.com")).collect();
    json!({ "configuredName": name, "superCategory": "USER_DEFINED", "urls": urls })
}

#[test]
fn no_more_urls_than_the_quota_and_a_refused_batch_leaves_nothing() {
    let cloud = fresh();
    cloud.post("/urlCategories", category("Full", 0..25_000));
    let full = json!({ "uniqueUrlsProvisioned": 25_000, "remainingUrlsQuota": 0 });
    assert_eq!(cloud.get("/urlCategories/urlQuota"), full);
    let refused = cloud.call(Method::Post, "/urlCategories", Some(category("More", 24_999..25_001)));
    let words = "An organization can have a maximum of 25000 custom URLs. Currently 25000 are already provisioned \
                 for this organization.";
    assert!(refused.expect_err("it is too much").to_string().contains(words));
    for (path, list) in [
        ("/security/advanced/blacklistUrls?action=ADD_TO_LIST", "blacklistUrls"),
        ("/authSettings/exemptedUrls?action=ADD_TO_LIST", "urls"),
    ] {
        assert!(
            cloud.call(Method::Post, path, Some(json!({ list: ["denied.example.com"] }))).is_err(),
            "{path}"
        );
        cloud.post(path, json!({ list: ["host-7.example.com"] }));
    }
    cloud.post("/urlCategories", category("The same again", 0..10));
    assert_eq!(cloud.get("/urlCategories/urlQuota"), full);
    assert_eq!(cloud.get("/urlCategories?customOnly=true").as_array().map(Vec::len), Some(2));
}

#[test]
fn a_tenant_has_sixty_four_categories_of_its_own() {
    let cloud = fresh();
    for number in 0..64 {
        cloud.post("/urlCategories", category(&format!("Category {number}"), number..number + 1));
    }
    let refused = cloud.call(Method::Post, "/urlCategories", Some(category("One more", 0..1)));
    assert!(matches!(refused, Err(Fault::Quota { limit: 64, .. })), "{refused:?}");
}

#[test]
fn a_lookup_takes_a_hundred_urls_of_a_thousand_and_twenty_four_characters() {
    let cloud = fresh();
    let lookup = |urls: Vec<String>| cloud.call(Method::Post, "/urlLookup", Some(json!(urls)));
    assert_eq!(lookup(vec!["bbc.com".into(); 100]).expect("a hundred").as_array().map(Vec::len), Some(100));
    assert!(lookup(vec!["bbc.com".into(); 101]).is_err());
    let long = |length: usize| format!("bbc.com/{}", "x".repeat(length - 8));
    assert!(lookup(vec![long(1024)]).is_ok());
    assert!(lookup(vec![long(1025)]).is_err());
}

#[test]
fn a_tenant_has_a_hundred_static_addresses() {
    let cloud = fresh();
    for number in 0..100 {
        cloud.post("/staticIP", json!({ "ipAddress": format!("198.51.100.{number}") }));
    }
    match cloud.call(Method::Post, "/staticIP", Some(json!({ "ipAddress": "198.51.100.100" }))) {
        Err(Fault::Quota { message, .. }) => {
            assert_eq!(message.as_deref(), Some("Maximum 100 static IPs are allowed. Limit has exceeded."));
        }
        other => panic!("{other:?}"),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn adding_and_removing_agrees_with_a_set(
        steps in prop::collection::vec((any::<bool>(), prop::collection::vec(0usize..12, 0..5)), 1..8),
    ) {
        let cloud = fresh();
        cloud.post("/urlCategories", category("Set", 0..1));
        let mut set: std::collections::BTreeSet<usize> = [0].into();
        for (adds, numbers) in steps {
            let action = if adds { "ADD_TO_LIST" } else { "REMOVE_FROM_LIST" };
            let path = format!("/urlCategories/CUSTOM_01?action={action}");
            let sent = category("Set", numbers.iter().copied());
            let answered = cloud.call(Method::Put, &path, Some(sent)).expect("it is well formed");
            for number in numbers {
                if adds { set.insert(number); } else { set.remove(&number); }
            }
            let wanted: std::collections::BTreeSet<String> =
                set.iter().map(|number| format!("host-{number}.example.com")).collect();
            let held = answered["urls"].as_array().expect("a list");
            let held: std::collections::BTreeSet<String> =
                held.iter().filter_map(Value::as_str).map(str::to_owned).collect();
            prop_assert_eq!(answered["customUrlsCount"].as_u64(), Some(set.len() as u64));
            prop_assert_eq!(held, wanted);
            let quota = cloud.get("/urlCategories/urlQuota");
            prop_assert_eq!(quota["uniqueUrlsProvisioned"].as_u64(), Some(set.len() as u64));
        }
    }
}

#[test]
fn a_text_or_list_without_a_length_of_its_own_has_the_products() {
    let cloud = fresh();
    let label = |name: &str, description: String| json!({ "name": name, "description": description });
    cloud.post("/ruleLabels", label("Long", "x".repeat(10_240)));
    let refused = |body: Value| cloud.refusal(Method::Post, "/ruleLabels", Some(body));
    assert!(refused(label("Longer", "x".repeat(10_241))).contains("10240"));
    assert!(refused(label("Huge", "x".repeat(20 << 20))).contains("10240"));
    assert!(refused(label(&"n".repeat(256), String::new())).contains("255"));
    let segment = Cloud::new("/zpa/mgmtconfig/v1/admin/customers/216196257331281920", false);
    let group = |description: String| json!({ "name": "G", "description": description });
    let fault = segment.refusal(Method::Post, "/segmentGroup", Some(group("x".repeat(20 << 20))));
    assert!(fault.contains("description") && fault.len() < 1_000, "{fault}");
    let long =
        json!({ "configuredName": "C", "superCategory": "USER_DEFINED", "urls": ["x".repeat(70_000)] });
    assert!(cloud.refusal(Method::Post, "/urlCategories", Some(long)).contains("urls"));
}

#[test]
fn a_list_is_not_held_against_searches_and_filters_without_an_end() {
    let cloud = Cloud::new("/zpa/mgmtconfig/v1/admin/customers/216196257331281920", false);
    let ids = vec!["1"; 1_001].join(",");
    let refused =
        Cloud::new("/zia/api/v1", false).call(Method::Get, &format!("/staticIP?ipAddress={ids}"), None);
    assert!(refused.is_err_and(|fault| fault.to_string().contains("more than 1000 values")));
    let search = |clauses: usize| {
        let clause = Clause { field: "name".into(), comparison: Comparison::Equal, value: "x".into() };
        cloud.search("/segmentGroup", Search::Clauses(vec![clause; clauses]))
    };
    assert!(search(1_000).is_ok());
    assert!(search(1_001).is_err_and(|fault| fault.to_string().contains("more than 1000 clauses")));
    assert!(cloud.search("/segmentGroup", Search::Text("x".repeat(8_193))).is_err());
}

#[test]
fn a_tenant_has_a_hundred_applications_measured() {
    let cloud = Cloud::new("/zdx/v1/config", false);
    let held = cloud.get("/applications").as_array().map_or(0, Vec::len);
    let app = |nth: usize| json!({ "name": format!("Application {nth}"), "type": "CUSTOM" });
    (held..100).for_each(|nth| drop(cloud.post("/applications", app(nth))));
    let refused = cloud.call(Method::Post, "/applications", Some(app(100)));
    assert!(matches!(refused, Err(Fault::Quota { limit: 100, .. })), "{refused:?}");
}

#[test]
fn a_call_that_lists_records_lists_a_thousand_at_most() {
    let cloud = fresh();
    let ids = |count: usize| -> Value { (1..=count).map(Value::from).collect() };
    let is_too_long = |path: &str, body: Value| {
        let refused = cloud.call(Method::Put, path, Some(body)).expect_err("there are no such records");
        matches!(refused, Fault::Invalid { fix: Fix::Length(1000), .. })
    };
    let judged = |count| json!({ "sanctionedState": "SANCTIONED", "applicationIds": ids(count) });
    assert!(is_too_long("/cloudApplications/bulkUpdate", judged(1001)));
    assert!(!is_too_long("/cloudApplications/bulkUpdate", judged(1000)));
    assert!(is_too_long("/smpcInstance/dc?isEnabled=true", ids(1001)));
    let printers = json!({ "name": "Printers", "channel": "PRINTING" });
    for (path, body) in [
        ("/endPointDlpResourceGroups", printers),
        ("/endPointApplicationGroups", json!({ "name": "Office" })),
    ] {
        let path = format!("{path}/{}/resources", cloud.post(path, body)["id"]);
        let both = |removed| json!({ "resourcesToBeAdded": ids(600), "resourcesToBeDeleted": ids(removed) });
        assert!(is_too_long(&path, both(401)), "{path}");
        assert!(!is_too_long(&path, both(400)), "{path}");
    }
}
