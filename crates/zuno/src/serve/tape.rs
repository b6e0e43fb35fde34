//! The file of a recording: whole after each exchange, readable by its user alone, and no longer than it may be.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context as _, Result, bail};
use zuno_intercept::files;
use zuno_recording::{AFTER, BEFORE, BETWEEN, Exchange, read};

/// The longest file, in bytes.
pub const LARGEST: u64 = 64 << 20;

/// A file that exchanges are added to.
pub struct Tape {
    path: PathBuf,
    most: u64,
    reel: Mutex<Reel>,
}

/// What one writer at a time has.
struct Reel {
    file: File,
    /// Where the last exchange ends, in bytes.
    end: u64,
    /// There is none yet.
    is_empty: bool,
    /// Nothing more is kept.
    is_over: bool,
}

impl Tape {
    /// Opens a file, new or with a recording that goes on. What was torn off at its end is taken away.
    ///
    /// # Errors
    /// It cannot be written, is no recording, or another server records there.
    pub fn open(path: &Path, most: u64) -> Result<Tape> {
        let shown = path.display();
        let mut file = locked(path)?;
        let mut bytes = Vec::new();
        let length = (&mut file)
            .take(most + 1)
            .read_to_end(&mut bytes)
            .with_context(|| format!("cannot read {shown}"))?;
        if u64::try_from(length).unwrap_or(u64::MAX) >= most {
            bail!("{shown} has the {most} bytes already that a recording has at most: name another file");
        }
        let known = if bytes.is_empty() {
            Default::default()
        } else {
            read(&bytes).with_context(|| format!("{shown} is no recording"))?
        };
        let whole = !known.exchanges.is_empty() && !known.is_torn && bytes.ends_with(AFTER.as_bytes());
        if !whole {
            let texts: Vec<String> = known.exchanges.iter().map(Exchange::to_string).collect();
            bytes = format!("{BEFORE}{}{AFTER}", texts.join(BETWEEN)).into_bytes();
            // The old file is there until the new one is whole.
            files::replace(path, &bytes, files::Readers::User)
                .with_context(|| format!("cannot write {shown}"))?;
            file = locked(path)?;
        }
        let end = u64::try_from(bytes.len() - AFTER.len()).unwrap_or(u64::MAX);
        let reel = Reel { file, end, is_empty: known.exchanges.is_empty(), is_over: false };
        Ok(Tape { path: path.to_owned(), most, reel: Mutex::new(reel) })
    }

    /// Adds an exchange. Where that cannot be done, it is said once, and nothing more is added: a conversation with gaps says
    /// what never was.
    pub fn keep(&self, exchange: &Exchange) {
        let mut reel = self.reel();
        if reel.is_over {
            return;
        }
        let path = self.path.display();
        match reel.add(&exchange.to_string(), self.most) {
            Ok(true) => {}
            Ok(false) => {
                reel.is_over = true;
                tracing::error!(
                    "{path} is full: a recording has {} MiB at most. Calls are carried on, and kept no more; to record more, \
                     start the server with another file",
                    self.most >> 20
                );
            }
            Err(cause) => {
                reel.is_over = true;
                tracing::error!("{path} cannot be written: {cause}. Calls are carried on, and kept no more");
            }
        }
    }

    fn reel(&self) -> MutexGuard<'_, Reel> {
        self.reel.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reel {
    /// Writes an exchange over the file's end, and the end behind it, in one go: whoever stops the process in the midst of it
    /// loses this one alone. Says whether there was room.
    fn add(&mut self, exchange: &str, most: u64) -> io::Result<bool> {
        let between = if self.is_empty { "" } else { BETWEEN };
        let text = format!("{between}{exchange}{AFTER}");
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX);
        if self.end.saturating_add(length) > most {
            return Ok(false);
        }
        self.file.seek(SeekFrom::Start(self.end))?;
        let written = self.file.write_all(text.as_bytes());
        if written.is_err() {
            // The disk may be full, and have room for the end that was there.
            self.file.seek(SeekFrom::Start(self.end))?;
            self.file.write_all(AFTER.as_bytes())?;
            self.file.set_len(self.end + u64::try_from(AFTER.len()).unwrap_or_default())?;
        }
        written?;
        self.end += length - u64::try_from(AFTER.len()).unwrap_or_default();
        self.is_empty = false;
        Ok(true)
    }
}

/// A file that nobody else writes.
fn locked(path: &Path) -> Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let shown = path.display();
    let file = options.open(path).with_context(|| format!("cannot write {shown}"))?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => bail!("another server records to {shown}: name another file"),
        Err(TryLockError::Error(cause)) => bail!("cannot lock {shown}: {cause}"),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_recording::{Exchange, read};

    use super::{LARGEST, Tape};

    fn exchange(path: &str) -> Exchange {
        serde_json::from_value(
            json!({ "method": "GET", "path": path, "status": 200, "response": { "a": [1] } }),
        )
        .unwrap()
    }

    fn paths(file: &std::path::Path) -> Vec<String> {
        let kept = read(&std::fs::read(file).unwrap()).unwrap();
        assert!(!kept.is_torn);
        kept.exchanges.into_iter().map(|exchange| exchange.path).collect()
    }

    #[test]
    fn a_file_is_whole_after_each_exchange_and_goes_on_where_it_was() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("r.json");
        let tape = Tape::open(&file, LARGEST).unwrap();
        assert_eq!(paths(&file), Vec::<String>::new());
        for (count, path) in ["/a", "/b", "/c"].into_iter().enumerate() {
            tape.keep(&exchange(path));
            assert_eq!(paths(&file).len(), count + 1);
        }
        assert!(Tape::open(&file, LARGEST).err().unwrap().to_string().contains("another server"));
        drop(tape);
        let whole = std::fs::read(&file).unwrap();
        for torn in [&whole[..], &whole[..whole.len() - 9], b"[", b""] {
            std::fs::write(&file, torn).unwrap();
            let before = read(if torn.is_empty() { b"[]" } else { torn }).unwrap().exchanges.len();
            Tape::open(&file, LARGEST).unwrap().keep(&exchange("/d"));
            let now = paths(&file);
            assert_eq!((now.len(), now.last().map(String::as_str)), (before + 1, Some("/d")));
        }
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
        }
    }

    #[test]
    fn a_full_file_stays_whole_and_nothing_is_written_over_what_is_no_recording() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("r.json");
        let tape = Tape::open(&file, 300).unwrap();
        tape.keep(&exchange("/a"));
        tape.keep(&exchange(&format!("/{}", "b".repeat(300))));
        tape.keep(&exchange("/c"));
        assert_eq!(paths(&file), ["/a"], "no gap");
        drop(tape);
        std::fs::write(&file, "precious notes").unwrap();
        assert!(Tape::open(&file, 300).is_err());
        assert_eq!(std::fs::read_to_string(&file).unwrap(), "precious notes");
    }
}
