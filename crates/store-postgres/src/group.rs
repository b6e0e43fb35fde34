//! A group of write jobs in one transaction, each in a savepoint, and what becomes of them.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::Receiver;

use zuno_store::{Done, Job, Result, StoreError, Verdict};

use crate::lane::Lane;
use crate::moment::Moment;
use crate::session::Session;
use crate::sums::Sums;
use crate::trouble::Failure;
use crate::value::values;

/// The most jobs in one commit: bounds how long the first of them waits. PostgreSQL keeps 64 savepoints of a transaction at
/// hand; with more, every reader of the database looks further.
const GROUP: usize = 60;

/// A job that waits for its turn, and who waits for it.
pub struct Queued {
    pub job: Job,
    pub done: Done,
}

/// What has become of a job within its transaction.
pub enum Fate {
    /// It is kept, if the transaction is.
    Kept,
    /// It left no trace, and wanted none.
    Dropped,
    /// It left no trace, for a reason of its own.
    Failed(StoreError),
    /// It is about more than the lane: it must be run by itself.
    Strayed,
}

/// A transaction that is not kept, or not known to be.
pub struct Broken {
    pub failure: Failure,
    pub cause: StoreError,
    /// The commit was sent: whether it came through is not known.
    pub is_unsure: bool,
}

/// One try to keep a group.
pub struct Try<'a> {
    pub session: &'a Session,
    pub lane: Lane,
    /// The writer with the number of this commit: written with it, so that whoever lost the connection can ask.
    pub mark: (&'a [u8], i64),
    /// Each job's outcome is looked at before the next one runs, so that a failure is told of the one that it belongs to. No
    /// further jobs are taken in.
    pub is_careful: bool,
}

impl Try<'_> {
    /// Runs the group and all that queue behind it meanwhile, and commits.
    pub fn keep(
        &self,
        group: &mut Vec<Queued>,
        fates: &mut Vec<Fate>,
        queue: &Receiver<Queued>,
    ) -> std::result::Result<(), Broken> {
        fates.clear();
        let mut sums = Sums::default();
        self.begin().map_err(|cause| self.broken(cause))?;
        loop {
            while let Some(next) = group.get_mut(fates.len()) {
                let fate = self.run(&mut next.job, &mut sums).map_err(|cause| self.broken(cause))?;
                fates.push(fate);
            }
            if self.is_careful || group.len() >= GROUP {
                break;
            }
            match queue.try_recv() {
                Ok(next) => group.push(next),
                Err(_) => break,
            }
        }
        if !fates.iter().any(|fate| matches!(fate, Fate::Kept)) {
            self.session.command("ROLLBACK");
            return self.session.settle().map_err(|cause| self.broken(cause));
        }
        self.finish(&sums).map_err(|cause| self.broken(cause))?;
        self.session.command("COMMIT");
        self.session.settle().map_err(|_| {
            let broken = self.broken(self.session.why());
            Broken { is_unsure: broken.failure == Failure::Lost, ..broken }
        })
    }

    fn broken(&self, cause: StoreError) -> Broken {
        Broken { failure: self.session.failure().unwrap_or(Failure::Own), cause, is_unsure: false }
    }

    /// Each statement must see what the lane's last writer has left, and so is to look anew: what a lock was waited for has
    /// changed what there was before.
    fn begin(&self) -> Result<()> {
        self.session.begin("BEGIN ISOLATION LEVEL READ COMMITTED");
        lock(self.session, self.lane)
    }

    /// What is written once for all jobs of the group.
    fn finish(&self, sums: &Sums) -> Result<()> {
        sums.write(self.session)?;
        let (writer, commit) = self.mark;
        self.session.send(
            "INSERT INTO writers (id, commits) VALUES ($1, $2)
             ON CONFLICT (id) DO UPDATE SET commits = excluded.commits, at = now()",
            values![writer, commit],
        )
    }

    /// Runs a job, once more if it asks for that.
    fn run(&self, job: &mut Job, sums: &mut Sums) -> Result<Fate> {
        let session = self.session;
        for is_last in [false, true] {
            session.command("SAVEPOINT job");
            let mut moment = Moment::writing(session, self.lane, sums);
            let verdict = catch_unwind(AssertUnwindSafe(|| job(&mut moment)));
            if self.is_careful {
                // What failed is asked below.
                let _ = session.settle();
            }
            let has_strayed = moment.has_strayed();
            if let (Ok(Verdict::Again), false) = (&verdict, is_last)
                && (has_strayed || session.failure().is_some())
            {
                // Nothing can be told any more; but it asked, and would take its next run for that.
                moment.stray();
                let _ = catch_unwind(AssertUnwindSafe(|| job(&mut moment)));
            }
            let own = moment.into_sums();
            match session.failure() {
                Some(Failure::Own) if self.is_careful => {
                    session.forgive();
                    self.undo();
                    return Ok(Fate::Failed(session.why()));
                }
                Some(_) => return Err(session.why()),
                None => {}
            }
            if has_strayed {
                self.undo();
                return Ok(Fate::Strayed);
            }
            match verdict {
                Ok(Verdict::Keep) => {
                    session.command("RELEASE SAVEPOINT job");
                    sums.add(own);
                    return Ok(Fate::Kept);
                }
                Ok(Verdict::Again) if !is_last => self.undo(),
                Ok(_) => {
                    self.undo();
                    return Ok(Fate::Dropped);
                }
                Err(_) => {
                    self.undo();
                    let text = "a write job panicked; its changes were dropped";
                    return Ok(Fate::Failed(StoreError::new(text)));
                }
            }
        }
        Ok(Fate::Dropped)
    }

    fn undo(&self) {
        self.session.command("ROLLBACK TO SAVEPOINT job");
        self.session.command("RELEASE SAVEPOINT job");
    }
}

/// Keeps all other writers of a lane out until the transaction ends.
pub fn lock(session: &Session, lane: Lane) -> Result<()> {
    match lane {
        Lane::Of(lane) => {
            session.send("SELECT lane FROM lanes WHERE lane = $1 FOR UPDATE", values![lane as i64])
        }
        // In one order, so that no two wait for each other.
        Lane::All => session.send("SELECT lane FROM lanes ORDER BY lane FOR UPDATE", values![]),
    }
}
