//! The suite on a real PostgreSQL, and what only a database that servers share can show.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use zuno_model::TenantId;
use zuno_store::{Aspect, Row, Store, StoreError, Stretch, Verdict, Write, read, write, write_for};
use zuno_store_postgres::local::{self, Database, Local};
use zuno_store_postgres::{Address, PostgresStore};

const T: TenantId = TenantId(1);
const OTHER: TenantId = TenantId(2);

fn row(id: &str, sort: &str) -> Row {
    Row { id: id.into(), scope: "0".into(), sort: sort.into(), body: b"{}".to_vec() }
}

/// A fresh database, or nothing where there is no PostgreSQL.
fn database() -> Option<Database> {
    local::server().map(Local::database)
}

#[test]
fn it_is_a_store() {
    let Some(databases) = database().zip(database()) else { return };
    let mut turn = false;
    for database in [&databases.0, &databases.1] {
        drop(database.store());
    }
    zuno_store::suite::run(&mut || {
        turn = !turn;
        let database = if turn { &databases.0 } else { &databases.1 };
        database.wipe();
        Box::new(database.store())
    });
}

#[test]
fn what_one_server_has_acknowledged_every_other_answers_at_once() {
    let Some(database) = database() else { return };
    let (one, two) = (database.store(), database.store());
    for turn in 0..20 {
        let (from, to) = if turn % 2 == 0 { (&one, &two) } else { (&two, &one) };
        let before = to.version(T, Aspect::Records).expect("it is told");
        write_for(from, T, move |tx| {
            tx.put(T, "k", &row(&turn.to_string(), ""))?;
            tx.touch(T, Aspect::Records)
        })
        .expect("it is kept");
        assert_eq!(to.version(T, Aspect::Records).expect("it is told"), before + 1);
        assert_eq!(read(to, |tx| tx.count(T, "k", None)).expect("it is told"), turn + 1);
    }
}

/// Writers of two servers, of one tenant and of several, some of them about more than they said.
#[test]
fn writers_of_several_servers_lose_nothing_and_draw_no_number_twice() {
    let Some(database) = database() else { return };
    let stores: Vec<PostgresStore> = (0..3).map(|_| database.store()).collect();
    let each = 30;
    thread::scope(|scope| {
        for (nth, store) in stores.iter().chain(&stores).enumerate() {
            scope.spawn(move || {
                for turn in 0..each {
                    let of = TenantId(1 + (nth as i64 + turn) % 4);
                    let job = move |tx: &mut dyn Write| {
                        let number = tx.next(of, "n", 1)?;
                        tx.put(of, "k", &row(&number.to_string(), ""))?;
                        if turn % 10 == 0 {
                            tx.next(TenantId::SERVER, "strays", 1)?;
                        }
                        Ok(())
                    };
                    if turn % 7 == 0 { write(store, job) } else { write_for(store, of, job) }
                        .expect("it is kept");
                }
            });
        }
    });
    let (mut numbers, mut records) = (0, 0);
    for tenant in (1..=4).map(TenantId) {
        let found = read(&stores[0], |tx| {
            let listed = tx.list(tenant, "k", None, Stretch::ALL)?.len() as u64;
            Ok((tx.counters(tenant)?[0].1 - 1, tx.count(tenant, "k", None)?, listed))
        });
        let (drawn, counted, listed) = found.expect("it is told");
        assert_eq!((drawn as u64, counted), (listed, listed));
        numbers += drawn;
        records += listed;
    }
    assert_eq!((numbers, records), (6 * each, 6 * each as u64));
    let strays = read(&stores[1], |tx| tx.counters(TenantId::SERVER)).expect("it is told");
    assert_eq!(strays, [("strays".to_owned(), 6 * each / 10 + 1)]);
}

#[test]
fn jobs_of_different_tenants_run_at_the_same_time() {
    let Some(database) = database() else { return };
    let store = database.store();
    let meet = Arc::new(Barrier::new(2));
    thread::scope(|scope| {
        for tenant in [T, OTHER] {
            let (store, meet) = (&store, Arc::clone(&meet));
            scope.spawn(move || {
                write_for(store, tenant, move |tx| {
                    tx.put(tenant, "k", &row("1", ""))?;
                    meet.wait();
                    Ok(())
                })
                .expect("it is kept");
            });
        }
    });
}

#[test]
fn a_job_whose_connection_is_cut_is_run_again_and_counts_once() {
    let Some(database) = database() else { return };
    let store = database.store();
    let database = Arc::new(database);
    let runs = Arc::new(AtomicU32::new(0));
    let (cut, ran) = (Arc::clone(&database), Arc::clone(&runs));
    let number = write_for(&store, T, move |tx| {
        let number = tx.next(T, "n", 1)?;
        if ran.fetch_add(1, Ordering::Relaxed) == 0 {
            cut.command(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            );
        }
        tx.put(T, "k", &row(&number.to_string(), ""))?;
        Ok(number)
    });
    assert_eq!((number.expect("it is kept"), runs.load(Ordering::Relaxed)), (1, 2));
    assert_eq!(read(&store, |tx| tx.count(T, "k", None)).expect("readers come back as well"), 1);
    assert_eq!(store.version(T, Aspect::Records).expect("and versions"), 0);
}

#[test]
fn a_job_that_goes_back_is_never_mistaken_when_it_is_run_afresh() {
    let Some(database) = database() else { return };
    let store = database.store();
    let database = Arc::new(database);
    let cut = Arc::clone(&database);
    let mut refused = false;
    let mut runs = Vec::new();
    let (tell, told) = std::sync::mpsc::channel();
    let seen = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let place = Arc::clone(&seen);
    let job = move |tx: &mut dyn Write| {
        runs.push(refused);
        *place.lock() = runs.clone();
        if std::mem::take(&mut refused) {
            return if tx.set_note(T, "refused", Some(b"x")).is_ok() { Verdict::Keep } else { Verdict::Drop };
        }
        let _ = tx.set_note(T, "tried", Some(b"x"));
        if runs.len() == 1 {
            cut.command(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                 WHERE datname = current_database() AND pid <> pg_backend_pid()",
            );
            let _ = tx.note(T, "tried");
        }
        refused = true;
        Verdict::Again
    };
    store.submit_for(
        T,
        Box::new(job),
        Box::new(move |kept| tell.send(kept.is_ok()).expect("the test waits")),
    );
    assert_eq!(told.recv(), Ok(true));
    assert_eq!(*seen.lock(), [false, true, false, true]);
    let notes = read(&store, |tx| tx.notes(T, "")).expect("it is told");
    assert_eq!(notes.len(), 1, "what it did at first has left no trace");
}

#[test]
fn texts_may_be_long_and_hold_any_character() {
    let Some(database) = database() else { return };
    let store = database.store();
    let long = "name \u{0}\u{10ffff}".repeat(2_000);
    let (key, value) = (long.clone(), long.clone());
    write_for(&store, T, move |tx| {
        tx.put(T, "k", &row("1", &key))?;
        tx.put(T, "k", &row("\u{0}", "a"))?;
        tx.found_by(T, "k", &"1".into(), std::slice::from_ref(&key))?;
        assert_eq!(tx.claim(T, "k", &"1".into(), &[("name".into(), value.clone())])?, None);
        assert!(tx.claim(T, "k", &"2".into(), &[("name".into(), value.clone())])?.is_some());
        Ok(())
    })
    .expect("it is kept");
    let listed = read(&store, |tx| tx.list(T, "k", None, Stretch::ALL)).expect("it is told");
    assert_eq!(listed, [row("\u{0}", "a"), row("1", &long)]);
    let holder = read(&store, |tx| tx.holder(T, "k", "name", &long)).expect("it is told");
    assert_eq!(holder, Some("1".into()));
}

#[test]
fn what_was_acknowledged_is_there_after_a_crash_and_the_store_comes_back_by_itself() {
    if local::server().is_none() {
        return;
    }
    let server = Local::start(false).expect("one more starts");
    let store = PostgresStore::open(Address::read(&server.url("postgres"), None).expect("a URL"));
    let store = store.expect("it opens");
    for number in 0..20 {
        write_for(&store, T, move |tx| tx.put(T, "k", &row(&number.to_string(), ""))).expect("it is kept");
    }
    server.restart().expect("it comes back");
    assert_eq!(read(&store, |tx| tx.count(T, "k", None)).expect("it is read"), 20);
    write_for(&store, T, |tx| tx.put(T, "k", &row("20", ""))).expect("it is written");
    assert_eq!(store.trouble(), None);
}

#[test]
fn a_database_of_a_newer_zuno_is_refused_and_left_alone() {
    let Some(database) = database() else { return };
    drop(database.store());
    database.command("UPDATE schema_version SET version = 9999");
    let refused = PostgresStore::open(Address::read(&database.url(), None).expect("a URL")).err();
    assert!(refused.expect("it is refused").to_string().contains("newer"));
}

#[test]
fn servers_that_start_at_once_make_the_tables_once() {
    let Some(database) = database() else { return };
    thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| drop(database.store()));
        }
    });
}

#[test]
fn a_refused_write_is_told_of_itself_and_not_of_its_neighbours() {
    let Some(database) = database() else { return };
    let store = database.store();
    thread::scope(|scope| {
        for number in 0..12 {
            let store = &store;
            scope.spawn(move || {
                let outcome = write_for(store, T, move |tx| {
                    tx.put(T, "k", &row(&number.to_string(), ""))?;
                    // No number that a counter may hold follows this one.
                    if number % 4 == 0 {
                        tx.set_counter(T, "n", i64::MAX)?;
                        tx.next(T, "n", 1).map(drop)?;
                    }
                    if number % 4 == 1 { Err(StoreError::new("not so")) } else { Ok(()) }
                });
                assert_eq!(outcome.is_ok(), number % 4 > 1);
            });
        }
    });
    assert_eq!(read(&store, |tx| tx.count(T, "k", None)).expect("it is told"), 6);
}
