//! The tenants' logs: one table in which each tenant has a stretch of its own, so that an entry is added behind the
//! tenant's last one, and how many there are follows from the first and the last.

use rusqlite::{Connection, Error, params};
use zuno_model::{TenantId, Time};
use zuno_store::{Kept, Logged};

/// The bits of a place that number a tenant's entries: at ten thousand a second they last for three years. The bits
/// above are the tenant's number.
const NUMBER_BITS: u32 = 40;

/// The place before a tenant's first entry, and its last place.
fn stretch(tenant: TenantId) -> rusqlite::Result<(i64, i64)> {
    let first = u32::try_from(tenant.0).ok().filter(|number| *number < 1 << (63 - NUMBER_BITS));
    let first = first.map(|number| i64::from(number) << NUMBER_BITS);
    let first = first.ok_or(Error::IntegralValueOutOfRange(0, tenant.0))?;
    Ok((first, first + (1 << NUMBER_BITS) - 1))
}

/// The place of a tenant's last entry, or that before its first where there is none.
fn end(connection: &Connection, tenant: TenantId) -> rusqlite::Result<i64> {
    let (first, last) = stretch(tenant)?;
    let sql = "SELECT coalesce(max(place), ?1) FROM log WHERE place > ?1 AND place <= ?2";
    connection.prepare_cached(sql)?.query_row([first, last], |found| found.get(0))
}

/// The number of a tenant's last entry.
pub fn last(connection: &Connection, tenant: TenantId) -> rusqlite::Result<u64> {
    Ok((end(connection, tenant)? - stretch(tenant)?.0).unsigned_abs())
}

/// Adds an entry behind the last one, and forgets up to two of the oldest that need not be kept.
pub fn append(
    connection: &Connection,
    tenant: TenantId,
    at: Time,
    entry: &[u8],
    kept: Kept,
) -> rusqlite::Result<()> {
    let (before_first, _) = stretch(tenant)?;
    let place = end(connection, tenant)? + 1;
    let sql = "INSERT INTO log (place, tenant, at, entry) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![place, tenant.0, at, entry])?;
    let most = i64::try_from(kept.most).unwrap_or(i64::MAX);
    let sql = "DELETE FROM log WHERE (place <= ?3 OR at < ?4) AND place IN
                 (SELECT place FROM log WHERE place > ?1 AND place < ?2 ORDER BY place LIMIT 2)";
    connection.prepare_cached(sql)?.execute(params![
        before_first,
        place,
        place.saturating_sub(most),
        kept.since
    ])?;
    Ok(())
}

/// Puts an entry under its number.
pub fn enter(connection: &Connection, tenant: TenantId, logged: &Logged) -> rusqlite::Result<()> {
    let (before_first, _) = stretch(tenant)?;
    let place = before_first + i64::try_from(logged.number).unwrap_or(i64::MAX >> 1);
    let sql = "INSERT INTO log (place, tenant, at, entry) VALUES (?1, ?2, ?3, ?4)";
    connection.prepare_cached(sql)?.execute(params![place, tenant.0, logged.at, logged.entry]).map(drop)
}

/// Shows the entries between two times for as long as more are wanted.
pub fn look(
    connection: &Connection,
    tenant: TenantId,
    (from, until): (Time, Time),
    backwards: bool,
    look: &mut dyn FnMut(Logged) -> bool,
) -> rusqlite::Result<()> {
    let (before_first, _) = stretch(tenant)?;
    let order = if backwards { "DESC" } else { "ASC" };
    let sql = format!(
        "SELECT place, at, entry FROM log WHERE tenant = ?1 AND at >= ?2 AND at < ?3 ORDER BY at {order}, place {order}"
    );
    let mut asked = connection.prepare_cached(&sql)?;
    let mut rows = asked.query(params![tenant.0, from, until])?;
    while let Some(row) = rows.next()? {
        let number = (row.get::<_, i64>(0)? - before_first).unsigned_abs();
        if !look(Logged { number, at: row.get(1)?, entry: row.get(2)? }) {
            break;
        }
    }
    Ok(())
}
