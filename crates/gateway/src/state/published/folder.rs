//! A folder of documents, read again when it changes: what was good stays when a file is spoilt.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use zuno_endpoints::{Edition, EditionError};

/// How long a folder is taken for unchanged without a look.
const LOOK: Duration = Duration::from_secs(1);

/// Why a folder cannot be published.
#[derive(Debug, thiserror::Error)]
pub enum FolderError {
    /// It cannot be read.
    #[error("the folder of service endpoints {path} cannot be read")]
    Unreadable {
        /// The folder.
        path: PathBuf,
        /// Why.
        #[source]
        cause: std::io::Error,
    },
    /// A file in it is not what it should be.
    #[error("the folder of service endpoints {path} cannot be published")]
    Wrong {
        /// The folder.
        path: PathBuf,
        /// What is wrong.
        #[source]
        cause: Box<EditionError>,
    },
    /// It holds no document.
    #[error(
        "the folder of service endpoints {0} holds no file named CLOUD.KIND.json, such as zscaler.net.cenr.json"
    )]
    Nothing(PathBuf),
}

/// A folder, and what it held when it was last looked at.
pub(super) struct Folder {
    path: PathBuf,
    /// The built-in edition answers for what is not in it, or cannot be read.
    mirrored: bool,
    edition: Arc<Edition>,
    looked: Instant,
    signs: Vec<Sign>,
}

/// By which a file's change is known: name, size, and time of its last change.
type Sign = (String, u64, SystemTime);

impl Folder {
    /// Reads a folder.
    pub fn open(path: &Path, mirrored: bool) -> Result<Folder, FolderError> {
        let signs = signs(path)?;
        let edition = Arc::new(read(path, &signs, mirrored)?);
        Ok(Folder { path: path.to_owned(), mirrored, edition, looked: Instant::now(), signs })
    }

    /// What it holds now; what it held, if that cannot be had, which is told.
    pub fn edition(&mut self) -> Arc<Edition> {
        if self.looked.elapsed() >= LOOK {
            self.looked = Instant::now();
            if let Err(wrong) = self.look() {
                warn(&wrong, "what was published stays");
            }
        }
        Arc::clone(&self.edition)
    }

    fn look(&mut self) -> Result<(), FolderError> {
        let signs = signs(&self.path)?;
        if signs == self.signs {
            return Ok(());
        }
        let read = read(&self.path, &signs, self.mirrored);
        // What is wrong with these files is told once; what cannot be read now may be the next time.
        if !matches!(read, Err(FolderError::Unreadable { .. })) {
            self.signs = signs;
        }
        self.edition = Arc::new(read?);
        Ok(())
    }
}

fn warn(wrong: &FolderError, so: &str) {
    let mut why = wrong.to_string();
    let mut cause = std::error::Error::source(wrong);
    while let Some(deeper) = cause {
        why = format!("{why}: {deeper}");
        cause = deeper.source();
    }
    tracing::warn!("{why}; {so}");
}

fn signs(path: &Path) -> Result<Vec<Sign>, FolderError> {
    let unreadable = |cause| FolderError::Unreadable { path: path.to_owned(), cause };
    let mut signs = Vec::new();
    for entry in std::fs::read_dir(path).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let wanted = !name.starts_with('.') && (name.ends_with(".json") || name.ends_with(".txt"));
        if wanted {
            let about = std::fs::metadata(entry.path()).map_err(unreadable)?;
            signs.push((name, about.len(), about.modified().map_err(unreadable)?));
        }
    }
    signs.sort();
    Ok(signs)
}

fn read(path: &Path, signs: &[Sign], mirrored: bool) -> Result<Edition, FolderError> {
    let mut edition = if mirrored { Edition::built_in().clone() } else { Edition::default() };
    for (name, _, modified) in signs {
        let unreadable = |cause| FolderError::Unreadable { path: path.to_owned(), cause };
        let body = std::fs::read(path.join(name)).map_err(unreadable)?;
        let modified = modified.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs();
        let wrong = |cause| FolderError::Wrong { path: path.to_owned(), cause: Box::new(cause) };
        match edition.add(name, body, modified).map_err(wrong) {
            // The mirror fetches it anew.
            Err(wrong) if mirrored => warn(&wrong, "the built-in edition answers in its place"),
            outcome => outcome?,
        }
    }
    if edition.iter().next().is_none() {
        return Err(FolderError::Nothing(path.to_owned()));
    }
    Ok(edition)
}
