//! What is wrong with the file, in words for whoever runs the server: which file, why, and what to do about it.

use std::path::{Path, PathBuf};

use parking_lot::Mutex;
use rusqlite::ErrorCode;
use zuno_store::StoreError;

/// What went wrong with a database last, if it has not gone well since.
pub struct Watch {
    file: Option<PathBuf>,
    seen: Mutex<Option<Trouble>>,
}

/// A trouble that lies in the file or in its disk, and not in a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Trouble {
    Full,
    Damaged,
    ReadOnly,
    Unreadable,
    Disk,
}

impl Watch {
    /// Watches a file, or a database in memory.
    pub fn new(file: Option<&Path>) -> Watch {
        Watch { file: file.map(Path::to_owned), seen: Mutex::new(None) }
    }

    /// The error to give for what went wrong while something was done; remembered if it lies in the file.
    pub fn told(&self, doing: &str, cause: rusqlite::Error) -> StoreError {
        // What fails after the file did fails for that: SQLite has given the transaction up by itself.
        let trouble = Trouble::of(&cause).or_else(|| *self.seen.lock());
        let Some(trouble) = trouble else { return StoreError::because(doing, cause) };
        self.note(trouble);
        StoreError::because(format!("{doing}: {} {}; {}", self.named(), trouble.why(), trouble.next()), cause)
    }

    /// A page of the file was found to be damaged while something was done.
    pub fn damaged(&self, doing: &str, found: &str) -> StoreError {
        let trouble = Trouble::Damaged;
        self.note(trouble);
        StoreError::because(format!("{doing}: {} {}; {}", self.named(), trouble.why(), trouble.next()), found)
    }

    /// A commit has come through: nothing is wrong any more, but what is damaged stays so.
    pub fn went_well(&self) {
        let mut seen = self.seen.lock();
        if *seen != Some(Trouble::Damaged) {
            *seen = None;
        }
    }

    /// What is wrong now, and what to do.
    pub fn trouble(&self) -> Option<String> {
        self.seen.lock().map(|trouble| format!("the database {}; {}", trouble.why(), trouble.next()))
    }

    fn note(&self, trouble: Trouble) {
        let mut seen = self.seen.lock();
        if *seen != Some(Trouble::Damaged) {
            *seen = Some(trouble);
        }
    }

    fn named(&self) -> String {
        self.file
            .as_ref()
            .map_or("the database in memory".into(), |file| format!("the database {}", file.display()))
    }
}

impl Trouble {
    fn of(cause: &rusqlite::Error) -> Option<Trouble> {
        use rusqlite::Error as E;
        let error = match cause {
            E::SqliteFailure(error, _) => error,
            // The tables are strict: another type than theirs was never written.
            E::InvalidColumnType(..) | E::FromSqlConversionFailure(..) | E::Utf8Error(..) => {
                return Some(Trouble::Damaged);
            }
            _ => return None,
        };
        // The second byte tells apart what the first calls an I/O error.
        let shared_memory_is_full = error.extended_code == rusqlite::ffi::SQLITE_IOERR_SHMSIZE;
        Some(match error.code {
            ErrorCode::DiskFull => Trouble::Full,
            ErrorCode::SystemIoFailure if shared_memory_is_full => Trouble::Full,
            ErrorCode::SystemIoFailure => Trouble::Disk,
            ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase => Trouble::Damaged,
            ErrorCode::ReadOnly => Trouble::ReadOnly,
            ErrorCode::CannotOpen | ErrorCode::PermissionDenied => Trouble::Unreadable,
            _ => return None,
        })
    }

    fn why(self) -> &'static str {
        match self {
            Trouble::Full => "has no room: its disk is full",
            Trouble::Damaged => "is damaged",
            Trouble::ReadOnly => "may not be written",
            Trouble::Unreadable => "cannot be opened",
            Trouble::Disk => "cannot be reached: its disk reports an error",
        }
    }

    fn next(self) -> &'static str {
        match self {
            Trouble::Full => {
                "free some space: writing goes on by itself then, and nothing that was told is lost"
            }
            Trouble::Damaged => "stop the server, and restore the data folder from a back-up",
            Trouble::ReadOnly | Trouble::Unreadable => {
                "give this process permission to read and write the file and its folder, on a file system that is mounted \
                 for writing"
            }
            Trouble::Disk => {
                "see the system's log for the disk, and restore the data folder on one that works"
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use rusqlite::{Error, ffi};

    use super::Watch;

    fn failure(code: i32) -> Error {
        Error::SqliteFailure(ffi::Error::new(code), None)
    }

    #[test]
    fn the_file_the_cause_and_the_next_step_are_told() {
        for (code, why, next) in [
            (ffi::SQLITE_FULL, "disk is full", "free some space"),
            (ffi::SQLITE_IOERR_SHMSIZE, "disk is full", "free some space"),
            (ffi::SQLITE_CORRUPT, "is damaged", "back-up"),
            (ffi::SQLITE_NOTADB, "is damaged", "back-up"),
            (ffi::SQLITE_READONLY, "may not be written", "permission"),
            (ffi::SQLITE_CANTOPEN, "cannot be opened", "permission"),
            (ffi::SQLITE_IOERR_READ, "reports an error", "system's log"),
        ] {
            let watch = Watch::new(Some(Path::new("/x/zuno.db")));
            let text = watch.told("a commit failed", failure(code)).to_string();
            assert!(text.starts_with("a commit failed: the database /x/zuno.db "), "{text}");
            assert!(text.contains(why) && text.contains(next), "{text}");
            let state = watch.trouble().expect("it is remembered");
            assert!(state.contains(why) && !state.contains("/x"), "{state}");
        }
    }

    #[test]
    fn damage_lasts_and_a_full_disk_is_over_once_a_commit_went_well() {
        let watch = Watch::new(None);
        watch.told("a commit failed", failure(ffi::SQLITE_FULL));
        watch.went_well();
        assert_eq!(watch.trouble(), None);
        watch.told("a look-up failed", failure(ffi::SQLITE_CORRUPT));
        watch.told("a commit failed", failure(ffi::SQLITE_FULL));
        watch.went_well();
        assert!(watch.trouble().is_some_and(|text| text.contains("damaged")));
        let watch = Watch::new(None);
        watch.told("a change failed", failure(ffi::SQLITE_CONSTRAINT));
        assert_eq!(watch.trouble(), None, "a statement's own failure is no trouble of the file");
    }
}
