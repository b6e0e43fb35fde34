//! What a server has of its data folder: the right to it, and the database unless that is elsewhere.

use std::path::Path;
use std::sync::Arc;

use anyhow::Result;
use zuno_catalogue::Catalogue;
use zuno_gateway::{Cloud, Options};
use zuno_store_sqlite::SqliteStore;

use super::Behaviour;
use crate::folder::{self, Claim, Credentials, KeyFolder};

/// The database's name in the folder.
const DATABASE: &str = "zuno.db";

/// A data folder that is this process's alone.
pub struct Folder {
    /// The database in it.
    pub file: Option<Arc<SqliteStore>>,
    /// The right to the folder, given up last.
    pub claim: Claim,
}

impl Folder {
    /// Whether there is a database in a folder.
    pub fn is_one(path: &Path) -> bool {
        path.join(DATABASE).exists()
    }

    /// Claims a folder, which is made if there is none.
    pub fn claim(path: &Path) -> Result<Claim> {
        folder::make(path)?;
        Claim::take(path)
    }

    /// Opens the database of a folder that is claimed.
    pub fn of(path: &Path, claim: Claim) -> Result<Folder> {
        Ok(Folder { file: Some(Arc::new(SqliteStore::open(&path.join(DATABASE))?)), claim })
    }

    /// A folder that is claimed, of a server whose database is elsewhere.
    pub fn without_database(claim: Claim) -> Folder {
        Folder { file: None, claim }
    }

    /// A client that the options fix works from this start on: the folder's credentials tell no older secret of it.
    pub fn keep_told(path: &Path, options: &Behaviour) -> Result<()> {
        let (Some(id), Some(secret)) = (&options.client_id, &options.client_secret) else { return Ok(()) };
        let kept =
            Credentials::kept(path).filter(|kept| kept.client_id == *id && kept.client_secret != *secret);
        kept.map_or(Ok(()), |kept| Credentials { client_secret: secret.clone(), ..kept }.keep(path))
    }

    /// The cloud of a folder without a listener, to see to something while no server runs.
    pub fn open(path: &Path) -> Result<Offline> {
        let claim = Folder::claim(path)?;
        let store = Arc::new(SqliteStore::open(&path.join(DATABASE))?);
        let keys = Arc::new(KeyFolder::of(path));
        let cloud = Cloud::open(store, keys, Catalogue::compiled(), Options::default())?;
        Ok(Offline { cloud, _claim: claim })
    }
}

/// The cloud of a folder, without a server.
pub struct Offline {
    cloud: Arc<Cloud>,
    _claim: Claim,
}

impl std::ops::Deref for Offline {
    type Target = Cloud;

    fn deref(&self) -> &Cloud {
        &self.cloud
    }
}
