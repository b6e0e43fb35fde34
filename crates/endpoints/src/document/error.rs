//! Why a document cannot be read, and where in it.

use std::fmt;

use serde_path_to_error::{Path, Segment};

use crate::prefix::shortened;

/// How much of a path a message shows: the deepest published document, a page, has ten labels.
const DEEPEST: usize = 12;

/// A place in a document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// The keys and positions that lead there, outermost first.
    pub path: Vec<String>,
    /// The line, from 1; none where only the path is known.
    pub line: Option<usize>,
    /// The byte, from 0; for a document that is cut off, its length.
    pub byte: Option<usize>,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut told = false;
        if let (Some(line), Some(byte)) = (self.line, self.byte) {
            write!(f, "line {line}, byte {byte}")?;
            told = true;
        }
        if !self.path.is_empty() {
            let shown = &self.path[..self.path.len().min(DEEPEST)];
            let more = if shown.len() < self.path.len() { " › …" } else { "" };
            write!(f, "{}{}{more}", if told { ", in " } else { "" }, shown.join(" › "))?;
        }
        Ok(())
    }
}

/// Why a document cannot be read. Nothing of it was taken in.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// The document ends too early, as a broken download does (seen).
    #[error("the document is cut off ({place}): fetch it again")]
    Cut {
        /// Where it ends.
        place: Position,
    },
    /// Something in it makes no sense.
    #[error("{why} ({place})")]
    Wrong {
        /// Where.
        place: Position,
        /// What is wrong.
        why: String,
    },
    /// It is larger than any published document.
    #[error("the document has {bytes} bytes; more than {most} are not read")]
    TooLarge {
        /// Its size.
        bytes: usize,
        /// The most that is read.
        most: usize,
    },
    /// There is nothing in it.
    #[error("the document is empty")]
    Empty,
}

impl ReadError {
    pub(crate) fn at_line(line: usize, byte: usize, why: String) -> ReadError {
        ReadError::Wrong { place: Position { path: Vec::new(), line: Some(line), byte: Some(byte) }, why }
    }

    pub(crate) fn json(bytes: &[u8], path: &Path, cause: &serde_json::Error) -> ReadError {
        let named = |segment: &Segment| match segment {
            Segment::Seq { index } => Some(index.to_string()),
            Segment::Map { key } => Some(shortened(key.as_bytes())),
            Segment::Enum { variant } => Some(variant.clone()),
            Segment::Unknown => None,
        };
        let path = path.iter().filter_map(named).collect();
        if cause.is_eof() {
            let line = bytes.iter().filter(|byte| **byte == b'\n').count() + 1;
            return ReadError::Cut { place: Position { path, line: Some(line), byte: Some(bytes.len()) } };
        }
        let (line, column) = (cause.line(), cause.column());
        let starts = bytes.iter().enumerate().filter(|(_, byte)| **byte == b'\n').map(|(at, _)| at + 1);
        let start = std::iter::once(0).chain(starts).nth(line.saturating_sub(1)).unwrap_or(0);
        let said = cause.to_string();
        let why = said.strip_suffix(&format!(" at line {line} column {column}")).unwrap_or(&said).to_owned();
        let byte = (start + column.saturating_sub(1)).min(bytes.len());
        ReadError::Wrong { place: Position { path, line: Some(line), byte: Some(byte) }, why }
    }
}
