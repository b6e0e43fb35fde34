//! Snapshots in the store: for each a note of the server's that says what it is, and its records in parts, a note each, so that
//! a list of snapshots reads none of them and no part is larger than a call's answer.

use zuno_model::TenantId;
use zuno_store::{Read, StoreError, Write};

use super::form::{Beside, Kept};

/// What the keys of the notes begin with that say what each is; its name follows.
const HEADS: &str = "snapshot:";

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

fn head(name: &str) -> String {
    format!("{HEADS}{name}")
}

fn part(number: i64, nth: usize) -> String {
    format!("of snapshot {number}:{nth}")
}

fn beside(number: i64) -> String {
    format!("of snapshot {number}:beside")
}

fn read_kept(note: &[u8]) -> Result<Kept, StoreError> {
    serde_json::from_slice(note).map_err(|cause| StoreError::because("a snapshot cannot be read", cause))
}

/// The snapshot of a name, if there is one.
pub fn find(tx: &dyn Read, name: &str) -> Result<Option<Kept>, StoreError> {
    tx.note(TenantId::SERVER, &head(name))?.map(|note| read_kept(&note)).transpose()
}

/// All of them, by name.
pub fn all(tx: &dyn Read) -> Result<Vec<Kept>, StoreError> {
    tx.notes(TenantId::SERVER, HEADS)?.iter().map(|(_, note)| read_kept(note)).collect()
}

/// One part of a snapshot.
pub fn lines(tx: &dyn Read, kept: &Kept, nth: usize) -> Result<String, StoreError> {
    let note = tx.note(TenantId::SERVER, &part(kept.number, nth))?;
    let lines = note.map(String::from_utf8).transpose().ok().flatten();
    lines.ok_or_else(|| StoreError::new(format!("a part of the snapshot {} is damaged", kept.head.name)))
}

/// What a snapshot has beside records.
pub fn read_beside(tx: &dyn Read, kept: &Kept) -> Result<Beside, StoreError> {
    let note = tx.note(TenantId::SERVER, &beside(kept.number))?.unwrap_or_default();
    serde_json::from_slice(&note)
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
    for (nth, held) in parts.iter().enumerate() {
        tx.set_note(TenantId::SERVER, &part(kept.number, nth), Some(held.lines.as_bytes()))?;
    }
    let text = serde_json::to_vec(has_beside).map_err(written)?;
    tx.set_note(TenantId::SERVER, &beside(kept.number), Some(&text))?;
    let text = serde_json::to_vec(&kept).map_err(written)?;
    tx.set_note(TenantId::SERVER, &head(&kept.head.name), Some(&text))?;
    Ok(kept)
}

/// Removes a snapshot with all of its parts.
pub fn remove(tx: &mut dyn Write, kept: &Kept) -> Result<(), StoreError> {
    for nth in 0..kept.parts.len() {
        tx.set_note(TenantId::SERVER, &part(kept.number, nth), None)?;
    }
    tx.set_note(TenantId::SERVER, &beside(kept.number), None)?;
    tx.set_note(TenantId::SERVER, &head(&kept.head.name), None)
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
