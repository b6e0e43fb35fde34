//! The data folder: where the database, the local CA and the first client's credentials are.

use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

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

/// Writes the first client's credentials into a file that only the user may read.
pub fn keep_credentials(
    folder: &Path,
    vanity: &str,
    customer: i64,
    id: &str,
    secret: &str,
) -> Result<PathBuf> {
    let path = credentials(folder);
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt as _;
        options.mode(0o600);
    }
    let text = json!({"vanity": vanity, "customer_id": customer.to_string(), "client_id": id, "client_secret": secret});
    let written = options.open(&path).and_then(|mut file| writeln!(file, "{text:#}"));
    written.with_context(|| format!("cannot write {}", path.display()))?;
    Ok(path)
}
