//! Long lists are what short ones are: in the order in which their entries came, counted, in force once activated, and gone
//! with their record; whichever of two servers on one store is asked.

use std::sync::Arc;

use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use zuno_gateway::Options;
use zuno_model::TenantId;
use zuno_store::read;
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const CATEGORIES: &str = "/zia/api/v1/urlCategories";
const DENIED: &str = "/zia/api/v1/security/advanced";

fn site(number: u16) -> String {
    format!("host-{number}.lists.example")
}

fn sites(numbers: &[u16]) -> Vec<String> {
    let mut known = Vec::new();
    for site in numbers.iter().map(|number| site(*number)) {
        if !known.contains(&site) {
            known.push(site);
        }
    }
    known
}

async fn call(client: &Client, method: &str, path: &str, body: Option<Value>) -> Value {
    let (status, _, answer) = client.call(method, path, body.as_ref()).await;
    assert!(status < 300, "{method} {path}: {status} {answer}");
    answer
}

#[derive(Clone, Debug)]
enum Step {
    Add(Vec<u16>),
    Remove(Vec<u16>),
    Replace(u16, Vec<u16>),
    Activate,
}

fn step() -> impl Strategy<Value = Step> {
    let some = prop::collection::vec(0u16..700, 0..90);
    prop_oneof![
        4 => some.clone().prop_map(Step::Add),
        2 => prop::collection::vec(0u16..700, 0..300).prop_map(Step::Remove),
        1 => (0u16..400, some).prop_map(|(first, more)| Step::Replace(first, more)),
        2 => Just(Step::Activate),
    ]
}

/// What a list becomes.
fn follow(plain: &mut Vec<String>, step: &Step) {
    match step {
        Step::Add(numbers) => {
            let more: Vec<String> = sites(numbers).into_iter().filter(|site| !plain.contains(site)).collect();
            plain.extend(more);
        }
        Step::Remove(numbers) => plain.retain(|held| !sites(numbers).contains(held)),
        Step::Replace(first, more) => {
            *plain = sites(&(0..*first).chain(more.iter().copied()).collect::<Vec<_>>());
        }
        Step::Activate => {}
    }
}

/// Which of some sites look-ups find in a category.
async fn in_force(client: &Client, id: &str) -> Vec<String> {
    let mut found = Vec::new();
    for from in (0u16..700).step_by(100) {
        let asked: Vec<String> = (from..from + 100).map(site).collect();
        let told = call(client, "POST", "/zia/api/v1/urlLookup", Some(json!(asked))).await;
        for told in told.as_array().expect("a list") {
            if told["urlClassifications"][0] == id {
                found.push(told["url"].as_str().expect("a URL").to_owned());
            }
        }
    }
    found
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, ..ProptestConfig::default() })]

    #[test]
    fn a_long_list_is_a_list(first in 1u16..500, steps in prop::collection::vec(step(), 1..14)) {
        Runtime::new().expect("a runtime").block_on(async {
            let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
            let servers = [
                Client::start(store.clone(), Options::default()).await,
                Client::start(store.clone(), Options::default()).await,
            ];
            let parts = || {
                let found = read(store.as_ref(), |tx| tx.notes(TenantId(1), "apart:"));
                found.expect("notes are told").len()
            };
            let mut plain = sites(&(0..first).collect::<Vec<_>>());
            let body = json!({
                "configuredName": "long", "superCategory": "USER_DEFINED", "customCategory": true, "urls": plain,
            });
            let made = call(&servers[0], "POST", CATEGORIES, Some(body)).await;
            let id = made["id"].as_str().expect("an id").to_owned();
            call(&servers[0], "PUT", DENIED, Some(json!({ "blacklistUrls": plain }))).await;
            let mut active: Vec<String> = Vec::new();
            for (nth, step) in steps.iter().enumerate() {
                let (one, other) = (&servers[nth % 2], &servers[(nth + 1) % 2]);
                follow(&mut plain, step);
                let (action, numbers) = match step {
                    Step::Add(numbers) => ("?action=ADD_TO_LIST", sites(numbers)),
                    Step::Remove(numbers) => ("?action=REMOVE_FROM_LIST", sites(numbers)),
                    Step::Replace(..) => ("", plain.clone()),
                    Step::Activate => {
                        call(one, "POST", "/zia/api/v1/status/activate", None).await;
                        active.clone_from(&plain);
                        ("?action=ADD_TO_LIST", Vec::new())
                    }
                };
                if !matches!(step, Step::Activate) {
                    let body = json!({ "configuredName": "long", "urls": numbers });
                    let told = call(one, "PUT", &format!("{CATEGORIES}/{id}{action}"), Some(body)).await;
                    assert_eq!(told["urls"], json!(plain), "{step:?}");
                    let body = Some(json!({ "blacklistUrls": numbers }));
                    match action {
                        "" => drop(call(one, "PUT", DENIED, body).await),
                        action => {
                            let path = format!("{DENIED}/blacklistUrls{action}");
                            let told = call(one, "POST", &path, body).await;
                            assert_eq!(told["blacklistUrls"], json!(numbers), "what was sent is told");
                        }
                    }
                }
                let told = call(other, "GET", &format!("{CATEGORIES}/{id}"), None).await;
                assert_eq!(told["urls"], json!(plain), "{step:?}");
                assert_eq!(told["customUrlsCount"], plain.len());
                assert_eq!(call(other, "GET", DENIED, None).await["blacklistUrls"], json!(plain), "{step:?}");
                let quota = call(other, "GET", &format!("{CATEGORIES}/urlQuota"), None).await;
                assert_eq!(quota["uniqueUrlsProvisioned"], plain.len());
                let mut wanted = active.clone();
                wanted.sort_by_key(|site| (0u16..700).position(|number| *site == self::site(number)));
                assert_eq!(in_force(if nth % 3 == 0 { one } else { other }, &id).await, wanted, "{step:?}");
            }
            assert!(plain.len() <= 128 || parts() > 0, "{} entries are kept apart", plain.len());
            call(&servers[1], "DELETE", &format!("{CATEGORIES}/{id}"), None).await;
            call(&servers[0], "PUT", DENIED, Some(json!({ "blacklistUrls": [] }))).await;
            assert_eq!(parts(), 0, "what is gone leaves nothing");
            assert_eq!(in_force(&servers[0], &id).await.len(), active.len(), "it is in force until the activation");
            call(&servers[0], "POST", "/zia/api/v1/status/activate", None).await;
            assert!(in_force(&servers[1], &id).await.is_empty());
        });
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_list_that_shrinks_goes_back_into_its_record() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store.clone(), Options::default()).await;
    let parts = || read(store.as_ref(), |tx| tx.notes(TenantId(1), "apart:")).expect("notes are told").len();
    let many: Vec<String> = (0..1_000).map(site).collect();
    call(&client, "PUT", DENIED, Some(json!({ "blacklistUrls": many }))).await;
    let path = format!("{DENIED}/blacklistUrls?action=REMOVE_FROM_LIST");
    for (gone, left) in [(0..800, 200), (800..950, 50), (950..1_000, 0)] {
        let before = parts();
        let gone: Vec<String> = gone.map(site).collect();
        call(&client, "POST", &path, Some(json!({ "blacklistUrls": gone }))).await;
        let held = call(&client, "GET", DENIED, None).await;
        let wanted: Vec<String> = (1_000 - left..1_000).map(site).collect();
        assert_eq!(held["blacklistUrls"], json!(wanted));
        assert!(parts() < before || before == 0, "{left} left in {} of {before} parts", parts());
    }
    assert_eq!(parts(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn updates_that_take_out_a_few_leave_no_empty_parts() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store.clone(), Options::default()).await;
    let parts = || read(store.as_ref(), |tx| tx.notes(TenantId(1), "apart:")).expect("notes are told").len();
    for left in (200..=2_000).rev().step_by(100) {
        let wanted: Vec<String> = (2_000 - left..2_000).map(site).collect();
        call(&client, "PUT", DENIED, Some(json!({ "blacklistUrls": wanted }))).await;
        assert_eq!(call(&client, "GET", DENIED, None).await["blacklistUrls"], json!(wanted));
    }
    assert!(parts() <= 12, "200 entries stand in {} parts", parts());
}

/// The log tells how many entries a long list has, and not which.
#[tokio::test(flavor = "multi_thread")]
async fn to_add_ten_of_many_writes_ten() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store.clone(), Options::default()).await;
    let many: Vec<String> = (0..20_000).map(site).collect();
    call(&client, "PUT", DENIED, Some(json!({ "blacklistUrls": many }))).await;
    call(&client, "POST", "/zia/api/v1/status/activate", None).await;
    let notes = || read(store.as_ref(), |tx| tx.notes(TenantId(1), "apart:")).expect("notes are told");
    let before = notes();
    let ten: Vec<String> = (20_000..20_010).map(site).collect();
    let path = format!("{DENIED}/blacklistUrls?action=ADD_TO_LIST");
    call(&client, "POST", &path, Some(json!({ "blacklistUrls": ten }))).await;
    let after = notes();
    let changed = after.iter().filter(|note| !before.contains(note)).count();
    assert!(changed <= 12, "{changed} of {} parts were written", after.len());
    let images = read(store.as_ref(), |tx| tx.staged(TenantId(1), "zia")).expect("images are told");
    assert!(images.len() <= 13, "{} images", images.len());
    let record = read(store.as_ref(), |tx| tx.get(TenantId(1), "zia.security_advanced", &"1".into()));
    let record = record.expect("it is read").expect("it is there");
    assert!(record.body.len() < 8 * 1024, "{} bytes", record.body.len());
}

/// What is asked about many is answered about all of them or refused, and never about some.
#[tokio::test(flavor = "multi_thread")]
async fn a_question_about_too_many_is_refused_and_one_about_many_is_not_cut() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options::default()).await;
    let asked = async |many: usize| {
        let numbers: Vec<String> = (1..=many).map(|number| number.to_string()).collect();
        let path = format!("/zia/api/v1/endPointApplications/policies?resourceId={}", numbers.join(","));
        client.call("GET", &path, None).await.0
    };
    assert_eq!((asked(1_000).await, asked(1_001).await), (200, 400));
    let apps: Vec<String> = (0..3_000).map(|number| format!("APP_{number}")).collect();
    let path = "/zia/api/v1/webApplicationRules/WEBMAIL/availableActions";
    let few = call(&client, "POST", path, Some(json!({ "cloudApps": &apps[..1] }))).await;
    let many = call(&client, "POST", path, Some(json!({ "cloudApps": apps }))).await;
    assert!(many == few && many.as_array().is_some_and(|actions| !actions.is_empty()), "{many}");
}

/// A group that lists its members lets go and takes in no more of them than a call may list.
#[tokio::test(flavor = "multi_thread")]
async fn a_write_moves_no_more_members_than_a_call_may_list() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store, Options::default()).await;
    let refused = async |many: i64| {
        let members: Vec<Value> = (1..=many).map(|id| json!({ "id": id })).collect();
        let body = json!({ "name": "Many", "channel": "PRINTING", "resources": members });
        let (status, _, answer) =
            client.call("POST", "/zia/api/v1/endPointDlpResourceGroups", Some(&body)).await;
        assert_eq!(status, 400, "{answer}");
        answer["message"].to_string()
    };
    let (unknown, too_many) = (refused(1_000).await, refused(1_001).await);
    assert!(too_many.contains("1000") && !unknown.contains("1000"), "{unknown} {too_many}");
}
