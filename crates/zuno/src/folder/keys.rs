//! The server's keys as files of their own below `keys`, which only the user may read.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use zuno_identity::{KeyStore, KeyStoreError};

/// The keys of a data folder.
pub struct KeyFolder {
    path: PathBuf,
}

impl KeyFolder {
    /// The keys below a data folder; the first one that is kept makes the place.
    pub fn of(folder: &Path) -> KeyFolder {
        KeyFolder { path: folder.join("keys") }
    }

    /// The keys in a folder of their own.
    pub fn at(path: &Path) -> KeyFolder {
        KeyFolder { path: path.to_owned() }
    }

    fn failed(&self, doing: &str, name: &str, cause: io::Error) -> KeyStoreError {
        let path = self.path.join(name);
        let cause = super::unusable(&path, cause);
        KeyStoreError { what: format!("cannot {doing} the key `{name}`: {cause}"), cause: None }
    }

    fn write(&self, name: &str, key: &[u8]) -> io::Result<bool> {
        super::make_private(&self.path)?;
        let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(&self.path)?;
        file.write_all(key)?;
        // Before the database is: what is sealed with a key that a power cut took is lost.
        file.as_file().sync_all()?;
        let made = match file.persist_noclobber(self.path.join(name)) {
            Ok(_) => true,
            Err(lost) if lost.error.kind() == io::ErrorKind::AlreadyExists => false,
            Err(lost) => return Err(lost.error),
        };
        #[cfg(unix)]
        File::open(&self.path)?.sync_all()?;
        Ok(made)
    }
}

impl KeyStore for KeyFolder {
    fn key(&self, name: &str) -> Result<Option<Vec<u8>>, KeyStoreError> {
        let path = self.path.join(name);
        match fs::read(&path) {
            Ok(key) => {
                super::close_to_others(&path, 0o600).map_err(|cause| self.failed("close", name, cause))?;
                Ok(Some(key))
            }
            Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(cause) => Err(self.failed("read", name, cause)),
        }
    }

    fn keep(&self, name: &str, key: &[u8]) -> Result<Vec<u8>, KeyStoreError> {
        if self.write(name, key).map_err(|cause| self.failed("keep", name, cause))? {
            return Ok(key.to_vec());
        }
        Ok(self.key(name)?.unwrap_or_else(|| key.to_vec()))
    }
}

#[cfg(test)]
mod tests {
    use zuno_identity::KeyStore as _;

    use super::KeyFolder;

    #[test]
    fn a_key_is_a_file_that_the_user_alone_reads_and_that_stays() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let keys = KeyFolder::of(folder.path());
        assert_eq!(keys.key("pepper").expect("nothing is there"), None);
        assert!(!folder.path().join("keys").exists());
        assert_eq!(keys.keep("pepper", b"one").expect("it is kept"), b"one");
        assert_eq!(keys.keep("pepper", b"two").expect("the first stays"), b"one");
        assert_eq!(std::fs::read_dir(folder.path().join("keys")).expect("a folder").count(), 1);
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let file = folder.path().join("keys/pepper");
            let mode = || file.metadata().expect("a file").permissions().mode() & 0o777;
            assert_eq!(mode(), 0o600);
            std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).expect("it is opened");
            keys.key("pepper").expect("it is read");
            assert_eq!(mode(), 0o600, "a restored key is closed again");
        }
    }
}
