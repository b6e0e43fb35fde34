//! Which records have three characters in a row in one of the texts that they are found by: an FTS5 table that keeps the
//! tokens of their number alone, and not the texts.
//!
//! What jobs change is entered once for all that share a commit, because FTS5 writes a segment of its index each time.

use rusqlite::{Connection, params};
use zuno_model::TenantId;
use zuno_store::grams;

/// A record with the tokens that it is found by from now on; none when it is found no more.
pub struct Found {
    pub number: i64,
    pub tokens: String,
}

/// So few records that to look for further tokens is not worth it.
const FEW: usize = 16;
/// The most records that a token may have to be worth intersecting.
const RARE: usize = 256;
/// The most records that are worth fetching one by one.
const MOST: usize = 1_000;

/// A token as FTS5 reads it: thirteen letters and digits.
fn written(token: u64, into: &mut String) {
    const DIGITS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";
    into.extend((0..13).map(|place| char::from(DIGITS[(token >> (5 * place)) as usize % DIGITS.len()])));
}

fn listed(tokens: impl IntoIterator<Item = u64>) -> String {
    let mut list = String::new();
    for token in tokens {
        written(token, &mut list);
        list.push(' ');
    }
    list
}

/// The tokens of some texts, each once.
pub fn tokens(tenant: TenantId, kind: &str, texts: &[String]) -> String {
    listed(grams::of_texts(tenant, kind, texts))
}

/// Enters what was changed, in its order.
pub fn enter(connection: &Connection, found: &[Found]) -> rusqlite::Result<()> {
    for Found { number, tokens } in found {
        if tokens.is_empty() {
            connection.prepare_cached("DELETE FROM grams WHERE rowid = ?1")?.execute([number])?;
        } else {
            let put = "INSERT OR REPLACE INTO grams (rowid, tokens) VALUES (?1, ?2)";
            connection.prepare_cached(put)?.execute(params![number, tokens])?;
        }
    }
    Ok(())
}

/// The numbers of the records that have all tokens of a part; nothing where it has none, or too many have them.
pub fn having(
    connection: &Connection,
    tenant: TenantId,
    kind: &str,
    part: &str,
) -> rusqlite::Result<Option<Vec<i64>>> {
    let tokens = grams::looked_for(tenant, kind, part);
    if tokens.is_empty() {
        return Ok(None);
    }
    let mut ask = connection.prepare_cached("SELECT rowid FROM grams WHERE grams MATCH ?1 LIMIT ?2")?;
    let mut matching = |tokens: String, most: usize| -> rusqlite::Result<Option<Vec<i64>>> {
        let limit = i64::try_from(most + 1).unwrap_or(i64::MAX);
        let found = ask.query_map(params![tokens, limit], |row| row.get(0))?;
        let found: Vec<i64> = found.collect::<rusqlite::Result<_>>()?;
        Ok((found.len() <= most).then_some(found))
    };
    // FTS5 goes through all records of each token that it is asked for together, so that rare ones are looked for by
    // themselves, from the end.
    let mut narrowed: Option<Vec<i64>> = None;
    for token in tokens.iter().rev() {
        let Some(found) = matching(listed([*token]), RARE)? else { continue };
        let both = match narrowed {
            Some(before) => before.into_iter().filter(|number| found.binary_search(number).is_ok()).collect(),
            None => found,
        };
        if both.len() <= FEW {
            return Ok(Some(both));
        }
        narrowed = Some(both);
    }
    match narrowed {
        Some(found) => Ok(Some(found)),
        None => matching(listed(tokens), MOST),
    }
}
