//! Why a file of the data folder cannot be used, in words that say what to do: which permission is missing and to whom,
//! or what else stands in the way.

use std::io::{Error, ErrorKind};
use std::path::Path;

/// What to say of a file or folder that could not be made, read or written.
pub fn unusable(path: &Path, cause: Error) -> anyhow::Error {
    let shown = path.display();
    let text = match cause.kind() {
        ErrorKind::PermissionDenied => format!("cannot use {shown}: {}", permission(path)),
        ErrorKind::ReadOnlyFilesystem => format!(
            "cannot write {shown}: its file system is mounted for reading only; mount it for writing, or name another \
             folder with --data"
        ),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            format!(
                "cannot write {shown}: its disk is full; free some space, or name another folder with --data"
            )
        }
        ErrorKind::NotADirectory | ErrorKind::AlreadyExists => format!(
            "cannot make {shown}: a part of the path is a file; remove it, or name another folder with --data"
        ),
        _ => format!("cannot use {shown}"),
    };
    anyhow::Error::new(cause).context(text)
}

/// Which permission is missing, at the nearest part of the path that is there.
#[cfg(unix)]
fn permission(path: &Path) -> String {
    use std::os::unix::fs::MetadataExt as _;

    use rustix::fs::{Access, access};

    // A part that cannot be looked into is passed over: what is missing is at the one above it.
    let nearest = path.ancestors().find_map(|part| Some((part, part.metadata().ok()?)));
    let Some((part, found)) = nearest else { return "permission is denied".into() };
    let wanted = [(Access::READ_OK, "read"), (Access::WRITE_OK, "write"), (Access::EXEC_OK, "enter")];
    let wanted = if found.is_dir() { &wanted[..] } else { &wanted[..2] };
    let missing: Vec<&str> =
        wanted.iter().filter(|(right, _)| access(part, *right).is_err()).map(|(_, word)| *word).collect();
    let me = rustix::process::geteuid().as_raw();
    let (owner, mode) = (found.uid(), found.mode() & 0o7777);
    let part = part.display();
    if missing.is_empty() {
        return format!("user {me} may not change {part}, which belongs to user {owner} (mode {mode:04o})");
    }
    format!(
        "user {me} lacks the permission to {} {part}, which belongs to user {owner} (mode {mode:04o}); give it with chown \
         or chmod, or name another folder with --data",
        missing.join(" and ")
    )
}

#[cfg(not(unix))]
fn permission(_: &Path) -> String {
    "permission is denied; give this user the right to read and write there, or name another folder with --data".into()
}

#[cfg(test)]
mod tests {
    use std::io::{Error, ErrorKind};
    use std::path::Path;

    use super::unusable;

    #[test]
    fn every_cause_comes_with_the_file_and_a_next_step() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let file = folder.path().join("a/b");
        for kind in [
            ErrorKind::PermissionDenied,
            ErrorKind::ReadOnlyFilesystem,
            ErrorKind::StorageFull,
            ErrorKind::AlreadyExists,
        ] {
            let text = unusable(&file, Error::from(kind)).to_string();
            assert!(text.contains("a/b") && !text.is_empty(), "{text}");
        }
        let text = unusable(Path::new("/nowhere/x"), Error::from(ErrorKind::StorageFull)).to_string();
        assert!(text.contains("free some space"), "{text}");
    }
}
