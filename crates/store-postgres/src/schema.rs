//! The tables and their versions.
//!
//! Texts are bytes: see [`crate::value`]. There is one row for each lane, by whose lock writers keep out of each other's
//! way, and one for each writer, which tells how far its last commit has come.

use tokio_postgres::Client;

use crate::lane::LANES;

/// Each entry takes the schema one version further. Entries are only ever added.
const MIGRATIONS: &[&str] = &["
    CREATE TABLE tenants (id bigint PRIMARY KEY, body bytea NOT NULL);
    CREATE TABLE records (
        tenant bigint NOT NULL, kind bytea NOT NULL, id bytea NOT NULL,
        scope bytea NOT NULL, sort bytea NOT NULL, sort_rest bytea, body bytea NOT NULL,
        PRIMARY KEY (tenant, kind, id)
    );
    CREATE INDEX records_in_order ON records (tenant, kind, scope, sort, id);
    CREATE TABLE counts (
        tenant bigint NOT NULL, kind bytea NOT NULL, scope bytea NOT NULL, number bigint NOT NULL,
        PRIMARY KEY (tenant, kind, scope)
    );
    CREATE TABLE uniques (
        tenant bigint NOT NULL, kind bytea NOT NULL, field bytea NOT NULL, value bytea NOT NULL, id bytea NOT NULL,
        whole bytea, PRIMARY KEY (tenant, kind, field, value)
    );
    CREATE INDEX uniques_by_id ON uniques (tenant, kind, id);
    CREATE TABLE pointers (
        tenant bigint NOT NULL, kind bytea NOT NULL, id bytea NOT NULL, field bytea NOT NULL,
        to_kind bytea NOT NULL, to_id bytea NOT NULL,
        PRIMARY KEY (tenant, kind, id, field, to_kind, to_id)
    );
    CREATE INDEX pointers_inward ON pointers (tenant, to_kind, to_id, kind, field, id);
    CREATE TABLE grams (
        tenant bigint NOT NULL, kind bytea NOT NULL, id bytea NOT NULL, texts bigint NOT NULL, tokens bigint[] NOT NULL,
        PRIMARY KEY (tenant, kind, id)
    );
    CREATE INDEX grams_of_tokens ON grams USING gin (tokens);
    CREATE TABLE counters (
        tenant bigint NOT NULL, name bytea NOT NULL, next bigint NOT NULL,
        PRIMARY KEY (tenant, name)
    );
    CREATE TABLE staged (
        tenant bigint NOT NULL, product bytea NOT NULL, kind bytea NOT NULL, id bytea NOT NULL, active bytea,
        PRIMARY KEY (tenant, product, kind, id)
    );
    CREATE TABLE notes (
        tenant bigint NOT NULL, key bytea NOT NULL, note bytea NOT NULL,
        PRIMARY KEY (tenant, key)
    );
    CREATE TABLE versions (
        tenant bigint NOT NULL, aspect bytea NOT NULL, number bigint NOT NULL,
        PRIMARY KEY (tenant, aspect)
    );
    CREATE TABLE log (
        tenant bigint NOT NULL, number bigint NOT NULL, at bigint NOT NULL, entry bytea NOT NULL,
        PRIMARY KEY (tenant, number)
    );
    CREATE INDEX log_in_time ON log (tenant, at, number);
    CREATE TABLE lanes (lane bigint PRIMARY KEY);
    INSERT INTO lanes SELECT * FROM generate_series(0, 7);
    CREATE TABLE writers (
        id bytea PRIMARY KEY, commits bigint NOT NULL, at timestamptz NOT NULL DEFAULT now()
    );
"];

/// Who migrates holds this advisory lock: `zuno` in ASCII.
const LOCK: i64 = 0x7a75_6e6f;

/// Why a schema cannot be brought up to date.
pub enum Unsuited {
    /// The database refuses.
    Failed(tokio_postgres::Error),
    /// It was written by a newer Zuno, with this schema version.
    Newer(i64),
}

impl From<tokio_postgres::Error> for Unsuited {
    fn from(cause: tokio_postgres::Error) -> Unsuited {
        Unsuited::Failed(cause)
    }
}

/// Brings the schema to the newest version, each step in a transaction of its own; one server at a time does so.
pub async fn migrate(client: &Client) -> Result<(), Unsuited> {
    const { assert!(LANES == 8, "as many as the table has") };
    if version(client).await.is_ok_and(|version| version == MIGRATIONS.len() as i64) {
        return Ok(());
    }
    client.execute("SELECT pg_advisory_lock($1)", &[&LOCK]).await?;
    let outcome = step_by_step(client).await;
    // Where that failed, the connection is given up, and the lock with it.
    outcome?;
    client.execute("SELECT pg_advisory_unlock($1)", &[&LOCK]).await?;
    Ok(())
}

async fn version(client: &Client) -> Result<i64, tokio_postgres::Error> {
    client.query_one("SELECT version FROM schema_version", &[]).await?.try_get(0)
}

async fn step_by_step(client: &Client) -> Result<(), Unsuited> {
    let mut version = match version(client).await {
        Ok(version) => version,
        Err(absent) if absent.code() == Some(&tokio_postgres::error::SqlState::UNDEFINED_TABLE) => 0,
        Err(cause) => return Err(cause.into()),
    };
    let newest = MIGRATIONS.len() as i64;
    if version > newest {
        return Err(Unsuited::Newer(version));
    }
    while version < newest {
        let step = MIGRATIONS[version as usize];
        let marked = if version == 0 {
            "CREATE TABLE schema_version (version bigint NOT NULL); INSERT INTO schema_version VALUES (1);"
                .to_owned()
        } else {
            format!("UPDATE schema_version SET version = {};", version + 1)
        };
        // One message is one transaction.
        client.batch_execute(&format!("BEGIN; {step} {marked} COMMIT;")).await?;
        version += 1;
    }
    Ok(())
}

/// The newest version.
pub const fn newest() -> i64 {
    MIGRATIONS.len() as i64
}
