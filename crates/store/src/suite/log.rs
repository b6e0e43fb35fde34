//! What a log must do, and a job that goes back to tell of itself.

use zuno_model::{TenantId, Time};

use crate::{Aspect, Kept, Row, Store, Stretch, Verdict, Write, read, write};

const T: TenantId = TenantId(1);
const OTHER: TenantId = TenantId(2);

pub fn a_job_may_go_back_and_tell_why(store: &dyn Store) {
    let ran = |again: usize| {
        let mut runs = 0;
        let (tell, told) = std::sync::mpsc::channel();
        let job = move |tx: &mut dyn Write| {
            runs += 1;
            tx.put(
                T,
                "k",
                &Row {
                    id: runs.to_string().as_str().into(),
                    scope: "0".into(),
                    sort: String::new(),
                    body: b"{}".to_vec(),
                },
            )
            .expect("it is put");
            tx.touch(T, Aspect::Records).expect("it moves");
            if runs <= again { Verdict::Again } else { Verdict::Keep }
        };
        let before = store.version(T, Aspect::Records).expect("a version is told");
        store.submit(Box::new(job), Box::new(move |kept| tell.send(kept.is_ok()).expect("the test waits")));
        assert_eq!(told.recv(), Ok(true));
        let kept = read(store, |tx| tx.list(T, "k", None, Stretch::ALL)).expect("reads work");
        write(store, |tx| tx.clear_tenant(T)).expect("it is cleared");
        let moved = store.version(T, Aspect::Records).expect("a version is told") - before;
        (kept.into_iter().map(|row| row.id.0).collect::<Vec<_>>(), moved)
    };
    assert_eq!(ran(0), (vec!["1".to_owned()], 1));
    assert_eq!(ran(1), (vec!["2".to_owned()], 1), "what it did at first has left no trace");
    assert_eq!(ran(2), (vec![], 0), "and it goes back but once");
}

pub fn a_log_is_read_by_time_and_forgets_its_oldest(store: &dyn Store) {
    let add = |tenant, at: Time, kept| {
        write(store, move |tx| tx.log(tenant, at, at.to_string().as_bytes(), kept)).expect("it is added");
    };
    let seen = |times: (Time, Time), backwards, most: usize| {
        read(store, |tx| {
            let mut seen = Vec::new();
            tx.look_through_log(T, times, backwards, &mut |logged| {
                assert_eq!(logged.entry, logged.at.to_string().as_bytes());
                seen.push((logged.number, logged.at));
                seen.len() < most
            })?;
            Ok(seen)
        })
        .expect("it is read")
    };
    let all = Kept { since: Time::MIN, most: 1_000 };
    // The clock may be set back: entries of one time stand as they were made.
    for at in [10, 30, 20, 20, 40] {
        add(T, at, all);
        add(OTHER, at, all);
    }
    assert_eq!(seen((10, 40), false, 99), [(1, 10), (3, 20), (4, 20), (2, 30)]);
    assert_eq!(seen((20, 41), true, 3), [(5, 40), (2, 30), (4, 20)]);
    assert_eq!(seen((41, 99), false, 99), []);
    assert_eq!(read(store, |tx| tx.last_logged(T)).expect("it is told"), 5);
    // Two go for one that comes.
    add(T, 50, Kept { since: Time::MIN, most: 3 });
    assert_eq!(seen((0, 99), false, 99), [(3, 20), (4, 20), (5, 40), (6, 50)]);
    add(T, 60, Kept { since: Time::MIN, most: 3 });
    assert_eq!(seen((0, 99), false, 99), [(5, 40), (6, 50), (7, 60)]);
    add(T, 70, Kept { since: 45, most: 1_000 });
    assert_eq!(seen((0, 99), false, 99), [(6, 50), (7, 60), (8, 70)]);
    add(T, 80, Kept { since: 81, most: 1_000 });
    assert_eq!(seen((0, 99), false, 99), [(8, 70), (9, 80)], "the new one stays whatever the clock says");
    let others = read(store, |tx| {
        let mut count = 0;
        tx.look_through_log(OTHER, (0, 99), false, &mut |_| {
            count += 1;
            true
        })?;
        Ok((count, tx.last_logged(OTHER)?))
    });
    assert_eq!(others.expect("it is read"), (5, 5));
}
