//! The tables, their versions, and how a connection is set up.

use std::time::Duration;

use rusqlite::Connection;
use rusqlite::config::DbConfig;
use zuno_store::{Result, StoreError};

use crate::watch::Watch;

/// Each entry takes the schema one version further. Entries are only ever added.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE tenants (id INTEGER PRIMARY KEY, body BLOB NOT NULL) STRICT;
    CREATE TABLE records (
        tenant INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        scope TEXT NOT NULL, sort TEXT NOT NULL, body BLOB NOT NULL
    ) STRICT;
    CREATE UNIQUE INDEX records_by_id ON records (tenant, kind, id);
    CREATE INDEX records_in_order ON records (tenant, kind, scope, sort, id);
    CREATE TABLE counts (
        tenant INTEGER NOT NULL, kind TEXT NOT NULL, scope TEXT NOT NULL, number INTEGER NOT NULL,
        PRIMARY KEY (tenant, kind, scope)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE uniques (
        tenant INTEGER NOT NULL, kind TEXT NOT NULL, field TEXT NOT NULL, value TEXT NOT NULL, id TEXT NOT NULL,
        PRIMARY KEY (tenant, kind, field, value)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX uniques_by_id ON uniques (tenant, kind, id);
    CREATE TABLE pointers (
        tenant INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, field TEXT NOT NULL,
        to_kind TEXT NOT NULL, to_id TEXT NOT NULL,
        PRIMARY KEY (tenant, kind, id, field, to_kind, to_id)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX pointers_inward ON pointers (tenant, to_kind, to_id, kind, field, id);
    CREATE TABLE counters (
        tenant INTEGER NOT NULL, name TEXT NOT NULL, next INTEGER NOT NULL,
        PRIMARY KEY (tenant, name)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE staged (
        tenant INTEGER NOT NULL, product TEXT NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL, active BLOB,
        PRIMARY KEY (tenant, product, kind, id)
    ) STRICT, WITHOUT ROWID;
    CREATE TABLE notes (
        tenant INTEGER NOT NULL, key TEXT NOT NULL, note BLOB NOT NULL,
        PRIMARY KEY (tenant, key)
    ) STRICT, WITHOUT ROWID;
", "
    CREATE TABLE versions (
        tenant INTEGER NOT NULL, aspect TEXT NOT NULL, number INTEGER NOT NULL,
        PRIMARY KEY (tenant, aspect)
    ) STRICT, WITHOUT ROWID;
", "
    CREATE TABLE log (
        place INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, at INTEGER NOT NULL, entry BLOB NOT NULL
    ) STRICT;
    CREATE INDEX log_in_time ON log (tenant, at);
", "
    CREATE TABLE renewed (
        number INTEGER PRIMARY KEY, tenant INTEGER NOT NULL, kind TEXT NOT NULL, id TEXT NOT NULL,
        scope TEXT NOT NULL, sort TEXT NOT NULL, texts INTEGER, body BLOB NOT NULL
    ) STRICT;
    INSERT INTO renewed (number, tenant, kind, id, scope, sort, body)
        SELECT rowid, tenant, kind, id, scope, sort, body FROM records;
    DROP TABLE records;
    ALTER TABLE renewed RENAME TO records;
    CREATE UNIQUE INDEX records_by_id ON records (tenant, kind, id);
    CREATE INDEX records_in_order ON records (tenant, kind, scope, sort, id);
    CREATE VIRTUAL TABLE grams USING fts5 (
        tokens, content = '', contentless_delete = 1, detail = none, tokenize = ascii
    );
"];

/// The tables that hold something of a tenant.
pub const OF_A_TENANT: &[&str] =
    &["records", "counts", "uniques", "pointers", "counters", "staged", "notes", "log"];

/// Those of them that hold what is beside its records and its log.
pub const BESIDE_RECORDS: &[&str] = &["counters", "staged", "notes"];

/// Every connection: bounded waits, room for all statements.
pub fn prepare(connection: &Connection) -> rusqlite::Result<()> {
    connection.busy_timeout(Duration::from_secs(10))?;
    connection.set_prepared_statement_cache_capacity(64);
    // Without this a plan counts for the values it was made for: each bound LIMIT has the statement prepared again.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.pragma_update(None, "temp_store", "MEMORY")
}

/// The writer of a file: write-ahead log. A new file holds nothing that a power cut could take, so that its tables are made
/// without a sync; [`sync_commits`] must follow before anything is written that counts.
pub fn prepare_file(connection: &Connection, is_new: bool) -> rusqlite::Result<()> {
    prepare(connection)?;
    if is_new {
        connection.pragma_update(None, "synchronous", "OFF")?;
    }
    connection.pragma_update(None, "journal_mode", "WAL")
}

/// Each commit is synced from now on.
pub fn sync_commits(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "synchronous", "FULL")
}

/// Brings the schema to the newest version, each step in a transaction of its own.
pub fn migrate(connection: &mut Connection, watch: &Watch) -> Result<()> {
    let failed = |cause: rusqlite::Error| watch.told("cannot bring the database's schema up to date", cause);
    let version: usize = connection
        .pragma_query_value(None, "user_version", |row| row.get::<_, i64>(0))
        .map_err(failed)?
        .try_into()
        .unwrap_or(usize::MAX);
    if version > MIGRATIONS.len() {
        return Err(StoreError::new(format!(
            "the database has schema version {version}, this Zuno knows {}: it was written by a newer Zuno; \
             use that one, or another data folder",
            MIGRATIONS.len()
        )));
    }
    for (number, step) in MIGRATIONS.iter().enumerate().skip(version) {
        let change = connection.transaction().map_err(failed)?;
        change.execute_batch(step).map_err(failed)?;
        change.pragma_update(None, "user_version", (number + 1) as i64).map_err(failed)?;
        change.commit().map_err(failed)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use rusqlite::Connection;

    use super::{MIGRATIONS, migrate};
    use crate::watch::Watch;

    #[test]
    fn records_of_an_older_file_stay_what_they_are() {
        let mut connection = Connection::open_in_memory().expect("memory opens");
        connection.execute_batch(&MIGRATIONS[..3].concat()).expect("the older tables");
        connection.pragma_update(None, "user_version", 3).expect("the version is set");
        let insert =
            "INSERT INTO records VALUES (1, 'k', 'b', '0', 's', 'two'), (1, 'k', 'a', '0', 's', 'one')";
        connection.execute_batch(&insert.replace("'two'", "x'02'").replace("'one'", "x'01'")).expect("two");
        migrate(&mut connection, &Watch::new(None)).expect("it is brought up to date");
        let mut ask =
            connection.prepare("SELECT id, body, texts IS NULL FROM records ORDER BY id").expect("SQL");
        let rows = ask.query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).expect("rows");
        let rows: Vec<(String, Vec<u8>, bool)> = rows.map(|row| row.expect("a row")).collect();
        assert_eq!(rows, [("a".to_owned(), vec![1], true), ("b".to_owned(), vec![2], true)]);
    }
}
