//! Which records have three characters in a row in one of the texts that they are found by: an FTS5 table that keeps the
//! tokens of their number alone, and not the texts.
//!
//! A token stands for three characters in one kind of one tenant, so that nobody's search passes over what others have. What
//! jobs change is entered once for all that share a commit, because FTS5 writes a segment of its index each time.

use std::collections::BTreeSet;

use rusqlite::{Connection, params};
use zuno_model::{TenantId, short_fingerprint};

/// A record with the tokens that it is found by from now on; none when it is found no more.
pub struct Found {
    pub number: i64,
    pub tokens: String,
}

/// How many characters make a token.
const GRAM: usize = 3;
/// The most tokens of a part that are looked for, from its end.
const LOOKED_FOR: usize = 48;
/// So few records that to look for further tokens is not worth it.
const FEW: usize = 16;
/// The most records that a token may have to be worth intersecting.
const RARE: usize = 256;
/// The most records that are worth fetching one by one.
const MOST: usize = 1_000;

/// One number for all texts of a record: equal when they are. It is kept, and so must never change.
pub fn digest(texts: &[String]) -> i64 {
    short_fingerprint(texts.iter().flat_map(|text| [text.as_bytes(), &[0xff]])).cast_signed()
}

/// The tokens of a text, in its order; as they are kept.
fn of_text(tenant: TenantId, kind: &str, text: &str) -> Vec<u64> {
    let tenant = tenant.0.to_le_bytes();
    let starts: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    let gram = |span: &[usize]| {
        let chars = &text.as_bytes()[span[0]..span[GRAM]];
        short_fingerprint([&tenant[..], kind.as_bytes(), &[0xff], chars])
    };
    starts.windows(GRAM + 1).map(gram).collect()
}

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
    let tokens: BTreeSet<u64> = texts.iter().flat_map(|text| of_text(tenant, kind, text)).collect();
    listed(tokens)
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
    let mut tokens = of_text(tenant, kind, part);
    tokens.drain(..tokens.len().saturating_sub(LOOKED_FOR));
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
    // themselves; the end of a name tells more than its beginning.
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
