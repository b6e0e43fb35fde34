//! What may be asked at a moment.

use zuno_model::{Id, Tenant, TenantId, Time};
use zuno_store::{Logged, Pointer, Read, Reference, Result, Row, Staged, StoreError, Stretch};

use crate::moment::{Moment, column, damaged, row, text};
use crate::value::{Value, after, unique, values};
use crate::{found, log};

/// A list is passed over in the index alone from so many records on.
const FAR: u64 = 256;

/// Far more than there are records, and no more than can be added up.
fn bound(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX).min(1 << 60)
}

macro_rules! listed {
    ($narrowed:literal, $order:literal) => {
        concat!(
            "SELECT id, scope, sort, sort_rest, body FROM records WHERE tenant = $1 AND kind = $2 ",
            $narrowed,
            " ORDER BY ",
            $order,
            " LIMIT $3 OFFSET $4"
        )
    };
}

/// The same where many are passed over: the inner query walks the index alone, and reads no body.
macro_rules! listed_far {
    ($narrowed:literal, $order:literal, $outer:literal) => {
        concat!(
            "SELECT r.id, r.scope, r.sort, r.sort_rest, r.body FROM (
               SELECT id FROM records WHERE tenant = $1 AND kind = $2 ",
            $narrowed,
            " ORDER BY ",
            $order,
            " LIMIT $3 OFFSET $4
             ) AS page JOIN records r ON r.tenant = $1 AND r.kind = $2 AND r.id = page.id ORDER BY ",
            $outer
        )
    };
}

impl Read for Moment<'_> {
    fn get(&self, tenant: TenantId, kind: &str, id: &Id) -> Result<Option<Row>> {
        self.one(
            tenant,
            "SELECT id, scope, sort, sort_rest, body FROM records WHERE tenant = $1 AND kind = $2 AND id = $3",
            values![tenant.0, kind, id],
            row,
        )
    }

    fn list(&self, tenant: TenantId, kind: &str, scope: Option<&str>, stretch: Stretch) -> Result<Vec<Row>> {
        let sql = match (scope.is_some(), stretch.backwards, stretch.skip >= FAR) {
            (true, false, false) => listed!("AND scope = $5", "sort, id"),
            (true, true, false) => listed!("AND scope = $5", "sort DESC, id DESC"),
            (true, false, true) => listed_far!("AND scope = $5", "sort, id", "r.sort, r.id"),
            (true, true, true) => {
                listed_far!("AND scope = $5", "sort DESC, id DESC", "r.sort DESC, r.id DESC")
            }
            (false, false, false) => listed!("", "sort, id"),
            (false, true, false) => listed!("", "sort DESC, id DESC"),
            (false, false, true) => listed_far!("", "sort, id", "r.sort, r.id"),
            (false, true, true) => listed_far!("", "sort DESC, id DESC", "r.sort DESC, r.id DESC"),
        };
        let mut values = values![tenant.0, kind, bound(stretch.take), bound(stretch.skip)];
        values.extend(scope.map(Value::from));
        self.many(tenant, sql, values, row)
    }

    fn count(&self, tenant: TenantId, kind: &str, scope: Option<&str>) -> Result<u64> {
        let written = self.one(
            tenant,
            "SELECT coalesce(sum(number), 0)::bigint FROM counts
             WHERE tenant = $1 AND kind = $2 AND ($3::bytea IS NULL OR scope = $3)",
            values![tenant.0, kind, scope],
            |found| column::<i64>(&found, 0),
        )?;
        let unwritten = self.unwritten(tenant).filter(|(of, within, _)| {
            *of == kind.as_bytes() && scope.is_none_or(|scope| scope.as_bytes() == *within)
        });
        let number = written.unwrap_or(0) + unwritten.map(|(.., by)| by).sum::<i64>();
        Ok(number.try_into().unwrap_or(0))
    }

    fn holder(&self, tenant: TenantId, kind: &str, field: &str, value: &str) -> Result<Option<Id>> {
        self.one(
            tenant,
            "SELECT id FROM uniques WHERE tenant = $1 AND kind = $2 AND field = $3 AND value = $4",
            values![tenant.0, kind, field, unique(value)],
            |found| text(&found, 0).map(Id),
        )
    }

    fn referrers(&self, tenant: TenantId, kind: &str, id: &Id) -> Result<Vec<Reference>> {
        self.many(
            tenant,
            "SELECT kind, id, field FROM pointers WHERE tenant = $1 AND to_kind = $2 AND to_id = $3 ORDER BY 1, 2, 3",
            values![tenant.0, kind, id],
            |found| Ok(Reference { kind: text(&found, 0)?, id: Id(text(&found, 1)?), field: text(&found, 2)? }),
        )
    }

    fn pointing(&self, tenant: TenantId, from: &str, field: &str, kind: &str, id: &Id) -> Result<Vec<Row>> {
        self.many(
            tenant,
            "SELECT r.id, r.scope, r.sort, r.sort_rest, r.body FROM pointers p
             JOIN records r ON r.tenant = p.tenant AND r.kind = p.kind AND r.id = p.id
             WHERE p.tenant = $1 AND p.to_kind = $4 AND p.to_id = $5 AND p.kind = $2 AND p.field = $3
             ORDER BY r.sort, r.id",
            values![tenant.0, from, field, kind, id],
            row,
        )
    }

    fn claims(&self, tenant: TenantId, kind: &str) -> Result<Vec<(Id, String, String)>> {
        self.many(
            tenant,
            "SELECT id, field, coalesce(whole, value) FROM uniques WHERE tenant = $1 AND kind = $2",
            values![tenant.0, kind],
            |found| Ok((Id(text(&found, 0)?), text(&found, 1)?, text(&found, 2)?)),
        )
    }

    fn pointers(&self, tenant: TenantId, kind: &str) -> Result<Vec<(Id, Pointer)>> {
        self.many(
            tenant,
            "SELECT id, field, to_kind, to_id FROM pointers WHERE tenant = $1 AND kind = $2",
            values![tenant.0, kind],
            |found| {
                let (field, kind, id) = (text(&found, 1)?, text(&found, 2)?, Id(text(&found, 3)?));
                Ok((Id(text(&found, 0)?), Pointer { field, kind, id }))
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
        if self.is_writing() {
            return Ok(None);
        }
        found::having(self, tenant, kind, scope, part)
    }

    fn staged(&self, tenant: TenantId, product: &str) -> Result<Vec<Staged>> {
        self.many(
            tenant,
            "SELECT kind, id, active FROM staged WHERE tenant = $1 AND product = $2 ORDER BY kind, id",
            values![tenant.0, product],
            |found| {
                Ok(Staged { kind: text(&found, 0)?, id: Id(text(&found, 1)?), active: column(&found, 2)? })
            },
        )
    }

    fn products_staged(&self, tenant: TenantId) -> Result<Vec<String>> {
        self.many(
            tenant,
            "SELECT DISTINCT product FROM staged WHERE tenant = $1 ORDER BY product",
            values![tenant.0],
            |found| text(&found, 0),
        )
    }

    fn is_staged(&self, tenant: TenantId, product: &str) -> Result<bool> {
        let found = self.one(
            tenant,
            "SELECT id FROM staged WHERE tenant = $1 AND product = $2 LIMIT 1",
            values![tenant.0, product],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    fn waits(&self, tenant: TenantId, product: &str, kind: &str, id: &Id) -> Result<bool> {
        let found = self.one(
            tenant,
            "SELECT id FROM staged WHERE tenant = $1 AND product = $2 AND kind = $3 AND id = $4",
            values![tenant.0, product, kind, id],
            |_| Ok(()),
        )?;
        Ok(found.is_some())
    }

    fn note(&self, tenant: TenantId, key: &str) -> Result<Option<Vec<u8>>> {
        self.one(
            tenant,
            "SELECT note FROM notes WHERE tenant = $1 AND key = $2",
            values![tenant.0, key],
            |found| column(&found, 0),
        )
    }

    fn notes(&self, tenant: TenantId, beginning: &str) -> Result<Vec<(String, Vec<u8>)>> {
        let mut values = values![tenant.0, beginning];
        let sql = match after(beginning) {
            Some(end) => {
                values.push(end.into());
                "SELECT key, note FROM notes WHERE tenant = $1 AND key >= $2 AND key < $3 ORDER BY key"
            }
            None => "SELECT key, note FROM notes WHERE tenant = $1 AND key >= $2 ORDER BY key",
        };
        self.many(tenant, sql, values, |found| Ok((text(&found, 0)?, column(&found, 1)?)))
    }

    fn kinds(&self, tenant: TenantId) -> Result<Vec<String>> {
        let mut numbers: std::collections::BTreeMap<Vec<u8>, i64> = self
            .many(
                tenant,
                "SELECT kind, sum(number)::bigint FROM counts WHERE tenant = $1 GROUP BY kind",
                values![tenant.0],
                |found| Ok((column(&found, 0)?, column(&found, 1)?)),
            )?
            .into_iter()
            .collect();
        for (kind, _, by) in self.unwritten(tenant) {
            *numbers.entry(kind.to_vec()).or_default() += by;
        }
        let kept = numbers.into_iter().filter(|(_, number)| *number > 0);
        kept.map(|(kind, _)| String::from_utf8(kind).map_err(damaged)).collect()
    }

    fn counters(&self, tenant: TenantId) -> Result<Vec<(String, i64)>> {
        self.many(
            tenant,
            "SELECT name, next FROM counters WHERE tenant = $1 ORDER BY name",
            values![tenant.0],
            |found| Ok((text(&found, 0)?, column(&found, 1)?)),
        )
    }

    fn look_through_log(
        &self,
        tenant: TenantId,
        times: (Time, Time),
        backwards: bool,
        look: &mut dyn FnMut(Logged) -> bool,
    ) -> Result<()> {
        log::look(self, tenant, times, backwards, look)
    }

    fn last_logged(&self, tenant: TenantId) -> Result<u64> {
        log::last(self, tenant)
    }

    fn tenants(&self) -> Result<Vec<Tenant>> {
        self.many(TenantId::SERVER, "SELECT body FROM tenants ORDER BY id", values![], |found| {
            let body: &[u8] = column(&found, 0)?;
            serde_json::from_slice(body)
                .map_err(|cause| StoreError::because("a tenant cannot be read", cause))
        })
    }
}
