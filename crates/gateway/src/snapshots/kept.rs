//! Snapshots in the store: records of the server's own. One says what a snapshot is, and others hold its records in parts, so that
//! a list of snapshots reads none of them. They are no notes, among which a large one would slow each look-up of another.

use zuno_model::{Id, TenantId};
use zuno_store::{Read, Row, StoreError, Stretch, Write};

use super::form::{Beside, Kept};

/// The kind of those that say what a snapshot is; the id is its name.
const HEADS: &str = "snapshot";

/// The kind of parts; the id is the snapshot's number, a colon and which part it is.
const PARTS: &str = "snapshot part";

/// How many a server keeps.
pub const MOST: usize = 1_000;

/// How large a part becomes before there is another, in bytes.
pub const FULL: usize = 1 << 20;

/// Records of one kind, a line each, as [`zuno_engine::Taken`] is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    pub kind: String,
    pub lines: String,
}

fn part(number: i64, nth: usize) -> Id {
    Id(format!("{number}:{nth}"))
}

fn beside(number: i64) -> Id {
    Id(format!("{number}:beside"))
}

fn read_kept(row: &Row) -> Result<Kept, StoreError> {
    serde_json::from_slice(&row.body).map_err(|cause| StoreError::because("a snapshot cannot be read", cause))
}

/// The snapshot of a name, if there is one.
pub fn find(tx: &dyn Read, name: &str) -> Result<Option<Kept>, StoreError> {
    tx.get(TenantId::SERVER, HEADS, &name.into())?.map(|row| read_kept(&row)).transpose()
}

/// All of them, by name.
pub fn all(tx: &dyn Read) -> Result<Vec<Kept>, StoreError> {
    tx.list(TenantId::SERVER, HEADS, None, Stretch::ALL)?.iter().map(read_kept).collect()
}

/// One part of a snapshot.
pub fn lines(tx: &dyn Read, kept: &Kept, nth: usize) -> Result<String, StoreError> {
    let row = tx.get(TenantId::SERVER, PARTS, &part(kept.number, nth))?;
    let lines = row.map(|row| String::from_utf8(row.body)).transpose().ok().flatten();
    lines.ok_or_else(|| StoreError::new(format!("a part of the snapshot {} is damaged", kept.head.name)))
}

/// What a snapshot has beside records.
pub fn read_beside(tx: &dyn Read, kept: &Kept) -> Result<Beside, StoreError> {
    let body = tx.get(TenantId::SERVER, PARTS, &beside(kept.number))?.map(|row| row.body).unwrap_or_default();
    serde_json::from_slice(&body)
        .map_err(|cause| StoreError::because("what a snapshot has beside records cannot be read", cause))
}

/// Keeps a snapshot in the place of one of the same name.
pub fn keep(
    tx: &mut dyn Write,
    mut kept: Kept,
    has_beside: &Beside,
    parts: &[Part],
) -> Result<Kept, StoreError> {
    let written = |cause| StoreError::because("a snapshot cannot be written", cause);
    if let Some(former) = find(tx.as_read(), &kept.head.name)? {
        remove(tx, &former)?;
    }
    kept.number = tx.next(TenantId::SERVER, "snapshots", 1)?;
    let mut put = |kind, id: Id, sort: &str, body: Vec<u8>| {
        tx.put(TenantId::SERVER, kind, &Row { id, scope: "0".into(), sort: sort.to_owned(), body })
    };
    for (nth, held) in parts.iter().enumerate() {
        put(PARTS, part(kept.number, nth), "", held.lines.as_bytes().to_vec())?;
    }
    put(PARTS, beside(kept.number), "", serde_json::to_vec(has_beside).map_err(written)?)?;
    let name = kept.head.name.as_str();
    put(HEADS, name.into(), name, serde_json::to_vec(&kept).map_err(written)?)?;
    Ok(kept)
}

/// Removes a snapshot with all of its parts.
pub fn remove(tx: &mut dyn Write, kept: &Kept) -> Result<(), StoreError> {
    for nth in 0..kept.parts.len() {
        tx.remove(TenantId::SERVER, PARTS, &part(kept.number, nth))?;
    }
    tx.remove(TenantId::SERVER, PARTS, &beside(kept.number))?;
    tx.remove(TenantId::SERVER, HEADS, &kept.head.name.as_str().into()).map(drop)
}

/// Parts as records are added to them, kind by kind.
#[derive(Debug, Default)]
pub struct Parts(pub Vec<Part>);

impl Parts {
    /// Adds a line of a kind.
    pub fn add(&mut self, kind: &str, line: &str) {
        let is_last = |part: &&mut Part| part.kind == kind && part.lines.len() < FULL;
        let last = match self.0.last_mut().filter(is_last) {
            Some(last) => last,
            None => {
                self.0.push(Part { kind: kind.to_owned(), lines: String::new() });
                self.0.last_mut().expect("one was just added")
            }
        };
        last.lines.push_str(line);
        last.lines.push('\n');
    }

    /// How many bytes all of them take.
    pub fn bytes(&self) -> u64 {
        self.0.iter().map(|part| part.lines.len() as u64).sum()
    }

    /// Of which kind each is.
    pub fn kinds(&self) -> Vec<String> {
        self.0.iter().map(|part| part.kind.clone()).collect()
    }
}
