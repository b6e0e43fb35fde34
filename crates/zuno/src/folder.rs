//! The data folder: where the database, the local CA and the first client's credentials are.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zuno_gateway::NewTenant;

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
    fs::create_dir_all(path).with_context(|| format!("cannot make the data folder {}", path.display()))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o700))
            .with_context(|| format!("cannot close {} to others", path.display()))?;
    }
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

    /// Writes them into a file that only the user may read.
    pub fn keep(&self, folder: &Path) -> Result<()> {
        let path = credentials(folder);
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let text = serde_json::to_string_pretty(self)?;
        let written = options.open(&path).and_then(|mut file| writeln!(file, "{text}"));
        written.with_context(|| format!("cannot write {}", path.display()))
    }

    /// Those that a folder keeps, if there are any.
    pub fn kept(folder: &Path) -> Option<Credentials> {
        serde_json::from_slice(&fs::read(credentials(folder)).ok()?).ok()
    }
}

/// The note in the folder that says where its server listens; it goes when the server stops.
pub struct Running {
    path: PathBuf,
}

impl Running {
    /// Leaves the note.
    pub fn tell(folder: &Path, bound: SocketAddr) -> Result<Running> {
        let path = Running::at(folder);
        let text = json!({"address": bound.to_string(), "process": std::process::id()});
        fs::write(&path, format!("{text:#}\n"))
            .with_context(|| format!("cannot write {}", path.display()))?;
        Ok(Running { path })
    }

    /// Where the folder's server listens, by its note. A server that was killed leaves its note behind.
    pub fn address(folder: &Path) -> Option<SocketAddr> {
        let note: Value = serde_json::from_slice(&fs::read(Running::at(folder)).ok()?).ok()?;
        let mut address: SocketAddr = note.get("address")?.as_str()?.parse().ok()?;
        if address.ip().is_unspecified() {
            address.set_ip(match address {
                SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
                SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
            });
        }
        Some(address)
    }

    fn at(folder: &Path) -> PathBuf {
        folder.join("server.json")
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.path);
    }
}
