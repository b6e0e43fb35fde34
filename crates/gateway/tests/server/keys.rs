//! The server's keys lie beside its store: a store of an older version gives them up, what it held in clear is sealed, and
//! a record that cannot be read is told.

use std::sync::Arc;

use serde_json::{Value, json};
use zuno_catalogue::Catalogue;
use zuno_gateway::{Cloud, Options};
use zuno_identity::{KeyStore as _, KeysInMemory};
use zuno_model::{Id, TenantId};
use zuno_store::{Row, Stretch, read, write};
use zuno_store_sqlite::SqliteStore;

use crate::client::{Client, open_with};

const TENANT: TenantId = TenantId(1);
const VPN: &str = "zia.vpn_credential";

fn options() -> Options {
    Options { es256: true, ..Options::default() }
}

fn reopened(store: &Arc<SqliteStore>, keys: &Arc<KeysInMemory>) -> Arc<Cloud> {
    open_with(store.clone(), keys.clone(), options())
}

/// The rows of a kind as the store keeps them.
fn rows(store: &SqliteStore, kind: &str) -> Vec<(Row, Value)> {
    let rows = read(store, |tx| tx.list(TENANT, kind, None, Stretch::ALL)).expect("the store lists");
    rows.into_iter()
        .map(|row| {
            let body = serde_json::from_slice(&row.body).expect("JSON");
            (row, body)
        })
        .collect()
}

/// The rows that hold a tunnel's key.
fn with_key(store: &SqliteStore) -> Vec<(Row, Value)> {
    let mut found = rows(store, VPN);
    found.retain(|(_, body)| body.get("preSharedKey").is_some());
    found
}

fn put(store: &SqliteStore, kind: &'static str, row: Row) {
    write(store, move |tx| tx.put(TENANT, kind, &row)).expect("the store keeps");
}

/// Whether any file of a folder holds these bytes.
fn lies_in(folder: &std::path::Path, bytes: &[u8]) -> bool {
    let files = std::fs::read_dir(folder).expect("a folder");
    files
        .map(|entry| std::fs::read(entry.expect("a file").path()).expect("it is read"))
        .any(|file| file.windows(bytes.len()).any(|part| part == bytes))
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_store_gives_up_its_keys_and_what_it_held_in_clear() {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let store = Arc::new(SqliteStore::open(&folder.path().join("zuno.db")).expect("the file opens"));
    let keys = Arc::new(KeysInMemory::default());
    let client = Client::start_with(store.clone(), keys.clone(), options()).await;
    let body = json!({"type": "UFQDN", "fqdn": "a@example.com", "preSharedKey": "of-the-tunnel"});
    let (status, _, made) = client.call("POST", "/zia/api/v1/vpnCredentials", Some(&body)).await;
    assert_eq!(status, 200, "{made}");
    assert!(!lies_in(folder.path(), b"of-the-tunnel"));

    // As the version before left it: keys in notes, members in clear, among what is staged as well.
    let (row, mut body) = with_key(&store).remove(0);
    assert!(body["preSharedKey"]["$sealed"].is_string());
    body["preSharedKey"] = json!("of-the-tunnel");
    let clear = body.to_string().into_bytes();
    put(&store, VPN, Row { body: clear.clone(), ..row.clone() });
    let noted = keys.clone();
    let note = move |name: &str| noted.key(name).expect("memory is read").expect("it is there");
    let id = row.id.clone();
    write(store.as_ref(), move |tx| {
        tx.activate(TENANT, "zia")?;
        tx.stage(TENANT, "zia", VPN, &id, Some(&clear))?;
        tx.set_note(TenantId::SERVER, "pepper", Some(&note("pepper")))?;
        tx.set_note(TenantId::SERVER, "signing-key:ES256", Some(&note("signing-es256")))?;
        tx.set_note(TenantId::SERVER, "sealing-key", None)?;
        tx.set_note(TenantId::SERVER, "sealed-members", None)
    })
    .expect("the store keeps");
    let (pepper, signing) = (keys.key("pepper"), keys.key("signing-es256"));
    let (pepper, signing) = (pepper.expect("read").expect("there"), signing.expect("read").expect("there"));
    assert!(lies_in(folder.path(), b"of-the-tunnel") && lies_in(folder.path(), &pepper));

    // Its other records are sealed already.
    let own = Arc::new(KeysInMemory::default());
    own.keep("sealing", &keys.key("sealing").expect("read").expect("there")).expect("kept");
    let cloud = reopened(&store, &own);
    assert_eq!(own.key("pepper").expect("read").as_ref(), Some(&pepper));
    for secret in [&b"of-the-tunnel"[..], &pepper, &signing] {
        assert!(!lies_in(folder.path(), secret), "a trace is left");
    }
    let staged = read(store.as_ref(), |tx| tx.staged(TENANT, "zia")).expect("the store lists");
    assert_eq!(staged.len(), 1, "what waits still waits");
    let later = client.at(cloud);
    let (status, _, list) = later.call("GET", "/zia/api/v1/vpnCredentials", None).await;
    let all = rows(&store, VPN).len();
    assert_eq!(
        (status, list.as_array().map(Vec::len)),
        (200, Some(all)),
        "the token of before counts: {list}"
    );
    later.signed_in("first", "first-secret").await;
    let before = rows(&store, VPN);
    reopened(&store, &own);
    assert_eq!(rows(&store, VPN), before, "it is done once");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_without_its_keys_or_with_others_is_refused() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let keys = Arc::new(KeysInMemory::default());
    Client::start_with(store.clone(), keys.clone(), options()).await;
    let refused = |keys: KeysInMemory| {
        let opened = Cloud::open(store.clone(), Arc::new(keys), Catalogue::compiled(), options());
        opened.err().expect("it is refused").to_string()
    };
    assert!(refused(KeysInMemory::default()).contains("missing"));
    let others = KeysInMemory::default();
    others.keep("pepper", &[1; 32]).expect("kept");
    others.keep("sealing", &[2; 32]).expect("kept");
    let told = refused(others);
    assert!(told.contains("not the one") && told.contains("back-up"), "{told}");
    reopened(&store, &keys);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_sealed_member_does_not_open_in_another_record() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let client = Client::start(store.clone(), options()).await;
    for fqdn in ["a@example.com", "b@example.com"] {
        let body = json!({"type": "UFQDN", "fqdn": fqdn, "preSharedKey": "of-the-tunnel"});
        let (status, _, made) = client.call("POST", "/zia/api/v1/vpnCredentials", Some(&body)).await;
        assert_eq!(status, 200, "{made}");
    }
    let mut found = with_key(&store);
    let (row, mut body) = found.remove(0);
    let id = body["id"].as_str().expect("an id").to_owned();
    body["preSharedKey"] = found[0].1["preSharedKey"].clone();
    put(&store, VPN, Row { body: body.to_string().into_bytes(), ..row });
    let (status, _, _) = client.call("GET", &format!("/zia/api/v1/vpnCredentials/{id}"), None).await;
    assert_eq!(status, 500, "what was moved is not believed");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clients_record_that_cannot_be_read_is_no_matter_of_the_token() {
    let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
    let keys = Arc::new(KeysInMemory::default());
    let client = Client::start_with(store.clone(), keys.clone(), options()).await;
    const KIND: &str = "zidentity.api_client";
    let whole =
        read(store.as_ref(), |tx| tx.get(TENANT, KIND, &Id("first".into()))).expect("read").expect("there");
    put(&store, KIND, Row { body: b"{\"id\": \"fir".to_vec(), ..whole.clone() });
    let later = client.at(reopened(&store, &keys));
    let (status, headers, _) = later.call("GET", "/zia/api/v1/vpnCredentials", None).await;
    assert_eq!(status, 500);
    assert!(!headers.contains_key("www-authenticate"));
    put(&store, KIND, whole);
    let (status, _, _) = later.call("GET", "/zia/api/v1/vpnCredentials", None).await;
    assert_eq!(status, 200, "the same token, once the record is whole again");
}
