//! What a write job may do at a moment, seeing its own changes.

use zuno_model::{Id, Tenant, TenantId, Time};
use zuno_store::{Aspect, Kept, Logged, Pointer, Read, Result, Row, StoreError, Write};

use crate::moment::{Moment, column};
use crate::value::{INDEXED, Value, divided, unique, values};
use crate::{found, log};

/// What takes away all that a tenant has beside its records and its log.
const BESIDE_RECORDS: &[&str] = &[
    "DELETE FROM counters WHERE tenant = $1",
    "DELETE FROM staged WHERE tenant = $1",
    "DELETE FROM notes WHERE tenant = $1",
];

/// What takes away all that a tenant has.
const OF_A_TENANT: &[&str] = &[
    "DELETE FROM records WHERE tenant = $1",
    "DELETE FROM counts WHERE tenant = $1",
    "DELETE FROM uniques WHERE tenant = $1",
    "DELETE FROM pointers WHERE tenant = $1",
    "DELETE FROM grams WHERE tenant = $1",
    "DELETE FROM log WHERE tenant = $1",
];

impl Moment<'_> {
    fn send(&self, tenant: TenantId, sql: &'static str, values: Vec<Value>) -> Result<()> {
        self.within(tenant)?;
        self.session.send(sql, values)
    }
}

impl Write for Moment<'_> {
    fn put(&mut self, tenant: TenantId, kind: &str, row: &Row) -> Result<()> {
        let (sort, rest) = divided(&row.sort);
        // What is asked beside a change is as it was before it.
        let before = self.one(
            tenant,
            "WITH before AS (SELECT scope FROM records WHERE tenant = $1 AND kind = $2 AND id = $3)
             INSERT INTO records (tenant, kind, id, scope, sort, sort_rest, body) VALUES ($1, $2, $3, $4, $5, $6, $7)
             ON CONFLICT (tenant, kind, id) DO UPDATE SET
               scope = excluded.scope, sort = excluded.sort, sort_rest = excluded.sort_rest, body = excluded.body
             RETURNING (SELECT scope FROM before)",
            values![tenant.0, kind, &row.id, row.scope.as_str(), sort, rest, row.body.as_slice()],
            |found| column::<Option<Vec<u8>>>(&found, 0),
        )?;
        match before.flatten() {
            Some(scope) if scope == row.scope.as_bytes() => {}
            before => {
                if let Some(scope) = before {
                    self.own.count(tenant, kind, &scope, -1);
                }
                self.own.count(tenant, kind, row.scope.as_bytes(), 1);
            }
        }
        Ok(())
    }

    fn found_by(&mut self, tenant: TenantId, kind: &str, id: &Id, texts: &[String]) -> Result<()> {
        found::enter(self, tenant, kind, id, texts)
    }

    fn remove(&mut self, tenant: TenantId, kind: &str, id: &Id) -> Result<bool> {
        let gone = self.one(
            tenant,
            "DELETE FROM records WHERE tenant = $1 AND kind = $2 AND id = $3 RETURNING scope",
            values![tenant.0, kind, id],
            |found| column::<Vec<u8>>(&found, 0),
        )?;
        let Some(scope) = gone else { return Ok(false) };
        self.own.count(tenant, kind, &scope, -1);
        found::forget(self, tenant, kind, id)?;
        for sql in [
            "DELETE FROM uniques WHERE tenant = $1 AND kind = $2 AND id = $3",
            "DELETE FROM pointers WHERE tenant = $1 AND kind = $2 AND id = $3",
        ] {
            self.send(tenant, sql, values![tenant.0, kind, id])?;
        }
        Ok(true)
    }

    fn claim(
        &mut self,
        tenant: TenantId,
        kind: &str,
        id: &Id,
        values: &[(String, String)],
    ) -> Result<Option<(String, String)>> {
        self.send(
            tenant,
            "DELETE FROM uniques WHERE tenant = $1 AND kind = $2 AND id = $3",
            values![tenant.0, kind, id],
        )?;
        if values.is_empty() {
            return Ok(None);
        }
        let fields: Vec<Vec<u8>> = values.iter().map(|(field, _)| field.as_bytes().to_vec()).collect();
        let kept: Vec<Vec<u8>> = values.iter().map(|(_, value)| unique(value)).collect();
        let whole =
            values.iter().map(|(_, value)| (value.len() > INDEXED).then(|| value.as_bytes().to_vec()));
        let whole = Value::Some(whole.collect());
        let added = self.session.change(
            "INSERT INTO uniques (tenant, kind, field, value, id, whole)
             SELECT $1::bigint, $2::bytea, field, value, $3::bytea, whole
             FROM unnest($4::bytea[], $5::bytea[], $6::bytea[]) AS claimed (field, value, whole)
             ON CONFLICT DO NOTHING",
            values![tenant.0, kind, id, fields, kept, whole],
        )?;
        if added == values.len() as u64 {
            return Ok(None);
        }
        for (field, value) in values {
            if self.holder(tenant, kind, field, value)?.is_some_and(|holder| holder != *id) {
                return Ok(Some((field.clone(), value.clone())));
            }
        }
        Ok(None)
    }

    fn point(&mut self, tenant: TenantId, kind: &str, id: &Id, pointers: &[Pointer]) -> Result<()> {
        self.send(
            tenant,
            "DELETE FROM pointers WHERE tenant = $1 AND kind = $2 AND id = $3",
            values![tenant.0, kind, id],
        )?;
        if pointers.is_empty() {
            return Ok(());
        }
        let bytes = |of: fn(&Pointer) -> &str| -> Vec<Vec<u8>> {
            pointers.iter().map(|pointer| of(pointer).as_bytes().to_vec()).collect()
        };
        let fields = bytes(|pointer| &pointer.field);
        let (kinds, ids) = (bytes(|pointer| &pointer.kind), bytes(|pointer| pointer.id.as_str()));
        self.send(
            tenant,
            "INSERT INTO pointers (tenant, kind, id, field, to_kind, to_id)
             SELECT $1::bigint, $2::bytea, $3::bytea, field, to_kind, to_id
             FROM unnest($4::bytea[], $5::bytea[], $6::bytea[]) AS pointed (field, to_kind, to_id)
             ON CONFLICT DO NOTHING",
            values![tenant.0, kind, id, fields, kinds, ids],
        )
    }

    fn next(&mut self, tenant: TenantId, counter: &str, start: i64) -> Result<i64> {
        let number = self.one(
            tenant,
            "INSERT INTO counters (tenant, name, next) VALUES ($1, $2, $3::bigint + 1)
             ON CONFLICT (tenant, name) DO UPDATE SET next = counters.next + 1 RETURNING counters.next - 1",
            values![tenant.0, counter, start],
            |found| column(&found, 0),
        )?;
        number.ok_or_else(|| StoreError::new("a counter gave no number"))
    }

    fn set_counter(&mut self, tenant: TenantId, counter: &str, next: i64) -> Result<()> {
        self.send(
            tenant,
            "INSERT INTO counters (tenant, name, next) VALUES ($1, $2, $3)
             ON CONFLICT (tenant, name) DO UPDATE SET next = excluded.next",
            values![tenant.0, counter, next],
        )
    }

    fn touch(&mut self, tenant: TenantId, aspect: Aspect) -> Result<()> {
        self.within(tenant)?;
        self.own.touch(tenant, aspect);
        Ok(())
    }

    fn stage(
        &mut self,
        tenant: TenantId,
        product: &str,
        kind: &str,
        id: &Id,
        active: Option<&[u8]>,
    ) -> Result<()> {
        self.send(
            tenant,
            "INSERT INTO staged (tenant, product, kind, id, active) VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING",
            values![tenant.0, product, kind, id, active],
        )
    }

    fn activate(&mut self, tenant: TenantId, product: &str) -> Result<u64> {
        self.within(tenant)?;
        let sql = "DELETE FROM staged WHERE tenant = $1 AND product = $2";
        self.session.change(sql, values![tenant.0, product])
    }

    fn set_note(&mut self, tenant: TenantId, key: &str, note: Option<&[u8]>) -> Result<()> {
        match note {
            Some(note) => self.send(
                tenant,
                "INSERT INTO notes (tenant, key, note) VALUES ($1, $2, $3)
                 ON CONFLICT (tenant, key) DO UPDATE SET note = excluded.note",
                values![tenant.0, key, note],
            ),
            None => {
                self.send(tenant, "DELETE FROM notes WHERE tenant = $1 AND key = $2", values![tenant.0, key])
            }
        }
    }

    fn log(&mut self, tenant: TenantId, at: Time, entry: &[u8], kept: Kept) -> Result<()> {
        log::append(self, tenant, at, entry, kept)
    }

    fn put_logged(&mut self, tenant: TenantId, logged: &Logged) -> Result<()> {
        let number = i64::try_from(logged.number).unwrap_or(i64::MAX);
        self.send(
            tenant,
            "INSERT INTO log (tenant, number, at, entry) VALUES ($1, $2, $3, $4)",
            values![tenant.0, number, logged.at, logged.entry.as_slice()],
        )
    }

    fn put_tenant(&mut self, tenant: &Tenant) -> Result<()> {
        let body = serde_json::to_vec(tenant)
            .map_err(|cause| StoreError::because("a tenant cannot be written", cause))?;
        // Which tenants there are is the server's.
        self.send(
            TenantId::SERVER,
            "INSERT INTO tenants (id, body) VALUES ($1, $2) ON CONFLICT (id) DO UPDATE SET body = excluded.body",
            values![tenant.id.0, body],
        )
    }

    fn remove_tenant(&mut self, tenant: TenantId) -> Result<()> {
        self.clear_tenant(tenant)?;
        // Its versions stay: what another server remembers of it is outdated by them.
        for aspect in Aspect::ALL {
            self.touch(tenant, aspect)?;
        }
        self.send(TenantId::SERVER, "DELETE FROM tenants WHERE id = $1", values![tenant.0])
    }

    fn clear_tenant(&mut self, tenant: TenantId) -> Result<()> {
        for sql in OF_A_TENANT {
            self.send(tenant, sql, values![tenant.0])?;
        }
        if let Some(before) = self.before() {
            self.own.clear(tenant, before);
        }
        self.clear_beside_records(tenant)
    }

    fn clear_beside_records(&mut self, tenant: TenantId) -> Result<()> {
        for sql in BESIDE_RECORDS {
            self.send(tenant, sql, values![tenant.0])?;
        }
        Ok(())
    }

    fn as_read(&self) -> &dyn Read {
        self
    }
}
