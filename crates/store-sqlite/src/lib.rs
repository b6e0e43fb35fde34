//! One file on disk, or none: SQLite in WAL mode, one writer with group commit, as many readers as ask.
//!
//! A write job runs inside a savepoint on the writer's thread. Jobs that wait while a commit is being synced run
//! in the next one together, so that many writers share one sync of the disk. A commit is synced before any of
//! its jobs is told (`synchronous=FULL`), so a killed process loses nothing that was acknowledged.

mod landmarks;
mod moment;
mod schema;
mod versions;
mod writer;

use std::path::Path;
use std::sync::Arc;

use parking_lot::Mutex;
use rusqlite::{Connection, OpenFlags};
use zuno_model::TenantId;
use zuno_store::{Aspect, Done, Job, Read, Result, Store, StoreError};

use crate::landmarks::Landmarks;
use crate::moment::Moment;
use crate::versions::Versions;
use crate::writer::Writer;

/// A store in one SQLite file, or in memory.
pub struct SqliteStore {
    readers: Readers,
    versions: Arc<Versions>,
    writer: Writer,
}

enum Readers {
    /// Connections that wait for work, and how to open another.
    File { idle: Mutex<Vec<Reader>>, path: Box<Path> },
    /// The writer's own connection: in memory there is no second one.
    Shared(Arc<Mutex<Connection>>, Mutex<Landmarks>),
}

/// A connection of its own for one reader at a time.
struct Reader {
    connection: Connection,
    landmarks: Mutex<Landmarks>,
}

impl SqliteStore {
    /// Opens the file, making it or bringing its schema up to date as needed.
    ///
    /// # Errors
    /// The file cannot be opened, is no Zuno database, or was written by a newer Zuno.
    pub fn open(path: &Path) -> Result<SqliteStore> {
        let opened = |what: &str| {
            let text = format!("cannot {what} the database {}", path.display());
            move |cause: rusqlite::Error| StoreError::because(text, cause)
        };
        let mut connection = Connection::open(path).map_err(opened("open"))?;
        schema::prepare_file(&connection).map_err(opened("set up"))?;
        schema::migrate(&mut connection)?;
        Ok(SqliteStore::over(connection, |_| Readers::File {
            idle: Mutex::new(Vec::new()),
            path: path.into(),
        }))
    }

    /// Opens a store that keeps nothing.
    ///
    /// # Errors
    /// SQLite refuses, which means that it is broken.
    pub fn in_memory() -> Result<SqliteStore> {
        let opened = |cause: rusqlite::Error| StoreError::because("cannot open a database in memory", cause);
        let mut connection = Connection::open_in_memory().map_err(opened)?;
        schema::prepare(&connection).map_err(opened)?;
        schema::migrate(&mut connection)?;
        Ok(SqliteStore::over(connection, |writer| Readers::Shared(writer, Mutex::default())))
    }

    fn over(writer: Connection, readers: impl FnOnce(Arc<Mutex<Connection>>) -> Readers) -> SqliteStore {
        let connection = Arc::new(Mutex::new(writer));
        let versions = Arc::new(Versions::default());
        let readers = readers(Arc::clone(&connection));
        SqliteStore { readers, versions: Arc::clone(&versions), writer: Writer::start(connection, versions) }
    }

    fn look(&self, job: &mut dyn FnMut(&Moment<'_>)) -> Result<()> {
        match &self.readers {
            Readers::Shared(connection, landmarks) => {
                job(&Moment::reading(&connection.lock(), landmarks));
                Ok(())
            }
            Readers::File { idle, path } => {
                let waiting = idle.lock().pop();
                let reader = match waiting {
                    Some(reader) => reader,
                    None => Reader { connection: open_reader(path)?, landmarks: Mutex::default() },
                };
                let connection = &reader.connection;
                let begun = connection.prepare_cached("BEGIN").and_then(|mut begin| begin.execute([]));
                begun.map_err(|cause| StoreError::because("cannot begin to read", cause))?;
                job(&Moment::reading(connection, &reader.landmarks));
                let ended = connection.prepare_cached("COMMIT").and_then(|mut end| end.execute([]));
                ended.map_err(|cause| StoreError::because("cannot end a read", cause))?;
                idle.lock().push(reader);
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
}

fn open_reader(path: &Path) -> Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let opened = Connection::open_with_flags(path, flags).and_then(|connection| {
        schema::prepare(&connection)?;
        Ok(connection)
    });
    opened.map_err(|cause| StoreError::because(format!("cannot read the database {}", path.display()), cause))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use zuno_store::Store as _;

    use super::SqliteStore;

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
