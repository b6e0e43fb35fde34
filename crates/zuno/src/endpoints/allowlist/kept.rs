//! What the last list held, kept beside its file: the measure for the next one, whatever the format.

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use zuno_endpoints::{Document, PrefixSet};

/// The addresses of the last list.
pub struct Kept {
    /// They.
    pub set: PrefixSet,
}

impl Kept {
    /// What is kept for an output file; nothing while there is no such file.
    pub fn of(output: &Path) -> Result<Option<Kept>> {
        let path = place(output);
        if !output.exists() {
            return Ok(None);
        }
        let bytes = match fs::read(&path) {
            Ok(bytes) => bytes,
            Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => return Ok(None),
            Err(cause) => return Err(cause).with_context(|| format!("cannot read {}", path.display())),
        };
        if bytes.is_empty() {
            return Ok(Some(Kept { set: PrefixSet::default() }));
        }
        let document = Document::read(&bytes).with_context(|| {
            format!("{} does not tell what the last list held: remove it to begin anew", path.display())
        })?;
        Ok(Some(Kept { set: document.set() }))
    }

    /// Keeps what a list held.
    pub fn keep(output: &Path, set: &PrefixSet) -> Result<()> {
        let text: String = set.prefixes().map(|net| format!("{net}\n")).collect();
        replace(&place(output), text.as_bytes()).map(drop)
    }
}

/// `.NAME.last` beside the file.
fn place(output: &Path) -> PathBuf {
    let name = output.file_name().unwrap_or_default().to_string_lossy();
    output.with_file_name(format!(".{name}.last"))
}

/// Puts bytes in a file's place in one step, synced, so that a reader sees the old ones or the new ones; tells whether
/// they differ. A file that says the same already is not touched.
pub fn replace(path: &Path, bytes: &[u8]) -> Result<bool> {
    let wrong = || format!("cannot write {}", path.display());
    if fs::read(path).is_ok_and(|old| old == bytes) {
        return Ok(false);
    }
    let name = path.file_name().with_context(|| format!("{} is no file", path.display()))?.to_string_lossy();
    let aside = path.with_file_name(format!(".{name}.{}.new", std::process::id()));
    let written = File::create(&aside).and_then(|mut file| {
        file.write_all(bytes)?;
        if let Ok(old) = fs::metadata(path) {
            file.set_permissions(old.permissions())?;
        }
        file.sync_all()
    });
    if let Err(cause) = written.and_then(|()| fs::rename(&aside, path)) {
        let _ = fs::remove_file(&aside);
        return Err(cause).with_context(wrong);
    }
    Ok(true)
}
