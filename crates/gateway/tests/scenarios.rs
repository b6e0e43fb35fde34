//! Plays every conversation under `scenarios/` against each store.

mod scenario;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use scenario::{Player, read};
use zuno_store::Store;
use zuno_store_postgres::PostgresStore;
use zuno_store_postgres::local::{self, Database, Local};
use zuno_store_sqlite::SqliteStore;

/// A name and a maker: what a conversation is played against, in a folder of its own.
type Maker<'a> = (&'static str, Box<dyn Fn(&Path) -> Arc<dyn Store> + 'a>);

/// Every store that can be had here. PostgreSQL's database is one for all conversations, and emptied for each.
fn stores(database: Option<&(Database, Arc<PostgresStore>)>) -> Vec<Maker<'_>> {
    let mut stores: Vec<Maker<'_>> = vec![
        ("memory", Box::new(|_| Arc::new(SqliteStore::in_memory().expect("a store in memory opens")))),
        (
            "file",
            Box::new(|folder| {
                Arc::new(SqliteStore::open(&folder.join("zuno.db")).expect("a store in a file opens"))
            }),
        ),
    ];
    if let Some((database, store)) = database {
        let empty = move |_: &Path| {
            database.wipe();
            Arc::clone(store) as Arc<dyn Store>
        };
        stores.push(("postgres", Box::new(empty)));
    }
    stores
}

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            files(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "md") {
            found.push(path);
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn every_conversation_goes_as_written() {
    // As cargo runs it, so that tests built in one checkout can play what another holds.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    let root = Path::new(&own).join("../../scenarios");
    let only = std::env::var("SCENARIO").ok();
    let mut found = Vec::new();
    files(&root, &mut found);
    assert!(!found.is_empty(), "there are no scenarios");
    let mut wrong = Vec::new();
    let mut played = 0;
    let database = local::server().map(Local::database).map(|database| {
        let store = Arc::new(database.store());
        (database, store)
    });
    let stores = stores(database.as_ref());
    let only_on = std::env::var("STORE").ok();
    for path in &found {
        let name = path.strip_prefix(&root).expect("found below it").display().to_string();
        if only.as_ref().is_some_and(|only| !name.contains(only.as_str())) {
            continue;
        }
        let conversation = read(path).unwrap_or_else(|problem| panic!("{name}: {problem}"));
        for (store, make) in &stores {
            if only_on.as_ref().is_some_and(|only| only != store) {
                continue;
            }
            let folder = tempfile::tempdir().expect("a temporary folder");
            let mut player = Player::start(make(folder.path())).await;
            for exchange in &conversation {
                if let Err(problem) = player.play(exchange, path.parent().expect("a file has a folder")).await
                {
                    wrong.push(format!("{name}:{} ({store}) {}\n{problem}", exchange.line, exchange.heading));
                    break;
                }
            }
        }
        played += 1;
    }
    println!("{played} conversations against {} stores", stores.len());
    assert!(
        wrong.is_empty(),
        "\n{}\n{} of {} failed",
        wrong.join("\n\n"),
        wrong.len(),
        played * stores.len()
    );
}
