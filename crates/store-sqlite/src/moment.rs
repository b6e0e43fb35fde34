//! One moment of the database, as a job sees it; what a write job may do besides is in `change.rs`.

use parking_lot::Mutex;
use rusqlite::{Connection, OptionalExtension, Params, Row as SqlRow, params};
use zuno_model::{Id, Tenant, TenantId, Time};
use zuno_store::{Aspect, Kept, Logged, Pointer, Read, Reference, Result, Row, Staged, StoreError, Stretch};

use crate::grams::{self, Found};
use crate::landmarks::{Landmarks, Start};
use crate::log;
use crate::watch::Watch;

/// A connection inside a transaction.
pub struct Moment<'a> {
    connection: &'a Connection,
    landmarks: Option<&'a Mutex<Landmarks>>,
    pub(crate) touched: Vec<Touched>,
    pub(crate) grams: Vec<Found>,
    watch: &'a Watch,
}

/// A version that a job has moved on, and how far.
pub type Touched = (TenantId, Aspect, u64);

impl<'a> Moment<'a> {
    /// The moment that this connection's transaction sees and changes.
    pub fn new(connection: &'a Connection, watch: &'a Watch) -> Moment<'a> {
        Moment { connection, landmarks: None, touched: Vec::new(), grams: Vec::new(), watch }
    }

    /// The same to read only, with what the connection remembers of long lists. Not for a transaction that
    /// writes: what it undoes would stay in the memory.
    pub fn reading(
        connection: &'a Connection,
        landmarks: &'a Mutex<Landmarks>,
        watch: &'a Watch,
    ) -> Moment<'a> {
        Moment { landmarks: Some(landmarks), ..Moment::new(connection, watch) }
    }

    /// The versions that were moved on here, and the texts by which records are found from now on.
    pub fn into_parts(self) -> (Vec<Touched>, Vec<Found>) {
        (self.touched, self.grams)
    }

    /// How far a version has moved.
    pub fn version(&self, tenant: TenantId, aspect: Aspect) -> Result<u64> {
        let number: Option<i64> = self.one(
            "SELECT number FROM versions WHERE tenant = ?1 AND aspect = ?2",
            params![tenant.0, aspect.as_str()],
            |found| found.get(0),
        )?;
        Ok(number.unwrap_or(0).try_into().unwrap_or(0))
    }

    fn start(
        &self,
        tenant: TenantId,
        kind: &str,
        scope: Option<&str>,
        stretch: Stretch,
    ) -> Result<Option<Start>> {
        let (Some(landmarks), Some(scope)) = (self.landmarks, scope) else { return Ok(None) };
        let found = landmarks.lock().start(self.connection, tenant, kind, scope, stretch);
        found.map_err(|cause| self.watch.told("a listing failed", cause))
    }

    pub(crate) fn one<T>(
        &self,
        sql: &str,
        values: impl Params,
        take: impl FnOnce(&SqlRow) -> rusqlite::Result<T>,
    ) -> Result<Option<T>> {
        let found =
            self.connection.prepare_cached(sql).and_then(|mut ask| ask.query_row(values, take).optional());
        found.map_err(|cause| self.watch.told("a look-up failed", cause))
    }

    pub(crate) fn many<T>(
        &self,
        sql: &str,
        values: impl Params,
        take: impl FnMut(&SqlRow) -> rusqlite::Result<T>,
    ) -> Result<Vec<T>> {
        let found = self
            .connection
            .prepare_cached(sql)
            .and_then(|mut ask| ask.query_map(values, take)?.collect::<rusqlite::Result<Vec<T>>>());
        found.map_err(|cause| self.watch.told("a listing failed", cause))
    }

    /// Adds to a log.
    pub(crate) fn append(&self, tenant: TenantId, at: Time, entry: &[u8], kept: Kept) -> Result<()> {
        log::append(self.connection, tenant, at, entry, kept)
            .map_err(|cause| self.watch.told("a log cannot be written", cause))
    }

    /// Puts an entry into a log under its number.
    pub(crate) fn enter(&self, tenant: TenantId, logged: &Logged) -> Result<()> {
        log::enter(self.connection, tenant, logged)
            .map_err(|cause| self.watch.told("a log cannot be written", cause))
    }

    pub(crate) fn change(&self, sql: &str, values: impl Params) -> Result<usize> {
        let changed = self.connection.prepare_cached(sql).and_then(|mut ask| ask.execute(values));
        changed.map_err(|cause| self.watch.told("a change failed", cause))
    }
}

fn row(found: &SqlRow) -> rusqlite::Result<Row> {
    Ok(Row { id: Id(found.get(0)?), scope: found.get(1)?, sort: found.get(2)?, body: found.get(3)? })
}

/// SQLite counts in signed 64 bits; more than that is everything.
fn bound(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(-1)
}

impl Read for Moment<'_> {
    fn get(&self, tenant: TenantId, kind: &str, id: &Id) -> Result<Option<Row>> {
        self.one(
            "SELECT id, scope, sort, body FROM records WHERE tenant = ?1 AND kind = ?2 AND id = ?3",
            params![tenant.0, kind, id.as_str()],
            row,
        )
    }

    fn list(&self, tenant: TenantId, kind: &str, scope: Option<&str>, stretch: Stretch) -> Result<Vec<Row>> {
        // The inner query walks the index alone, so that passing over many records never reads their bodies.
        let (order, back, from) = match stretch.backwards {
            true => ("sort DESC, id DESC", "DESC", "(sort, id) < (?6, ?7)"),
            false => ("sort, id", "ASC", "(sort, id) >= (?6, ?7)"),
        };
        let start = self.start(tenant, kind, scope, stretch)?;
        let (take, skip) =
            (bound(stretch.take), bound(start.as_ref().map_or(stretch.skip, |start| start.skip)));
        let sql = |narrowed: &str| {
            format!(
                "SELECT id, scope, sort, body FROM records WHERE number IN
                   (SELECT number FROM records WHERE tenant = ?1 AND kind = ?2 {narrowed} ORDER BY {order} LIMIT ?3 OFFSET ?4)
                 ORDER BY sort {back}, id {back}"
            )
        };
        match (scope, start) {
            (Some(scope), Some(Start { sort, id, .. })) => self.many(
                &sql(&format!("AND scope = ?5 AND {from}")),
                params![tenant.0, kind, take, skip, scope, sort, id],
                row,
            ),
            (Some(scope), None) => {
                self.many(&sql("AND scope = ?5"), params![tenant.0, kind, take, skip, scope], row)
            }
            (None, _) => self.many(&sql(""), params![tenant.0, kind, take, skip], row),
        }
    }

    fn count(&self, tenant: TenantId, kind: &str, scope: Option<&str>) -> Result<u64> {
        let number: Option<i64> = match scope {
            Some(scope) => self.one(
                "SELECT number FROM counts WHERE tenant = ?1 AND kind = ?2 AND scope = ?3",
                params![tenant.0, kind, scope],
                |found| found.get(0),
            )?,
            None => self.one(
                "SELECT coalesce(sum(number), 0) FROM counts WHERE tenant = ?1 AND kind = ?2",
                params![tenant.0, kind],
                |found| found.get(0),
            )?,
        };
        Ok(number.unwrap_or(0).try_into().unwrap_or(0))
    }

    fn holder(&self, tenant: TenantId, kind: &str, field: &str, value: &str) -> Result<Option<Id>> {
        self.one(
            "SELECT id FROM uniques WHERE tenant = ?1 AND kind = ?2 AND field = ?3 AND value = ?4",
            params![tenant.0, kind, field, value],
            |found| found.get(0).map(Id),
        )
    }

    fn referrers(&self, tenant: TenantId, kind: &str, id: &Id) -> Result<Vec<Reference>> {
        self.many(
            "SELECT kind, id, field FROM pointers WHERE tenant = ?1 AND to_kind = ?2 AND to_id = ?3 ORDER BY 1, 2, 3",
            params![tenant.0, kind, id.as_str()],
            |found| Ok(Reference { kind: found.get(0)?, id: Id(found.get(1)?), field: found.get(2)? }),
        )
    }

    fn pointing(&self, tenant: TenantId, from: &str, field: &str, kind: &str, id: &Id) -> Result<Vec<Row>> {
        self.many(
            "SELECT r.id, r.scope, r.sort, r.body FROM pointers p
             JOIN records r ON r.tenant = p.tenant AND r.kind = p.kind AND r.id = p.id
             WHERE p.tenant = ?1 AND p.to_kind = ?4 AND p.to_id = ?5 AND p.kind = ?2 AND p.field = ?3
             ORDER BY r.sort, r.id",
            params![tenant.0, from, field, kind, id.as_str()],
            row,
        )
    }

    fn claims(&self, tenant: TenantId, kind: &str) -> Result<Vec<(Id, String, String)>> {
        self.many(
            "SELECT id, field, value FROM uniques WHERE tenant = ?1 AND kind = ?2",
            params![tenant.0, kind],
            |found| Ok((Id(found.get(0)?), found.get(1)?, found.get(2)?)),
        )
    }

    fn pointers(&self, tenant: TenantId, kind: &str) -> Result<Vec<(Id, Pointer)>> {
        self.many(
            "SELECT id, field, to_kind, to_id FROM pointers WHERE tenant = ?1 AND kind = ?2",
            params![tenant.0, kind],
            |found| {
                let pointer = Pointer { field: found.get(1)?, kind: found.get(2)?, id: Id(found.get(3)?) };
                Ok((Id(found.get(0)?), pointer))
            },
        )
    }

    fn having(
        &self,
        tenant: TenantId,
        kind: &str,
        scope: Option<&str>,
        part: &str,
    ) -> Result<Option<Vec<Row>>> {
        // What jobs change is entered once they are kept.
        if self.landmarks.is_none() {
            return Ok(None);
        }
        let numbers = grams::having(self.connection, tenant, kind, part);
        let Some(numbers) = numbers.map_err(|cause| self.watch.told("a search failed", cause))? else {
            return Ok(None);
        };
        let mut rows = Vec::with_capacity(numbers.len());
        for number in numbers {
            let found = self.one(
                "SELECT id, scope, sort, body FROM records WHERE number = ?1 AND tenant = ?2 AND kind = ?3",
                params![number, tenant.0, kind],
                row,
            )?;
            rows.extend(found.filter(|row| scope.is_none_or(|scope| scope == row.scope)));
        }
        rows.sort_by(|a, b| (&a.sort, &a.id).cmp(&(&b.sort, &b.id)));
        Ok(Some(rows))
    }

    fn staged(&self, tenant: TenantId, product: &str) -> Result<Vec<Staged>> {
        self.many(
            "SELECT kind, id, active FROM staged WHERE tenant = ?1 AND product = ?2 ORDER BY kind, id",
            params![tenant.0, product],
            |found| Ok(Staged { kind: found.get(0)?, id: Id(found.get(1)?), active: found.get(2)? }),
        )
    }

    fn products_staged(&self, tenant: TenantId) -> Result<Vec<String>> {
        self.many(
            "SELECT DISTINCT product FROM staged WHERE tenant = ?1 ORDER BY product",
            params![tenant.0],
            |found| found.get(0),
        )
    }

    fn is_staged(&self, tenant: TenantId, product: &str) -> Result<bool> {
        let found = self.one(
            "SELECT 1 FROM staged WHERE tenant = ?1 AND product = ?2 LIMIT 1",
            params![tenant.0, product],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    fn waits(&self, tenant: TenantId, product: &str, kind: &str, id: &Id) -> Result<bool> {
        let found = self.one(
            "SELECT 1 FROM staged WHERE tenant = ?1 AND product = ?2 AND kind = ?3 AND id = ?4",
            params![tenant.0, product, kind, id.as_str()],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    fn note(&self, tenant: TenantId, key: &str) -> Result<Option<Vec<u8>>> {
        self.one("SELECT note FROM notes WHERE tenant = ?1 AND key = ?2", params![tenant.0, key], |found| {
            found.get(0)
        })
    }

    fn notes(&self, tenant: TenantId, beginning: &str) -> Result<Vec<(String, Vec<u8>)>> {
        self.many(
            "SELECT key, note FROM notes WHERE tenant = ?1 AND key >= ?2 AND substr(key, 1, length(?2)) = ?2 ORDER BY key",
            params![tenant.0, beginning],
            |found| Ok((found.get(0)?, found.get(1)?)),
        )
    }

    fn kinds(&self, tenant: TenantId) -> Result<Vec<String>> {
        self.many(
            "SELECT DISTINCT kind FROM counts WHERE tenant = ?1 AND number > 0 ORDER BY kind",
            params![tenant.0],
            |found| found.get(0),
        )
    }

    fn counters(&self, tenant: TenantId) -> Result<Vec<(String, i64)>> {
        self.many(
            "SELECT name, next FROM counters WHERE tenant = ?1 ORDER BY name",
            params![tenant.0],
            |found| Ok((found.get(0)?, found.get(1)?)),
        )
    }

    fn look_through_log(
        &self,
        tenant: TenantId,
        times: (Time, Time),
        backwards: bool,
        look: &mut dyn FnMut(Logged) -> bool,
    ) -> Result<()> {
        log::look(self.connection, tenant, times, backwards, look)
            .map_err(|cause| self.watch.told("a log cannot be read", cause))
    }

    fn last_logged(&self, tenant: TenantId) -> Result<u64> {
        log::last(self.connection, tenant).map_err(|cause| self.watch.told("a log cannot be read", cause))
    }

    fn tenants(&self) -> Result<Vec<Tenant>> {
        let bodies: Vec<Vec<u8>> =
            self.many("SELECT body FROM tenants ORDER BY id", [], |found| found.get(0))?;
        let read = |body: Vec<u8>| {
            serde_json::from_slice(&body)
                .map_err(|cause| StoreError::because("a tenant cannot be read", cause))
        };
        bodies.into_iter().map(read).collect()
    }
}
