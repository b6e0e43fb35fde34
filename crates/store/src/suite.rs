//! What makes something a store: run against a maker of fresh, empty stores; panics at the first broken promise.

mod copied;
mod found;
mod log;
mod made;

use std::sync::Arc;
use std::thread;

use self::made::{OTHER, T, row, tenant};
use crate::{Aspect, Kept, Pointer, Read, Reference, Row, Store, StoreError, Stretch, read, write};

/// Runs every check, each on a store of its own.
pub fn run(make: &mut dyn FnMut() -> Box<dyn Store>) {
    let checks: &[fn(&dyn Store)] = &[
        records_come_back_in_order_and_by_scope,
        pages_far_into_a_list_are_the_lists_own,
        a_dropped_job_leaves_no_trace,
        unique_values_have_one_holder,
        pointers_are_found_from_both_ends,
        found::parts_of_texts_find_what_has_them,
        counters_never_repeat,
        staging_keeps_what_was_active_first,
        tenants_do_not_see_each_other,
        versions_move_with_kept_changes_alone,
        all_that_a_tenant_has_can_be_told_and_written_down_elsewhere,
        log::a_job_may_go_back_and_tell_why,
        log::a_log_is_read_by_time_and_forgets_its_oldest,
        a_panicking_job_harms_no_other,
    ];
    for check in checks {
        check(make().as_ref());
    }
    copied::all_of_it_is_copied_and_told_alike(make().as_ref(), make);
    writers_at_once_lose_nothing(make().into());
}

fn versions_move_with_kept_changes_alone(store: &dyn Store) {
    let version = |tenant, aspect| store.version(tenant, aspect).expect("a version is told");
    let before = version(T, Aspect::Records);
    write(store, |tx| tx.touch(T, Aspect::Records)).expect("it is kept");
    let after = version(T, Aspect::Records);
    assert!(after > before);
    let refused: Result<(), _> = write(store, |tx| {
        tx.touch(T, Aspect::Records)?;
        Err(StoreError::new("not so"))
    });
    assert!(refused.is_err());
    assert_eq!(version(T, Aspect::Records), after, "a dropped job moves nothing");
    assert_eq!(version(T, Aspect::Callers), version(OTHER, Aspect::Callers), "each aspect counts for itself");
    write(store, |tx| tx.clear_tenant(T)).expect("it is cleared");
    write(store, |tx| tx.touch(T, Aspect::Records)).expect("it is kept");
    assert!(version(T, Aspect::Records) > after, "clearing a tenant takes no version back");
    let last = Aspect::ALL.map(|aspect| version(T, aspect));
    write(store, |tx| tx.remove_tenant(T)).expect("it is removed");
    for (aspect, last) in Aspect::ALL.into_iter().zip(last) {
        assert!(version(T, aspect) > last, "a removed tenant outdates what is remembered of it");
    }
}

fn all_that_a_tenant_has_can_be_told_and_written_down_elsewhere(store: &dyn Store) {
    write(store, |tx| {
        for (kind, id) in [("b", "2"), ("a", "1"), ("a", "3"), ("gone", "9")] {
            tx.put(T, kind, &row(id, "0", id))?;
        }
        tx.remove(T, "gone", &"9".into())?;
        tx.next(T, "series", 5)?;
        for (key, note) in [("own:b", "1"), ("own:a", "2"), ("own", "3"), ("owl:%", "4")] {
            tx.set_note(T, key, Some(note.as_bytes()))?;
        }
        tx.set_note(OTHER, "own:a", Some(b"other"))
    })
    .expect("it is kept");
    let (kinds, counters, notes) = read(store, |tx| {
        Ok((tx.kinds(T)?, tx.counters(T)?, [tx.notes(T, "own:")?, tx.notes(T, "")?, tx.notes(T, "owl:%")?]))
    })
    .expect("it is told");
    assert_eq!(kinds, ["a", "b"]);
    assert_eq!(counters, [("series".to_owned(), 6)]);
    let keys = notes.each_ref().map(|notes| notes.iter().map(|(key, _)| key.as_str()).collect::<Vec<_>>());
    assert_eq!(keys, [vec!["own:a", "own:b"], vec!["owl:%", "own", "own:a", "own:b"], vec!["owl:%"]]);
    let copied = write(store, move |tx| {
        for (counter, next) in &counters {
            tx.set_counter(OTHER, counter, *next)?;
        }
        for (key, note) in &notes[1] {
            tx.set_note(OTHER, key, Some(note))?;
        }
        for kind in &kinds {
            for row in tx.list(T, kind, None, Stretch::ALL)? {
                tx.put(OTHER, kind, &row)?;
            }
        }
        Ok((tx.next(OTHER, "series", 1)?, tx.notes(OTHER, "")? == tx.notes(T, "")?, tx.kinds(OTHER)?))
    });
    assert_eq!(copied.expect("it is copied"), (6, true, vec!["a".to_owned(), "b".to_owned()]));
}

fn ids(rows: &[Row]) -> Vec<&str> {
    rows.iter().map(|row| row.id.as_str()).collect()
}

fn records_come_back_in_order_and_by_scope(store: &dyn Store) {
    write(store, |tx| {
        for (id, scope, sort) in
            [("3", "0", "b"), ("1", "0", "c"), ("2", "0", "a"), ("4", "7", "a"), ("5", "0", "a")]
        {
            tx.put(T, "k", &row(id, scope, sort))?;
        }
        tx.put(T, "k", &row("3", "0", "z"))
    })
    .expect("puts are kept");
    let look = |tx: &dyn Read| {
        let all = tx.list(T, "k", Some("0"), Stretch::ALL)?;
        assert_eq!(ids(&all), ["2", "5", "1", "3"]);
        let some = tx.list(T, "k", Some("0"), Stretch { skip: 1, take: 2, backwards: false })?;
        assert_eq!(ids(&some), ["5", "1"]);
        let last = tx.list(T, "k", Some("0"), Stretch { skip: 0, take: 2, backwards: true })?;
        assert_eq!(ids(&last), ["3", "1"]);
        assert_eq!(tx.list(T, "k", None, Stretch::ALL)?.len(), 5);
        assert_eq!(
            (tx.count(T, "k", Some("0"))?, tx.count(T, "k", Some("7"))?, tx.count(T, "k", None)?),
            (4, 1, 5)
        );
        assert_eq!(tx.get(T, "k", &"4".into())?, Some(row("4", "7", "a")));
        assert_eq!(tx.get(T, "other", &"4".into())?, None);
        Ok(())
    };
    read(store, look).expect("reads work");
    let removed = write(store, |tx| Ok((tx.remove(T, "k", &"1".into())?, tx.remove(T, "k", &"1".into())?)));
    assert_eq!(removed.expect("removal works"), (true, false));
    assert_eq!(read(store, |tx| tx.count(T, "k", None)).expect("counts"), 4);
}

fn pages_far_into_a_list_are_the_lists_own(store: &dyn Store) {
    // Sort keys repeat, so that ids decide; every other record is of another scope.
    let put = |from: usize, to: usize| {
        write(store, move |tx| {
            for number in from..to {
                let scope = if number % 2 == 0 { "0" } else { "7" };
                tx.put(T, "k", &row(&format!("{number:05}"), scope, &format!("{:03}", number * 7 % 500)))?;
            }
            Ok(())
        })
        .expect("puts are kept");
    };
    let look = || {
        read(store, |tx| {
            let all = tx.list(T, "k", Some("0"), Stretch::ALL)?;
            for skip in
                [0, 255, 256, 511, 512, 513, 767, 768, 1_024, all.len() - 3, all.len() - 1, all.len() + 9]
            {
                for backwards in [false, true] {
                    let stretch = Stretch { skip: skip as u64, take: 20, backwards };
                    let mut wanted = all.clone();
                    if backwards {
                        wanted.reverse();
                    }
                    let wanted: Vec<_> = wanted.into_iter().skip(skip).take(20).collect();
                    assert_eq!(ids(&tx.list(T, "k", Some("0"), stretch)?), ids(&wanted), "{stretch:?}");
                }
            }
            Ok(())
        })
        .expect("reads work");
    };
    put(0, 2_500);
    look();
    look();
    put(2_500, 2_600);
    look();
    let undone: Result<(), _> = write(store, |tx| {
        for number in 0..600 {
            tx.remove(T, "k", &format!("{number:05}").as_str().into())?;
        }
        assert_eq!(tx.list(T, "k", Some("0"), Stretch { skip: 600, take: 1, backwards: false })?.len(), 1);
        Err(StoreError::new("not so"))
    });
    undone.expect_err("it was given up");
    look();
    write(store, |tx| tx.remove(T, "k", &"00300".into())).expect("removal works");
    look();
    write(store, |tx| tx.clear_tenant(T)).expect("a tenant is cleared");
    put(0, 1_100);
    look();
}

fn a_dropped_job_leaves_no_trace(store: &dyn Store) {
    let outcome: Result<(), _> = write(store, |tx| {
        tx.put(T, "k", &row("1", "0", ""))?;
        tx.claim(T, "k", &"1".into(), &[("name".into(), "a".into())])?;
        tx.next(T, "n", 5)?;
        tx.stage(T, "p", "k", &"1".into(), None)?;
        tx.set_note(T, "note", Some(b"x"))?;
        Err(StoreError::new("refused"))
    });
    assert!(outcome.is_err());
    read(store, |tx| {
        assert_eq!(tx.count(T, "k", None)?, 0);
        assert_eq!(tx.holder(T, "k", "name", "a")?, None);
        assert!(!tx.is_staged(T, "p")?);
        assert_eq!(tx.note(T, "note")?, None);
        Ok(())
    })
    .expect("reads work");
    assert_eq!(write(store, |tx| tx.next(T, "n", 5)).expect("counts"), 5);
}

fn unique_values_have_one_holder(store: &dyn Store) {
    let name = |value: &str| vec![("name".to_owned(), value.to_owned())];
    let (a, b) = (name("a"), name("b"));
    write(store, move |tx| {
        for id in ["1", "2"] {
            tx.put(T, "k", &row(id, "0", ""))?;
        }
        assert_eq!(tx.claim(T, "k", &"1".into(), &a)?, None);
        assert_eq!(tx.claim(T, "k", &"1".into(), &a)?, None, "a holder may claim again");
        assert_eq!(tx.claim(T, "k", &"2".into(), &a)?, Some(("name".into(), "a".into())));
        assert_eq!(tx.claim(T, "k", &"1".into(), &b)?, None);
        assert_eq!(tx.claim(T, "k", &"2".into(), &a)?, None, "what was let go is free");
        tx.remove(T, "k", &"1".into())?;
        assert_eq!(tx.holder(T, "k", "name", "b")?, None);
        assert_eq!(tx.holder(T, "k", "name", "a")?, Some("2".into()));
        Ok(())
    })
    .expect("claims work");
}

fn pointers_are_found_from_both_ends(store: &dyn Store) {
    let to = |id: &str| Pointer { field: "group".into(), kind: "group".into(), id: id.into() };
    let (one, two) = (to("g1"), to("g2"));
    write(store, move |tx| {
        for (id, sort) in [("1", "b"), ("2", "a")] {
            tx.put(T, "app", &row(id, "0", sort))?;
            tx.point(T, "app", &id.into(), std::slice::from_ref(&one))?;
        }
        let found = tx.referrers(T, "group", &"g1".into())?;
        let reference = |id: &str| Reference { kind: "app".into(), id: id.into(), field: "group".into() };
        assert_eq!(found, [reference("1"), reference("2")]);
        assert_eq!(ids(&tx.pointing(T, "app", "group", "group", &"g1".into())?), ["2", "1"]);
        tx.point(T, "app", &"1".into(), std::slice::from_ref(&two))?;
        tx.remove(T, "app", &"2".into())?;
        assert!(tx.referrers(T, "group", &"g1".into())?.is_empty());
        assert_eq!(tx.referrers(T, "group", &"g2".into())?, [reference("1")]);
        Ok(())
    })
    .expect("pointers work");
}

fn counters_never_repeat(store: &dyn Store) {
    let numbers: Vec<i64> = (0..5).map(|_| write(store, |tx| tx.next(T, "n", 10)).expect("counts")).collect();
    assert_eq!(numbers, [10, 11, 12, 13, 14]);
    assert_eq!(write(store, |tx| tx.next(OTHER, "n", 10)).expect("counts"), 10);
}

fn staging_keeps_what_was_active_first(store: &dyn Store) {
    write(store, |tx| {
        tx.stage(T, "p", "k", &"1".into(), Some(b"first"))?;
        tx.stage(T, "p", "k", &"1".into(), Some(b"second"))?;
        tx.stage(T, "p", "k", &"2".into(), None)?;
        tx.stage(T, "q", "k", &"3".into(), None)
    })
    .expect("stages");
    let staged = read(store, |tx| tx.staged(T, "p")).expect("lists");
    let active: Vec<Option<&[u8]>> = staged.iter().map(|change| change.active.as_deref()).collect();
    assert_eq!(active, [Some(b"first".as_slice()), None]);
    let waits = |id: &str| read(store, |tx| tx.waits(T, "p", "k", &id.into())).expect("reads");
    assert!(waits("1") && waits("2") && !waits("3"));
    assert_eq!(write(store, |tx| tx.activate(T, "p")).expect("activates"), 2);
    assert!(!read(store, |tx| tx.is_staged(T, "p")).expect("reads"));
    assert!(read(store, |tx| tx.is_staged(T, "q")).expect("reads"));
}

fn tenants_do_not_see_each_other(store: &dyn Store) {
    write(store, move |tx| {
        for id in [T, OTHER] {
            tx.put_tenant(&tenant(id))?;
            tx.put(id, "k", &row("1", "0", ""))?;
            assert_eq!(tx.claim(id, "k", &"1".into(), &[("name".into(), "same".into())])?, None);
            tx.set_note(id, "note", Some(b"x"))?;
            tx.log(id, 5, b"entry", Kept { since: 0, most: 9 })?;
        }
        tx.next(T, "n", 5)?;
        tx.stage(T, "p", "k", &"1".into(), None)?;
        tx.clear_beside_records(T)?;
        assert_eq!((tx.last_logged(T)?, tx.count(T, "k", None)?), (1, 1), "its records and its log stay");
        assert_eq!((tx.note(T, "note")?, tx.is_staged(T, "p")?, tx.counters(T)?), (None, false, Vec::new()));
        assert!(tx.note(OTHER, "note")?.is_some());
        tx.clear_tenant(T)?;
        assert_eq!((tx.last_logged(T)?, tx.last_logged(OTHER)?), (0, 1));
        assert_eq!((tx.count(T, "k", None)?, tx.count(OTHER, "k", None)?), (0, 1));
        assert_eq!(tx.tenants()?.len(), 2);
        tx.remove_tenant(OTHER)?;
        assert_eq!(tx.tenants()?, [tenant(T)]);
        assert_eq!(tx.note(OTHER, "note")?, None);
        Ok(())
    })
    .expect("tenants work");
}

fn a_panicking_job_harms_no_other(store: &dyn Store) {
    // The hook is left alone: the panic's message belongs in the test's output.
    let outcome: Result<(), _> = write(store, |tx| {
        tx.put(T, "k", &row("1", "0", ""))?;
        panic!("a job that panics on purpose");
    });
    assert!(outcome.is_err());
    assert_eq!(write(store, |tx| tx.count(T, "k", None)).expect("the store goes on"), 0);
}

fn writers_at_once_lose_nothing(store: Arc<dyn Store>) {
    const WRITERS: usize = 8;
    const EACH: usize = 50;
    thread::scope(|scope| {
        for _ in 0..WRITERS {
            let store = Arc::clone(&store);
            scope.spawn(move || {
                for turn in 0..EACH {
                    let refused = turn % 5 == 4;
                    let outcome = write(store.as_ref(), move |tx| {
                        let id = tx.next(T, "n", 1)?;
                        tx.put(T, "k", &row(&id.to_string(), "0", ""))?;
                        if refused { Err(StoreError::new("refused")) } else { Ok(()) }
                    });
                    assert_eq!(outcome.is_err(), refused);
                }
            });
        }
    });
    let kept = (WRITERS * EACH / 5 * 4) as u64;
    let (count, listed) = read(store.as_ref(), |tx| {
        Ok((tx.count(T, "k", None)?, tx.list(T, "k", None, Stretch::ALL)?.len() as u64))
    })
    .expect("reads work");
    assert_eq!((count, listed), (kept, kept));
    assert_eq!(write(store.as_ref(), |tx| tx.next(T, "n", 1)).expect("counts"), kept as i64 + 1);
}
