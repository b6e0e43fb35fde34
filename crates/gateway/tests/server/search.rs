//! A search answers what looking through everything does, whatever the store finds it by.

use std::sync::Arc;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use proptest::prelude::*;
use serde_json::{Value, json};
use tokio::runtime::Runtime;
use zuno_gateway::{ObjectLimits, Options};
use zuno_model::{Id, TenantId};
use zuno_store::{Row, read, write};
use zuno_store_sqlite::SqliteStore;

use crate::client::Client;

const GROUPS: &str = "/zpa/mgmtconfig/v1/admin/customers/216196257331281920/segmentGroup";

async fn listed(client: &Client, query: &str) -> Vec<Value> {
    let path = format!("{GROUPS}?pagesize=500{query}");
    let (status, _, body) = client.call("GET", &path, None).await;
    assert_eq!(status, 200, "{body}");
    let rows = body["list"].as_array().cloned().unwrap_or_default();
    assert_eq!(body["totalCount"].as_str(), Some(rows.len().to_string().as_str()), "{query}");
    rows
}

async fn searched(client: &Client, words: &str) -> Vec<Value> {
    listed(client, &format!("&search={}", utf8_percent_encode(words, NON_ALPHANUMERIC))).await
}

/// Searches in three ways, each held against the whole list.
async fn compare(client: &Client, word: &str) {
    let all = listed(client, "").await;
    let low = |value: &Value| value.as_str().unwrap_or_default().to_lowercase();
    let wanted = word.to_lowercase();
    let like = |of: &Value| low(&of["name"]).contains(&wanted);
    let starts = |of: &Value| low(&of["name"]).starts_with(&wanted);
    let mentions = |of: &Value| like(of) || low(&of["description"]).contains(&wanted);
    let ids = |rows: Vec<Value>| rows.into_iter().map(|row| row["id"].clone()).collect::<Vec<_>>();
    let chosen = |holds: &dyn Fn(&Value) -> bool| ids(all.iter().filter(|row| holds(row)).cloned().collect());
    assert_eq!(ids(searched(client, word).await), chosen(&mentions), "{word}");
    assert_eq!(ids(searched(client, &format!("name LIKE {word}")).await), chosen(&like), "{word}");
    assert_eq!(ids(searched(client, &format!("name STARTSWITH {word}")).await), chosen(&starts), "{word}");
}

const WORD: &str = "[a-cA-BÄäßİΣς0日本](\\PC?[a-bB ]{0,3}[abΣ1語])?";

proptest! {
    #![proptest_config(ProptestConfig { cases: 8, ..ProptestConfig::default() })]

    #[test]
    fn a_search_finds_what_a_look_through_everything_does(
        names in prop::collection::vec(("[a-bABÄßİΣς01 日本語]{1,9}", WORD), 1..40),
        changes in prop::collection::vec((any::<prop::sample::Index>(), prop::option::of(WORD)), 0..12),
        words in prop::collection::vec(WORD, 1..12),
    ) {
        Runtime::new().expect("a runtime").block_on(async {
            let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
            let client = Client::start(store, Options::default()).await;
            let mut ids = Vec::new();
            for (nth, (name, description)) in names.iter().enumerate() {
                let body = json!({ "name": format!("{name}-{nth}"), "description": description });
                let (status, _, made) = client.call("POST", GROUPS, Some(&body)).await;
                if status == 201 {
                    ids.push(made["id"].as_str().expect("an id").to_owned());
                }
            }
            for (at, name) in &changes {
                if ids.is_empty() {
                    break;
                }
                let at = at.index(ids.len());
                let path = format!("{GROUPS}/{}", ids[at]);
                match name {
                    Some(name) => {
                        client.call("PUT", &path, Some(&json!({ "name": format!("{name} again") }))).await;
                    }
                    None => drop((client.call("DELETE", &path, None).await, ids.remove(at))),
                }
            }
            for word in words.iter().chain(names.iter().take(3).map(|(_, word)| word)) {
                compare(&client, word).await;
            }
        });
    }
}

/// What a store was not told, it is told with the next change; until then all is looked through.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_kept_untold_is_found_all_the_same() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store.clone(), Options::default()).await;
    let add = async |name: &str| {
        assert_eq!(client.call("POST", GROUPS, Some(&json!({ "name": name }))).await.0, 201);
    };
    add("Northern Lights").await;
    let (tenant, kind) = (TenantId(1), "zpa.segment_group");
    let having = |part: &'static str| {
        let found = read(store.as_ref(), |tx| tx.having(tenant, kind, None, part));
        found.expect("it is told").expect("it is found by its parts").len()
    };
    assert_eq!((having("northern l"), having("arctic f")), (1, 0));
    let id = listed(&client, "").await[0]["id"].as_str().expect("an id").to_owned();
    write(store.as_ref(), move |tx| {
        tx.found_by(tenant, kind, &id.as_str().into(), &[])?;
        tx.set_note(tenant, &format!("searched:{kind}"), Some(b"others"))
    })
    .expect("it is forgotten");
    assert_eq!(having("northern l"), 0);
    assert_eq!(searched(&client, "ERN LIGHT").await.len(), 1);
    add("Arctic Foxes").await;
    assert_eq!((having("northern l"), having("arctic f")), (1, 1));
    assert_eq!(searched(&client, "C FOX").await.len(), 1);
}

/// Of a kind with many records each change tells some, and which are told last is no matter.
#[tokio::test(flavor = "multi_thread")]
async fn many_that_were_kept_untold_are_told_in_parts() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let options = Options { object_limits: ObjectLimits::Off, ..Options::default() };
    let client = Client::start(store.clone(), options).await;
    let (tenant, kind) = (TenantId(1), "zpa.segment_group");
    write(store.as_ref(), move |tx| {
        for number in 0..2_500_i64 {
            let body = json!({ "id": format!("{number}"), "name": format!("Untold {number:04}") });
            let body = serde_json::to_vec(&body).expect("it is written");
            let sort = format!("untold {number:04}");
            tx.put(tenant, kind, &Row { id: Id::from(number), scope: "0".into(), sort, body })?;
        }
        tx.set_note(tenant, &format!("own:{kind}"), Some(b"1"))
    })
    .expect("they are kept");
    let told = || {
        let is_told = |number: &i64| {
            let part = format!("untold {number:04}");
            let found = read(store.as_ref(), move |tx| tx.having(tenant, kind, None, &part));
            let found = found.expect("it is told").unwrap_or_default();
            found.iter().any(|row| row.id == Id::from(*number))
        };
        (0..2_500).step_by(100).filter(is_told).count()
    };
    for (nth, (before, wanted)) in [(0, 9), (9, 19), (19, 25)].into_iter().enumerate() {
        assert_eq!(told(), before);
        // It comes before all others, and moves them on by a place.
        let body = json!({ "name": format!("A first {}", 9 - nth) });
        assert_eq!(client.call("POST", GROUPS, Some(&body)).await.0, 201);
        assert_eq!(told(), wanted);
        assert_eq!(searched(&client, "TOLD 0000").await.len(), 1);
    }
}
