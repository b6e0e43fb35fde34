//! Which records have three characters in a row in one of the texts that they are found by: the tokens of each, in an index
//! turned round.

use zuno_model::{Id, TenantId};
use zuno_store::{Result, Row, grams};

use crate::moment::{Moment, row};
use crate::value::values;

/// The most records that are worth fetching: where more have a part, all are looked through.
const MOST: i64 = 1_000;

/// Replaces the tokens that a record is found by, unless its texts are what they were.
pub fn enter(moment: &Moment<'_>, tenant: TenantId, kind: &str, id: &Id, texts: &[String]) -> Result<()> {
    moment.within(tenant)?;
    if texts.is_empty() {
        return forget(moment, tenant, kind, id);
    }
    let tokens: Vec<i64> = grams::of_texts(tenant, kind, texts).into_iter().map(u64::cast_signed).collect();
    moment.session.send(
        "INSERT INTO grams (tenant, kind, id, texts, tokens)
         SELECT $1::bigint, $2::bytea, $3::bytea, $4::bigint, $5::bigint[] WHERE EXISTS (SELECT 1 FROM records WHERE tenant = $1 AND kind = $2 AND id = $3)
         ON CONFLICT (tenant, kind, id) DO UPDATE SET texts = excluded.texts, tokens = excluded.tokens
         WHERE grams.texts <> excluded.texts",
        values![tenant.0, kind, id, grams::digest(texts), tokens],
    )
}

/// A record is found no more.
pub fn forget(moment: &Moment<'_>, tenant: TenantId, kind: &str, id: &Id) -> Result<()> {
    moment.within(tenant)?;
    let sql = "DELETE FROM grams WHERE tenant = $1 AND kind = $2 AND id = $3";
    moment.session.send(sql, values![tenant.0, kind, id])
}

/// The records that have all tokens of a part, in their order; nothing where it has none, or too many have them.
pub fn having(
    moment: &Moment<'_>,
    tenant: TenantId,
    kind: &str,
    scope: Option<&str>,
    part: &str,
) -> Result<Option<Vec<Row>>> {
    let tokens = grams::looked_for(tenant, kind, part);
    if tokens.is_empty() {
        return Ok(None);
    }
    let tokens: Vec<i64> = tokens.into_iter().map(u64::cast_signed).collect();
    // The limit stands inside, so that a part that many have costs no more than the most that are fetched.
    let found = moment.many(
        tenant,
        "SELECT r.id, r.scope, r.sort, r.sort_rest, r.body FROM (
           SELECT id FROM grams WHERE tokens @> $3 AND tenant = $1 AND kind = $2 LIMIT $4
         ) AS found JOIN records r ON r.tenant = $1 AND r.kind = $2 AND r.id = found.id
         ORDER BY r.sort, r.id",
        values![tenant.0, kind, tokens, MOST + 1],
        row,
    )?;
    if found.len() as i64 > MOST {
        return Ok(None);
    }
    Ok(Some(found.into_iter().filter(|row| scope.is_none_or(|scope| scope == row.scope)).collect()))
}
