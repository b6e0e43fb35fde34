//! One moment of the database, as a job sees it: a connection inside a transaction. What it may be asked is in `read.rs`, what
//! may be changed at it in `change.rs`.

use std::cell::Cell;

use tokio_postgres::Row as SqlRow;
use zuno_model::{Id, TenantId};
use zuno_store::{Result, Row, StoreError};

use crate::lane::Lane;
use crate::session::Session;
use crate::sums::Sums;
use crate::value::Value;

/// A connection inside a transaction.
pub struct Moment<'a> {
    pub(crate) session: &'a Session,
    writing: Option<Writing<'a>>,
    pub(crate) own: Sums,
}

/// What a write job's moment knows besides.
struct Writing<'a> {
    lane: Lane,
    /// What the jobs before it in the same transaction have added up.
    group: &'a Sums,
    strayed: Cell<bool>,
}

impl<'a> Moment<'a> {
    /// What a reader's transaction sees.
    pub fn reading(session: &'a Session) -> Moment<'a> {
        Moment { session, writing: None, own: Sums::default() }
    }

    /// What a writer's transaction sees and changes, while it holds a lane.
    pub fn writing(session: &'a Session, lane: Lane, group: &'a Sums) -> Moment<'a> {
        let writing = Writing { lane, group, strayed: Cell::new(false) };
        Moment { session, writing: Some(writing), own: Sums::default() }
    }

    /// Whether something may be changed at it.
    pub(crate) fn is_writing(&self) -> bool {
        self.writing.is_some()
    }

    /// Whether it was asked for what is not of its lane.
    pub fn has_strayed(&self) -> bool {
        self.writing.as_ref().is_some_and(|writing| writing.strayed.get())
    }

    /// Whatever is asked from now on fails.
    pub fn stray(&self) {
        if let Some(writing) = &self.writing {
            writing.strayed.set(true);
        }
    }

    /// What the job has added up.
    pub fn into_sums(self) -> Sums {
        self.own
    }

    pub(crate) fn before(&self) -> Option<&'a Sums> {
        self.writing.as_ref().map(|writing| writing.group)
    }

    /// Only what is of the lane may be touched: all else may be changing at this moment.
    pub(crate) fn within(&self, tenant: TenantId) -> Result<()> {
        match &self.writing {
            Some(writing) if writing.strayed.get() || !writing.lane.has(tenant) => {
                writing.strayed.set(true);
                Err(StoreError::new("the job is about more than one tenant, and is run again by itself"))
            }
            _ => Ok(()),
        }
    }

    pub(crate) fn many<T>(
        &self,
        tenant: TenantId,
        sql: &'static str,
        values: Vec<Value>,
        take: impl FnMut(SqlRow) -> Result<T>,
    ) -> Result<Vec<T>> {
        self.within(tenant)?;
        self.session.rows(sql, &values)?.into_iter().map(take).collect()
    }

    pub(crate) fn one<T>(
        &self,
        tenant: TenantId,
        sql: &'static str,
        values: Vec<Value>,
        take: impl FnOnce(SqlRow) -> Result<T>,
    ) -> Result<Option<T>> {
        self.within(tenant)?;
        self.session.rows(sql, &values)?.into_iter().next().map(take).transpose()
    }

    /// What was added up of a tenant's counts and is not written yet.
    pub(crate) fn unwritten(&self, tenant: TenantId) -> impl Iterator<Item = (&[u8], &[u8], i64)> {
        let group = self.before().into_iter().flat_map(move |sums| sums.counts(tenant));
        group.chain(self.own.counts(tenant))
    }
}

pub(crate) fn damaged(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> StoreError {
    StoreError::because("what the database holds cannot be read", cause)
}

/// One column of a row.
pub(crate) fn column<'r, T: tokio_postgres::types::FromSql<'r>>(row: &'r SqlRow, nth: usize) -> Result<T> {
    row.try_get(nth).map_err(damaged)
}

/// One column of a row that holds a text.
pub(crate) fn text(row: &SqlRow, nth: usize) -> Result<String> {
    String::from_utf8(column(row, nth)?).map_err(damaged)
}

/// A record, of which these are the columns.
pub(crate) fn row(found: SqlRow) -> Result<Row> {
    let mut sort: Vec<u8> = column(&found, 2)?;
    sort.extend_from_slice(column::<Option<&[u8]>>(&found, 3)?.unwrap_or_default());
    Ok(Row {
        id: Id(text(&found, 0)?),
        scope: text(&found, 1)?,
        sort: String::from_utf8(sort).map_err(damaged)?,
        body: column(&found, 4)?,
    })
}
