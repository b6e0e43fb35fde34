//! The writer's thread: takes jobs, runs each in a savepoint, and syncs as many as are waiting in one commit.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use parking_lot::Mutex;
use rusqlite::Connection;
use zuno_store::{Done, Job, Result, StoreError, Verdict};

use crate::grams::{self, Found};
use crate::moment::{Moment, Touched};
use crate::versions::Versions;
use crate::watch::Watch;

/// The most jobs in one commit: bounds how long the first of them waits.
const GROUP: usize = 256;

/// A handle to the writer's thread; the thread ends when the handle is dropped.
pub struct Writer {
    queue: Option<Sender<(Job, Done)>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the thread that alone changes this connection.
    pub fn start(connection: Arc<Mutex<Connection>>, versions: Arc<Versions>, watch: Arc<Watch>) -> Writer {
        let (queue, jobs) = channel();
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || work(&connection, &versions, &watch, &jobs))
            .expect("the system starts one more thread");
        Writer { queue: Some(queue), thread: Some(thread) }
    }

    /// Queues a job.
    pub fn submit(&self, job: Job, done: Done) {
        let queue = self.queue.as_ref().expect("the queue is there until the writer is dropped");
        if let Err(unsent) = queue.send((job, done)) {
            let (_, done) = unsent.0;
            done(Err(StoreError::new("the store's writer has stopped")));
        }
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        drop(self.queue.take());
        // The last owner may have lived in a job's `done`, which the writer itself calls: it ends by itself then.
        let elsewhere = |thread: &thread::JoinHandle<()>| thread.thread().id() != thread::current().id();
        if let Some(thread) = self.thread.take().filter(elsewhere) {
            // A writer that panicked has told its callers already.
            let _ = thread.join();
        }
    }
}

fn work(connection: &Mutex<Connection>, versions: &Versions, watch: &Watch, jobs: &Receiver<(Job, Done)>) {
    while let Ok(first) = jobs.recv() {
        let connection = connection.lock();
        let mut waiting = Vec::new();
        let outcome = group(&connection, watch, jobs, first, &mut waiting);
        drop(connection);
        if let Ok(touched) = &outcome {
            versions.moved(touched);
        }
        tell(waiting, outcome);
    }
}

/// Runs the first job and all that have queued behind it, then commits. What each job is to be told stands in
/// `waiting`: an error of its own, or whatever becomes of the commit. Answers the versions that the kept ones moved.
fn group(
    connection: &Connection,
    watch: &Watch,
    jobs: &Receiver<(Job, Done)>,
    first: (Job, Done),
    waiting: &mut Vec<(Done, Option<StoreError>)>,
) -> Result<Vec<Touched>> {
    let (mut job, mut done) = first;
    let (mut touched, mut grams) = (Vec::new(), Vec::new());
    if let Err(cause) = execute(connection, watch, "BEGIN IMMEDIATE") {
        waiting.push((done, None));
        return Err(cause);
    }
    loop {
        let kept = run(connection, watch, &mut job).map(|(moved, found)| {
            touched.extend(moved);
            grams.extend(found);
        });
        waiting.push((done, kept.err()));
        // On a full disk SQLite gives the whole transaction up; what queues behind must not be kept outside of one.
        if connection.is_autocommit() {
            let gone = watch.trouble().unwrap_or_else(|| "SQLite has given it up".into());
            return Err(StoreError::new(format!("a transaction was not kept: {gone}")));
        }
        if waiting.len() == GROUP {
            break;
        }
        match jobs.try_recv() {
            Ok(next) => (job, done) = next,
            Err(_) => break,
        }
    }
    let entered = grams::enter(connection, &grams);
    let entered = entered.map_err(|cause| watch.told("texts that are searched cannot be entered", cause));
    let committed = entered.and_then(|()| execute(connection, watch, "COMMIT"));
    match &committed {
        Ok(()) => watch.went_well(),
        // The transaction may still be open; without this the next group could not begin.
        Err(_) => drop(connection.execute_batch("ROLLBACK")),
    }
    committed.map(|()| touched)
}

/// The versions that a job moved, and the texts by which records are found through it.
type Parts = (Vec<Touched>, Vec<Found>);

/// Runs a job, once more if it asks for that; answers what goes along with it, if it is kept.
fn run(connection: &Connection, watch: &Watch, job: &mut Job) -> Result<Parts> {
    match run_once(connection, watch, job)? {
        (Verdict::Again, _) => run_once(connection, watch, job).map(|(_, parts)| parts),
        (_, parts) => Ok(parts),
    }
}

fn run_once(connection: &Connection, watch: &Watch, job: &mut Job) -> Result<(Verdict, Parts)> {
    execute(connection, watch, "SAVEPOINT job")?;
    let mut moment = Moment::new(connection, watch);
    let verdict = catch_unwind(AssertUnwindSafe(|| job(&mut moment)));
    let parts = if matches!(verdict, Ok(Verdict::Keep)) {
        moment.into_parts()
    } else {
        execute(connection, watch, "ROLLBACK TO job")?;
        Parts::default()
    };
    execute(connection, watch, "RELEASE job")?;
    verdict
        .map(|verdict| (verdict, parts))
        .map_err(|_| StoreError::new("a write job panicked; its changes were dropped"))
}

fn tell(waiting: Vec<(Done, Option<StoreError>)>, outcome: Result<Vec<Touched>>) {
    let failure = outcome.err().map(|failed| match failed.cause {
        Some(cause) => format!("{}: {cause}", failed.what),
        None => failed.what,
    });
    for (done, own) in waiting {
        done(match (own, &failure) {
            (Some(own), _) => Err(own),
            (None, Some(text)) => Err(StoreError::new(text.clone())),
            (None, None) => Ok(()),
        });
    }
}

fn execute(connection: &Connection, watch: &Watch, statement: &str) -> Result<()> {
    connection
        .prepare_cached(statement)
        .and_then(|mut prepared| prepared.execute([]))
        .map(|_| ())
        .map_err(|cause| watch.told(&format!("the database refuses {statement}"), cause))
}
