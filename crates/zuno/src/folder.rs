//! The data folder: where the database, the server's keys, the local CA and the first client's credentials are.

mod claim;
mod keys;
mod unusable;

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use zuno_gateway::NewTenant;

pub use claim::{Claim, address};
pub use keys::KeyFolder;
pub use unusable::unusable;

/// The folder named, or the platform's own.
pub fn choose(named: Option<&Path>) -> Result<PathBuf> {
    if let Some(named) = named {
        return Ok(named.to_owned());
    }
    let own = directories::ProjectDirs::from("", "", "zuno")
        .context("this platform has no data folder for programs: name one with --data DIR")?;
    Ok(own.data_dir().to_owned())
}

/// Makes the folder, for the user alone.
pub fn make(path: &Path) -> Result<()> {
    make_private(path).map_err(|cause| unusable(path, cause))
}

fn make_private(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)?;
    close_to_others(path, 0o700)
}

/// Takes a file or folder from other users, unless it is closed to them already.
fn close_to_others(path: &Path, mode: u32) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        if path.metadata()?.permissions().mode() & 0o077 != 0 {
            fs::set_permissions(path, fs::Permissions::from_mode(mode))?;
        }
    }
    #[cfg(not(unix))]
    let _ = (path, mode);
    Ok(())
}

/// Where the first client's credentials are kept.
pub fn credentials(folder: &Path) -> PathBuf {
    folder.join("credentials.json")
}

/// Where the files are that clients trust.
pub fn trust(folder: &Path) -> PathBuf {
    folder.join("trust")
}

/// The first client's credentials, as the folder keeps them.
#[derive(Clone, Deserialize, Serialize)]
pub struct Credentials {
    /// The tenant's label in host names.
    pub vanity: String,
    /// Its ZPA customer id.
    pub customer_id: String,
    /// The API client's id.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

impl Credentials {
    /// Those of a tenant that was just made.
    pub fn of(made: &NewTenant) -> Credentials {
        Credentials {
            vanity: made.tenant.vanity.clone(),
            customer_id: made.tenant.customer_id.to_string(),
            client_id: made.client_id.clone(),
            client_secret: made.client_secret.reveal().to_owned(),
        }
    }

    /// Writes them into a file that only the user may read, whole or not at all.
    pub fn keep(&self, folder: &Path) -> Result<()> {
        let path = credentials(folder);
        let text = serde_json::to_string_pretty(self)?;
        let write = || -> io::Result<()> {
            let mut file = tempfile::Builder::new().prefix(".new-").tempfile_in(folder)?;
            writeln!(file, "{text}")?;
            file.as_file().sync_all()?;
            file.persist(&path).map(drop).map_err(|lost| lost.error)
        };
        write().map_err(|cause| unusable(&path, cause))
    }

    /// Those that a folder keeps, if there are any.
    pub fn kept(folder: &Path) -> Option<Credentials> {
        serde_json::from_slice(&fs::read(credentials(folder)).ok()?).ok()
    }
}
