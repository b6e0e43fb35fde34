//! One file on disk, or none: SQLite in WAL mode, one writer with group commit, as many readers as ask.
//!
//! A write job runs inside a savepoint on the writer's thread. Jobs that wait while a commit is being synced run
//! in the next one together, so that many writers share one sync of the disk. A commit is synced before any of
//! its jobs is told (`synchronous=FULL`), so a killed process loses nothing that was acknowledged.

mod change;
mod grams;
mod landmarks;
mod log;
mod moment;
mod schema;
mod versions;
mod watch;
mod writer;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};
use zuno_model::TenantId;
use zuno_store::{Aspect, Done, Job, Read, Result, Store, StoreError};

use crate::landmarks::Landmarks;
use crate::moment::Moment;
use crate::versions::Versions;
use crate::watch::Watch;
use crate::writer::Writer;

/// How many readers wait for work: each keeps up to 2 MiB of pages, and a burst may have opened hundreds.
const IDLE: usize = 8;

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    readers: Readers,
    /// The writer's connection, which its thread holds while it works.
    writing: Arc<Mutex<Connection>>,
    versions: Arc<Versions>,
    writer: Writer,
    watch: Arc<Watch>,
}

enum Readers {
    /// Connections that wait for work, and how to open another.
    File { idle: Mutex<Vec<Reader>>, path: Box<Path> },
    /// The writer's own connection: in memory there is no second one.
    Shared(Mutex<Landmarks>),
}

/// A connection of its own for one reader at a time.
struct Reader {
    connection: Connection,
    landmarks: Mutex<Landmarks>,
}

impl SqliteStore {
    /// Opens the file, making it or bringing its schema up to date as needed. Its user alone may read it.
    ///
    /// # Errors
    /// The file cannot be opened, is no Zuno database, or was written by a newer Zuno.
    pub fn open(path: &Path) -> Result<SqliteStore> {
        let watch = Watch::new(Some(path));
        let file = keep_private(path)?;
        let is_new = file.metadata().is_ok_and(|found| found.len() == 0);
        let mut connection =
            Connection::open(path).map_err(|cause| watch.told("cannot open the database", cause))?;
        let set_up = |cause| watch.told("cannot set the database up", cause);
        schema::prepare_file(&connection, is_new).map_err(set_up)?;
        schema::migrate(&mut connection, &watch)?;
        // Also of a start that was cut short here. SQLite syncs the log and the folder with the first commit.
        file.sync_all()
            .map_err(|cause| StoreError::because(format!("cannot sync {}", path.display()), cause))?;
        schema::sync_commits(&connection).map_err(set_up)?;
        let readers = Readers::File { idle: Mutex::new(Vec::new()), path: path.into() };
        Ok(SqliteStore::over(connection, readers, watch))
    }

    /// Opens a store that keeps nothing.
    ///
    /// # Errors
    /// SQLite refuses, which means that it is broken.
    pub fn in_memory() -> Result<SqliteStore> {
        let watch = Watch::new(None);
        let opened = |cause: rusqlite::Error| StoreError::because("cannot open a database in memory", cause);
        let mut connection = Connection::open_in_memory().map_err(opened)?;
        schema::prepare(&connection).map_err(opened)?;
        schema::migrate(&mut connection, &watch)?;
        Ok(SqliteStore::over(connection, Readers::Shared(Mutex::default()), watch))
    }

    fn over(writer: Connection, readers: Readers, watch: Watch) -> SqliteStore {
        let (writing, watch) = (Arc::new(Mutex::new(writer)), Arc::new(watch));
        let versions = Arc::new(Versions::default());
        let writer = Writer::start(Arc::clone(&writing), Arc::clone(&versions), Arc::clone(&watch));
        SqliteStore { readers, writing, versions, writer, watch }
    }

    /// Reads the whole file once and tells whether any page of it is damaged; takes as long as reading it does.
    ///
    /// # Errors
    /// One is, or the file cannot be read.
    pub fn check(&self) -> Result<()> {
        let Readers::File { path, .. } = &self.readers else { return Ok(()) };
        let reader = self.open_reader(path)?;
        let found: rusqlite::Result<String> = reader.query_row("PRAGMA quick_check(1)", [], |row| row.get(0));
        match found.map_err(|cause| self.watch.told("a check of all pages failed", cause))?.as_str() {
            "ok" => Ok(()),
            found => Err(self.watch.damaged("a check of all pages failed", found)),
        }
    }

    fn open_reader(&self, path: &Path) -> Result<Connection> {
        let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
        let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
            schema::prepare(&connection)?;
            Ok(connection)
        });
        opened.map_err(|cause| self.watch.told("a reader cannot be opened", cause))
    }
    fn look(&self, job: &mut dyn FnMut(&Moment<'_>)) -> Result<()> {
        match &self.readers {
            Readers::Shared(landmarks) => {
                job(&Moment::reading(&self.writing.lock(), landmarks, &self.watch));
                Ok(())
            }
            Readers::File { idle, path } => {
                let waiting = idle.lock().pop();
                let reader = match waiting {
                    Some(reader) => reader,
                    None => Reader { connection: self.open_reader(path)?, landmarks: Mutex::default() },
                };
                let connection = &reader.connection;
                let begun = connection.prepare_cached("BEGIN").and_then(|mut begin| begin.execute([]));
                begun.map_err(|cause| self.watch.told("a read cannot begin", cause))?;
                job(&Moment::reading(connection, &reader.landmarks, &self.watch));
                let ended = connection.prepare_cached("COMMIT").and_then(|mut end| end.execute([]));
                ended.map_err(|cause| self.watch.told("a read failed", cause))?;
                let mut idle = idle.lock();
                if idle.len() < IDLE {
                    idle.push(reader);
                }
                Ok(())
            }
        }
    }
}

impl Store for SqliteStore {
    fn view(&self, job: &mut dyn FnMut(&dyn Read)) -> Result<()> {
        self.look(&mut |moment| job(moment))
    }

    fn version(&self, tenant: TenantId, aspect: Aspect) -> Result<u64> {
        self.versions.at(tenant, aspect, || {
            let mut found = Ok(0);
            self.look(&mut |moment| found = moment.version(tenant, aspect))?;
            found
        })
    }

    fn submit(&self, job: Job, done: Done) {
        self.writer.submit(job, done);
    }

    fn scrub(&self) -> Result<()> {
        if let Readers::Shared(_) = self.readers {
            return Ok(());
        }
        let scrubbed = self.writing.lock().execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)");
        scrubbed.map_err(|cause| self.watch.told("what was removed cannot be wiped", cause))
    }

    fn trouble(&self) -> Option<String> {
        self.watch.trouble()
    }
}

/// Makes the file if there is none, and takes it and what lies beside it from other readers.
fn keep_private(path: &Path) -> Result<File> {
    let failed = |path: &Path, cause: std::io::Error| {
        StoreError::because(format!("cannot read and write {}", path.display()), cause)
    };
    let mut options = std::fs::OpenOptions::new();
    options.read(true).write(true).create(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
        options.mode(0o600);
        for suffix in ["-wal", "-shm", ""] {
            let mut beside: PathBuf = path.into();
            beside.as_mut_os_string().push(suffix);
            let Ok(found) = beside.metadata() else { continue };
            if found.permissions().mode() & 0o077 != 0 {
                let private = std::fs::Permissions::from_mode(0o600);
                std::fs::set_permissions(&beside, private).map_err(|cause| failed(&beside, cause))?;
            }
        }
    }
    options.open(path).map_err(|cause| failed(path, cause))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use zuno_store::{Read, Store as _};

    use super::{IDLE, Readers, SqliteStore};

    #[test]
    fn the_store_in_memory_is_a_store() {
        zuno_store::suite::run(&mut || Box::new(SqliteStore::in_memory().expect("memory opens")));
    }

    #[test]
    fn the_store_in_a_file_is_a_store() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let mut count = 0;
        zuno_store::suite::run(&mut || {
            count += 1;
            Box::new(SqliteStore::open(&folder.path().join(format!("{count}.db"))).expect("the file opens"))
        });
    }

    #[test]
    fn a_burst_of_readers_leaves_few_of_them_waiting() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let store = SqliteStore::open(&folder.path().join("zuno.db")).expect("the file opens");
        let together = std::sync::Barrier::new(4 * IDLE);
        std::thread::scope(|scope| {
            for _ in 0..4 * IDLE {
                scope.spawn(|| {
                    let meet = &mut |_: &dyn Read| {
                        together.wait();
                    };
                    store.view(meet).expect("a read");
                });
            }
        });
        let Readers::File { idle, .. } = &store.readers else { panic!("it is in a file") };
        assert_eq!(idle.lock().len(), IDLE);
    }

    #[test]
    fn a_new_file_syncs_its_commits_as_an_old_one_does() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        for _ in ["new", "old"] {
            let store = SqliteStore::open(&folder.path().join("zuno.db")).expect("the file opens");
            let asked =
                |name| store.writing.lock().pragma_query_value(None, name, |row| row.get::<_, i64>(0));
            assert_eq!(asked("synchronous").expect("it is told"), 2, "FULL");
        }
    }

    #[test]
    fn the_last_owner_may_leave_on_the_writers_own_thread() {
        let store = Arc::new(SqliteStore::in_memory().expect("memory opens"));
        let (go_on, held) = std::sync::mpsc::channel::<()>();
        let (tell, told) = std::sync::mpsc::channel();
        let last = Arc::clone(&store);
        let wait = move |_: &mut dyn zuno_store::Write| {
            let _ = held.recv();
            zuno_store::Verdict::Keep
        };
        let done = move |kept: zuno_store::Result<()>| {
            drop(last);
            tell.send(kept.is_ok()).expect("the test waits");
        };
        store.submit(Box::new(wait), Box::new(done));
        drop(store);
        drop(go_on);
        assert_eq!(told.recv(), Ok(true), "it left without a word");
    }

    #[test]
    fn a_file_of_a_newer_zuno_is_refused_and_left_alone() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let path = folder.path().join("zuno.db");
        drop(SqliteStore::open(&path).expect("a new file opens"));
        let raw = rusqlite::Connection::open(&path).expect("it is SQLite");
        raw.pragma_update(None, "user_version", 9_999).expect("the version can be set");
        drop(raw);
        let refused = SqliteStore::open(&path).err().expect("a newer file is refused");
        assert!(refused.to_string().contains("newer"), "{refused}");
    }
}
