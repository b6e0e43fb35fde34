//! The tenants' logs: an entry's number is the next of its tenant's.

use zuno_model::{TenantId, Time};
use zuno_store::{Kept, Logged, Result};

use crate::moment::{Moment, column};
use crate::value::values;

/// How many entries are asked for at first.
const FEW: i64 = 64;
/// How many are asked for at most.
const MOST: i64 = 1_024;

/// The number of a tenant's last entry.
pub fn last(moment: &Moment<'_>, tenant: TenantId) -> Result<u64> {
    let sql = "SELECT coalesce(max(number), 0) FROM log WHERE tenant = $1";
    let last = moment.one(tenant, sql, values![tenant.0], |found| column::<i64>(&found, 0))?;
    Ok(last.unwrap_or(0).unsigned_abs())
}

/// Adds an entry behind the last one, and forgets up to two of the oldest that need not be kept.
pub fn append(moment: &Moment<'_>, tenant: TenantId, at: Time, entry: &[u8], kept: Kept) -> Result<()> {
    moment.within(tenant)?;
    moment.session.send(
        "INSERT INTO log (tenant, number, at, entry)
         SELECT $1::bigint, coalesce(max(number), 0) + 1, $2::bigint, $3::bytea FROM log WHERE tenant = $1",
        values![tenant.0, at, entry],
    )?;
    let most = i64::try_from(kept.most).unwrap_or(i64::MAX);
    moment.session.send(
        "DELETE FROM log WHERE tenant = $1
           AND number IN (SELECT number FROM log WHERE tenant = $1 ORDER BY number LIMIT 2)
           AND (number <= (SELECT max(number) FROM log WHERE tenant = $1) - $2 OR at < $3)
           AND number < (SELECT max(number) FROM log WHERE tenant = $1)",
        values![tenant.0, most, kept.since],
    )
}

/// Shows the entries between two times for as long as more are wanted, some at a time.
pub fn look(
    moment: &Moment<'_>,
    tenant: TenantId,
    (from, until): (Time, Time),
    backwards: bool,
    look: &mut dyn FnMut(Logged) -> bool,
) -> Result<()> {
    let sql = if backwards {
        "SELECT number, at, entry FROM log WHERE tenant = $1 AND (at, number) < ($2, $3) AND at >= $4
         ORDER BY at DESC, number DESC LIMIT $5"
    } else {
        "SELECT number, at, entry FROM log WHERE tenant = $1 AND (at, number) > ($2, $3) AND at < $4
         ORDER BY at, number LIMIT $5"
    };
    // Numbers begin with 1: no entry of the first time is before this, and none of the last behind it.
    let (mut place, end) = if backwards { ((until, 0), from) } else { ((from, 0), until) };
    let mut wanted = FEW;
    loop {
        let values = values![tenant.0, place.0, place.1, end, wanted];
        let entries = moment.many(tenant, sql, values, |found| {
            Ok((column::<i64>(&found, 0)?, column::<i64>(&found, 1)?, column::<Vec<u8>>(&found, 2)?))
        })?;
        let is_last = (entries.len() as i64) < wanted;
        for (number, at, entry) in entries {
            place = (at, number);
            if !look(Logged { number: number.unsigned_abs(), at, entry }) {
                return Ok(());
            }
        }
        if is_last {
            return Ok(());
        }
        wanted = (wanted * 4).min(MOST);
    }
}
