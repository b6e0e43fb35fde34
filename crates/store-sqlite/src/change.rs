//! What a write job may do at a moment, seeing its own changes.

use rusqlite::params;
use zuno_model::{Id, Tenant, TenantId, Time};
use zuno_store::grams::digest;
use zuno_store::{Aspect, Kept, Logged, Pointer, Read, Result, Row, StoreError, Write};

use crate::grams::{self, Found};
use crate::moment::Moment;
use crate::schema;

impl Moment<'_> {
    fn add_to_count(&self, tenant: TenantId, kind: &str, scope: &str, by: i64) -> Result<()> {
        self.change(
            "INSERT INTO counts (tenant, kind, scope, number) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET number = number + excluded.number",
            params![tenant.0, kind, scope, by],
        )?;
        Ok(())
    }
}

impl Write for Moment<'_> {
    fn put(&mut self, tenant: TenantId, kind: &str, row: &Row) -> Result<()> {
        let before = self.one(
            "SELECT number, scope FROM records WHERE tenant = ?1 AND kind = ?2 AND id = ?3",
            params![tenant.0, kind, row.id.as_str()],
            |found| Ok((found.get::<_, i64>(0)?, found.get::<_, String>(1)?)),
        )?;
        if let Some((number, scope)) = before {
            if scope != row.scope {
                self.add_to_count(tenant, kind, &scope, -1)?;
                self.add_to_count(tenant, kind, &row.scope, 1)?;
            }
            self.change(
                "UPDATE records SET scope = ?2, sort = ?3, body = ?4 WHERE number = ?1",
                params![number, row.scope, row.sort, row.body],
            )?;
        } else {
            self.add_to_count(tenant, kind, &row.scope, 1)?;
            self.change(
                "INSERT INTO records (tenant, kind, id, scope, sort, body) VALUES (?1, ?2, ?3, ?4, ?5, ?6)",
                params![tenant.0, kind, row.id.as_str(), row.scope, row.sort, row.body],
            )?;
        }
        Ok(())
    }

    fn found_by(&mut self, tenant: TenantId, kind: &str, id: &Id, texts: &[String]) -> Result<()> {
        let found = self.one(
            "SELECT number, texts FROM records WHERE tenant = ?1 AND kind = ?2 AND id = ?3",
            params![tenant.0, kind, id.as_str()],
            |found| Ok((found.get::<_, i64>(0)?, found.get::<_, Option<i64>>(1)?)),
        )?;
        let Some((number, before)) = found else { return Ok(()) };
        let now = (!texts.is_empty()).then(|| digest(texts));
        if now != before {
            self.change("UPDATE records SET texts = ?2 WHERE number = ?1", params![number, now])?;
            self.grams.push(Found { number, tokens: grams::tokens(tenant, kind, texts) });
        }
        Ok(())
    }

    fn remove(&mut self, tenant: TenantId, kind: &str, id: &Id) -> Result<bool> {
        let values = params![tenant.0, kind, id.as_str()];
        let gone: Option<(String, i64, bool)> = self.one(
            "DELETE FROM records WHERE tenant = ?1 AND kind = ?2 AND id = ?3
             RETURNING scope, number, texts IS NOT NULL",
            values,
            |found| Ok((found.get(0)?, found.get(1)?, found.get(2)?)),
        )?;
        let Some((scope, number, has_texts)) = gone else { return Ok(false) };
        if has_texts {
            self.grams.push(Found { number, tokens: String::new() });
        }
        self.add_to_count(tenant, kind, &scope, -1)?;
        self.change("DELETE FROM uniques WHERE tenant = ?1 AND kind = ?2 AND id = ?3", values)?;
        self.change("DELETE FROM pointers WHERE tenant = ?1 AND kind = ?2 AND id = ?3", values)?;
        Ok(true)
    }

    fn claim(
        &mut self,
        tenant: TenantId,
        kind: &str,
        id: &Id,
        values: &[(String, String)],
    ) -> Result<Option<(String, String)>> {
        self.change(
            "DELETE FROM uniques WHERE tenant = ?1 AND kind = ?2 AND id = ?3",
            params![tenant.0, kind, id.as_str()],
        )?;
        for (field, value) in values {
            let added = self.change(
                "INSERT INTO uniques (tenant, kind, field, value, id) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
                params![tenant.0, kind, field, value, id.as_str()],
            )?;
            if added == 0 {
                return Ok(Some((field.clone(), value.clone())));
            }
        }
        Ok(None)
    }

    fn point(&mut self, tenant: TenantId, kind: &str, id: &Id, pointers: &[Pointer]) -> Result<()> {
        self.change(
            "DELETE FROM pointers WHERE tenant = ?1 AND kind = ?2 AND id = ?3",
            params![tenant.0, kind, id.as_str()],
        )?;
        for pointer in pointers {
            self.change(
                "INSERT INTO pointers (tenant, kind, id, field, to_kind, to_id) VALUES (?1, ?2, ?3, ?4, ?5, ?6)
                 ON CONFLICT DO NOTHING",
                params![tenant.0, kind, id.as_str(), pointer.field, pointer.kind, pointer.id.as_str()],
            )?;
        }
        Ok(())
    }

    fn next(&mut self, tenant: TenantId, counter: &str, start: i64) -> Result<i64> {
        let number = self.one(
            "INSERT INTO counters (tenant, name, next) VALUES (?1, ?2, ?3 + 1)
             ON CONFLICT DO UPDATE SET next = next + 1 RETURNING next - 1",
            params![tenant.0, counter, start],
            |found| found.get(0),
        )?;
        number.ok_or_else(|| StoreError::new("a counter gave no number"))
    }

    fn set_counter(&mut self, tenant: TenantId, counter: &str, next: i64) -> Result<()> {
        self.change(
            "INSERT INTO counters (tenant, name, next) VALUES (?1, ?2, ?3) ON CONFLICT DO UPDATE SET next = excluded.next",
            params![tenant.0, counter, next],
        )?;
        Ok(())
    }

    fn touch(&mut self, tenant: TenantId, aspect: Aspect) -> Result<()> {
        let number: Option<i64> = self.one(
            "INSERT INTO versions (tenant, aspect, number) VALUES (?1, ?2, 1)
             ON CONFLICT DO UPDATE SET number = number + 1 RETURNING number",
            params![tenant.0, aspect.as_str()],
            |found| found.get(0),
        )?;
        let number = number.and_then(|number| u64::try_from(number).ok());
        self.touched.push((
            tenant,
            aspect,
            number.ok_or_else(|| StoreError::new("a version gave no number"))?,
        ));
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
        self.change(
            "INSERT INTO staged (tenant, product, kind, id, active) VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT DO NOTHING",
            params![tenant.0, product, kind, id.as_str(), active],
        )?;
        Ok(())
    }

    fn activate(&mut self, tenant: TenantId, product: &str) -> Result<u64> {
        let count =
            self.change("DELETE FROM staged WHERE tenant = ?1 AND product = ?2", params![tenant.0, product])?;
        Ok(count as u64)
    }

    fn set_note(&mut self, tenant: TenantId, key: &str, note: Option<&[u8]>) -> Result<()> {
        match note {
            Some(note) => self.change(
                "INSERT INTO notes (tenant, key, note) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET note = excluded.note",
                params![tenant.0, key, note],
            )?,
            None => {
                self.change("DELETE FROM notes WHERE tenant = ?1 AND key = ?2", params![tenant.0, key])?
            }
        };
        Ok(())
    }

    fn log(&mut self, tenant: TenantId, at: Time, entry: &[u8], kept: Kept) -> Result<()> {
        self.append(tenant, at, entry, kept)
    }

    fn put_logged(&mut self, tenant: TenantId, logged: &Logged) -> Result<()> {
        self.enter(tenant, logged)
    }

    fn put_tenant(&mut self, tenant: &Tenant) -> Result<()> {
        let body = serde_json::to_vec(tenant)
            .map_err(|cause| StoreError::because("a tenant cannot be written", cause))?;
        self.change(
            "INSERT INTO tenants (id, body) VALUES (?1, ?2) ON CONFLICT DO UPDATE SET body = excluded.body",
            params![tenant.id.0, body],
        )?;
        Ok(())
    }

    fn remove_tenant(&mut self, tenant: TenantId) -> Result<()> {
        self.clear_tenant(tenant)?;
        for aspect in Aspect::ALL {
            self.touch(tenant, aspect)?;
        }
        self.change("DELETE FROM versions WHERE tenant = ?1", params![tenant.0])?;
        self.change("DELETE FROM tenants WHERE id = ?1", params![tenant.0])?;
        Ok(())
    }

    fn clear_tenant(&mut self, tenant: TenantId) -> Result<()> {
        let found: Vec<i64> = self.many(
            "SELECT number FROM records WHERE tenant = ?1 AND texts IS NOT NULL",
            params![tenant.0],
            |found| found.get(0),
        )?;
        self.grams.extend(found.into_iter().map(|number| Found { number, tokens: String::new() }));
        for table in schema::OF_A_TENANT {
            self.change(&format!("DELETE FROM {table} WHERE tenant = ?1"), params![tenant.0])?;
        }
        Ok(())
    }

    fn clear_beside_records(&mut self, tenant: TenantId) -> Result<()> {
        for table in schema::BESIDE_RECORDS {
            self.change(&format!("DELETE FROM {table} WHERE tenant = ?1"), params![tenant.0])?;
        }
        Ok(())
    }

    fn as_read(&self) -> &dyn Read {
        self
    }
}
