//! Recordings in files and folders, read to a bound.

use std::fs::{self, File};
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use zuno_recording::{Conversation, read};

use crate::usage::Usage;

/// The largest file, in bytes.
const LARGEST: u64 = 256 << 20;

/// How many folders deep recordings are looked for.
const DEEPEST: usize = 16;

/// A file of exchanges.
#[derive(Debug)]
pub struct Recording {
    /// What it is called: its path, as it was named.
    pub name: String,
    /// What it holds.
    pub conversation: Conversation,
}

/// The recordings that are named, and those in the folders that are named, each folder's in the order of their names.
///
/// # Errors
/// One cannot be read or is none; or there are none.
pub fn recordings(named: &[PathBuf]) -> Result<Vec<Recording>> {
    let mut files = Vec::new();
    for path in named {
        look(path, true, 0, &mut files)?;
    }
    if files.is_empty() {
        let text = "there is no recording in what is named: recordings are files that end in `.json`";
        return Err(Usage(text.into()).into());
    }
    files.iter().map(|path| recording(path)).collect()
}

fn look(path: &Path, is_named: bool, depth: usize, files: &mut Vec<PathBuf>) -> Result<()> {
    let shown = path.display();
    if !path.is_dir() {
        if is_named || path.extension().is_some_and(|extension| extension == "json") {
            files.push(path.to_owned());
        }
        return Ok(());
    }
    if depth > DEEPEST {
        bail!("{shown} lies more than {DEEPEST} folders deep: name it by itself");
    }
    let entries = fs::read_dir(path).and_then(|entries| {
        entries.map(|entry| entry.map(|entry| entry.path())).collect::<std::io::Result<Vec<_>>>()
    });
    let mut inside = entries.with_context(|| format!("cannot read {shown}"))?;
    inside.sort();
    inside.iter().try_for_each(|path| look(path, false, depth + 1, files))
}

fn recording(path: &Path) -> Result<Recording> {
    let shown = path.display();
    let mut bytes = Vec::new();
    let opened = File::open(path).and_then(|file| file.take(LARGEST + 1).read_to_end(&mut bytes));
    let length = opened.with_context(|| format!("cannot read {shown}"))?;
    if u64::try_from(length).is_ok_and(|length| length > LARGEST) {
        bail!("{shown} is longer than {LARGEST} bytes");
    }
    let conversation = read(&bytes).with_context(|| format!("{shown} is no recording"))?;
    Ok(Recording { name: shown.to_string(), conversation })
}
