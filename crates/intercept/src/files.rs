//! Files that are whole or absent: written beside their place, then renamed into it.

use std::{fs, io, io::Write, path::Path};

/// Who may read a file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Readers {
    /// The user alone (mode 0600; on Windows the folder's own rules apply).
    User,
    /// Everyone (mode 0644).
    All,
}

/// Puts `content` at `path`, replacing what was there; touches nothing where the same is there already.
///
/// # Errors
/// The file cannot be written; what was there is as it was.
pub fn replace(path: &Path, content: &[u8], readers: Readers) -> io::Result<()> {
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    written(path, content, readers)?.persist(path).map(drop).map_err(|lost| lost.error)
}

/// Puts `content` at `path` unless something is there already, and says whether it did.
///
/// # Errors
/// The file cannot be written.
pub fn create(path: &Path, content: &[u8], readers: Readers) -> io::Result<bool> {
    match written(path, content, readers)?.persist_noclobber(path) {
        Ok(_) => Ok(true),
        Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => Ok(false),
        Err(lost) => Err(lost.error),
    }
}

/// The text of a file, or `None` where there is none.
pub(crate) fn read(path: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

/// Takes a file from other readers, should it have been copied or restored without its mode.
pub(crate) fn keep_private(path: &Path) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        if fs::metadata(path)?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(0o600))?;
        }
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}

fn written(path: &Path, content: &[u8], readers: Readers) -> io::Result<tempfile::NamedTempFile> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
    #[cfg(unix)]
    if readers == Readers::All {
        use std::os::unix::fs::PermissionsExt;
        file.as_file().set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    #[cfg(not(unix))]
    let _ = readers;
    file.write_all(content)?;
    // Without this a power cut may leave the new name on an empty file.
    file.as_file().sync_all()?;
    Ok(file)
}
