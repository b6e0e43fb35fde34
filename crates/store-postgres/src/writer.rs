//! The writers' threads, one for each lane: a thread takes the jobs that wait, and has them kept in one commit. What another
//! writer or a lost connection has undone it tries again.

use std::sync::Arc;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, SystemTime};

use zuno_model::TenantId;
use zuno_store::{Done, Job, Result, StoreError};

use crate::connect::Connect;
use crate::group::{Broken, Fate, Queued, Try, lock};
use crate::lane::{LANES, Lane};
use crate::session::Session;
use crate::trouble::Failure;
use crate::value::values;

/// How often a group is tried that other transactions are in the way of.
const CONFLICTS: u32 = 20;
/// How often a lost connection is opened anew for a group: after 50 ms, and then after twice as long each time.
const LOSSES: u32 = 6;
/// How often it is asked whether a commit came through: with the same pauses, a second at most.
const QUESTIONS: u32 = 30;

/// A handle to the writers' threads; they end when it is dropped.
pub struct Writer {
    lanes: Vec<Worker>,
    all: Worker,
}

struct Worker {
    queue: Option<Sender<Queued>>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Writer {
    /// Starts the threads.
    pub fn start(connect: &Arc<Connect>) -> Writer {
        let all = Worker::start(Lane::All, connect, None);
        let lanes = (0..LANES).map(|lane| Worker::start(Lane::Of(lane), connect, all.queue.clone()));
        Writer { lanes: lanes.collect(), all }
    }

    /// Queues a job: about one tenant, or about whatever it touches.
    pub fn submit(&self, about: Option<TenantId>, job: Job, done: Done) {
        let worker = match about.map(Lane::of) {
            Some(Lane::Of(lane)) => &self.lanes[lane],
            _ => &self.all,
        };
        let queue = worker.queue.as_ref().expect("the queue is there until the writer is dropped");
        queue_at(queue, Queued { job, done });
    }
}

fn queue_at(queue: &Sender<Queued>, queued: Queued) {
    if let Err(unsent) = queue.send(queued) {
        (unsent.0.done)(Err(StoreError::new("the store's writer has stopped")));
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        // The last owner may have lived in a job's `done`, which a writer's thread calls: they end by themselves then.
        let here = thread::current().id();
        let mut workers: Vec<&mut Worker> = self.lanes.iter_mut().chain([&mut self.all]).collect();
        let is_one = workers
            .iter()
            .any(|worker| worker.thread.as_ref().is_some_and(|thread| thread.thread().id() == here));
        for worker in &mut workers {
            drop(worker.queue.take());
        }
        // The lanes first: each holds the queue for what strays.
        for thread in workers.into_iter().filter_map(|worker| worker.thread.take()).filter(|_| !is_one) {
            // A thread that panicked has told its callers already.
            let _ = thread.join();
        }
    }
}

impl Worker {
    fn start(lane: Lane, connect: &Arc<Connect>, strays: Option<Sender<Queued>>) -> Worker {
        let (queue, jobs) = channel();
        let mut id = vec![0; 16];
        aws_lc_rs::rand::fill(&mut id).expect("the system gives randomness");
        let mut desk = Desk { lane, connect: Arc::clone(connect), session: None, id, commits: 0 };
        let thread = thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || {
                while let Ok(first) = jobs.recv() {
                    let mut group = vec![first];
                    let mut fates = Vec::new();
                    let outcome = desk.keep(&mut group, &mut fates, &jobs);
                    tell(group, fates, outcome, strays.as_ref());
                }
                desk.leave();
            })
            .expect("the system starts one more thread");
        Worker { queue: Some(queue), thread: Some(thread) }
    }
}

/// Tells all who wait; what strayed goes on to the writer of all lanes.
fn tell(group: Vec<Queued>, fates: Vec<Fate>, outcome: Result<()>, strays: Option<&Sender<Queued>>) {
    let failure = outcome.err().map(|failed| match failed.cause {
        Some(cause) => format!("{}: {cause}", failed.what),
        None => failed.what,
    });
    let mut fates = fates.into_iter();
    for queued in group {
        match (fates.next(), strays, &failure) {
            (Some(Fate::Strayed), Some(strays), _) => queue_at(strays, queued),
            (Some(Fate::Failed(own)), _, None) => (queued.done)(Err(own)),
            (_, _, Some(text)) => (queued.done)(Err(StoreError::new(text.clone()))),
            (_, _, None) => (queued.done)(Ok(())),
        }
    }
}

/// Where one lane's writer works.
struct Desk {
    lane: Lane,
    connect: Arc<Connect>,
    session: Option<Session>,
    /// Its name among all writers of the database.
    id: Vec<u8>,
    commits: i64,
}

impl Desk {
    fn session(&mut self) -> Result<&Session> {
        let session = match self.session.take().filter(|session| !session.is_closed()) {
            Some(open) => open,
            None => self.connect.session()?,
        };
        Ok(self.session.insert(session))
    }

    /// Has a group kept, with all that queues behind it meanwhile.
    fn keep(
        &mut self,
        group: &mut Vec<Queued>,
        fates: &mut Vec<Fate>,
        queue: &Receiver<Queued>,
    ) -> Result<()> {
        let (mut conflicts, mut losses, mut own) = (0, 0, 0);
        loop {
            let is_careful = conflicts + losses + own > 0;
            let Broken { failure, cause, is_unsure } = match self.try_once(group, fates, queue, is_careful) {
                Ok(()) => {
                    self.connect.watch.went_well();
                    return Ok(());
                }
                Err(broken) => broken,
            };
            tracing::debug!(lane = ?self.lane, jobs = group.len(), ?failure, is_unsure, %cause, "a transaction is not kept");
            self.give_up(failure);
            if is_unsure && self.came_through()? {
                return Ok(());
            }
            let (tries, most) = match failure {
                Failure::Conflict => (&mut conflicts, CONFLICTS),
                Failure::Lost => (&mut losses, LOSSES),
                Failure::Own => (&mut own, 2),
            };
            *tries += 1;
            if *tries >= most {
                return Err(cause);
            }
            match failure {
                // Whoever was in the way may be at work still.
                Failure::Conflict => thread::sleep(some_of(Duration::from_millis(2) * *tries)),
                Failure::Lost => thread::sleep(pause(*tries)),
                Failure::Own => {}
            }
        }
    }

    fn try_once(
        &mut self,
        group: &mut Vec<Queued>,
        fates: &mut Vec<Fate>,
        queue: &Receiver<Queued>,
        is_careful: bool,
    ) -> std::result::Result<(), Broken> {
        self.commits += 1;
        let (lane, commit, id) = (self.lane, self.commits, self.id.clone());
        let session =
            self.session().map_err(|cause| Broken { failure: Failure::Lost, cause, is_unsure: false })?;
        Try { session, lane, mark: (&id, commit), is_careful }.keep(group, fates, queue)
    }

    fn give_up(&mut self, failure: Failure) {
        let Some(session) = self.session.take() else { return };
        if failure == Failure::Lost {
            return;
        }
        session.command("ROLLBACK");
        let _ = session.settle();
        self.session = (!session.is_closed()).then_some(session);
    }

    /// Whether the last commit that was sent came through, although the connection was lost over it.
    fn came_through(&mut self) -> Result<bool> {
        let mut tries = 0;
        loop {
            tries += 1;
            match self.asked() {
                Ok(commits) => return Ok(commits == self.commits),
                Err(cause) if tries >= QUESTIONS => {
                    let text =
                        "the connection was lost over a commit, and whether it came through cannot be asked";
                    return Err(StoreError::because(text, cause));
                }
                Err(_) => {
                    self.session = None;
                    thread::sleep(pause(tries).min(Duration::from_secs(1)));
                }
            }
        }
    }

    fn asked(&mut self) -> Result<i64> {
        let (lane, id) = (self.lane, self.id.clone());
        let session = self.session()?;
        session.begin("BEGIN ISOLATION LEVEL READ COMMITTED");
        // The server may not have noticed yet that the connection is gone: its transaction holds the lane until then.
        lock(session, lane)?;
        let rows = session.rows("SELECT commits FROM writers WHERE id = $1", &[id.into()])?;
        session.command("ROLLBACK");
        session.settle()?;
        rows.first().map_or(Ok(0), |row| crate::moment::column(row, 0))
    }

    /// Takes its name out of the database; who is killed leaves it there, for a day.
    fn leave(&mut self) {
        let Some(session) = self.session.take().filter(|_| self.commits > 0) else { return };
        session.forgive();
        let gone = values![self.id.as_slice()];
        let _ = session.change("DELETE FROM writers WHERE id = $1 OR at < now() - interval '1 day'", gone);
    }
}

/// How long to wait before the connection is tried again.
fn pause(tries: u32) -> Duration {
    Duration::from_millis(25) * 2_u32.pow(tries.min(10))
}

/// Some part of a time, so that two who were in each other's way do not meet again.
fn some_of(time: Duration) -> Duration {
    let dice = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    time * (dice / 100 % 100) / 100
}
