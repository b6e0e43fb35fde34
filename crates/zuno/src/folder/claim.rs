//! One server to a folder: a lock that the system takes back when its process ends however it ends, and a note that says
//! which process that is and where it listens.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::{Path, PathBuf};

use anyhow::{Result, bail};
use serde_json::{Value, json};

use super::unusable::unusable;

/// The right to a data folder: nobody else has it while this lives.
pub struct Claim {
    /// INVARIANT: closed after the note is gone, so that a note is never another's.
    _lock: File,
    note: PathBuf,
}

impl Claim {
    /// Takes the folder, and leaves the note without an address yet.
    ///
    /// # Errors
    /// Another process has it, which is named; or the folder cannot be locked.
    pub fn take(folder: &Path) -> Result<Claim> {
        let path = folder.join("lock");
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        #[cfg(unix)]
        {
            use std::os::unix::fs::OpenOptionsExt as _;
            options.mode(0o600);
        }
        let lock = options.open(&path).map_err(|cause| unusable(&path, cause))?;
        match lock.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => bail!(taken(folder)),
            Err(TryLockError::Error(cause)) => {
                bail!(
                    "cannot lock {}: {cause}; a data folder must be where files can be locked",
                    path.display()
                )
            }
        }
        let claim = Claim { _lock: lock, note: note(folder) };
        claim.write(&json!({"process": std::process::id()}))?;
        Ok(claim)
    }

    /// Tells in the note where the server listens.
    pub fn tell(&self, bound: SocketAddr) -> Result<()> {
        self.write(&json!({"address": bound.to_string(), "process": std::process::id()}))
    }

    fn write(&self, note: &Value) -> Result<()> {
        fs::write(&self.note, format!("{note:#}\n")).map_err(|cause| unusable(&self.note, cause))
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.note);
    }
}

/// Where the folder's server listens, by its note. A server that was killed leaves its note behind.
pub fn address(folder: &Path) -> Option<SocketAddr> {
    let mut address: SocketAddr = read(folder)?.get("address")?.as_str()?.parse().ok()?;
    if address.ip().is_unspecified() {
        address.set_ip(match address {
            SocketAddr::V4(_) => Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => Ipv6Addr::LOCALHOST.into(),
        });
    }
    Some(address)
}

fn taken(folder: &Path) -> String {
    let process = read(folder).and_then(|note| note.get("process")?.as_u64());
    let process = process.map_or("another process".into(), |id| format!("process {id}"));
    let shown = folder.display();
    match address(folder) {
        Some(address) => format!(
            "{process} serves {shown} at http://{address}: use that server (--server http://{address}), stop it, or name \
             another folder with --data"
        ),
        None => format!("{process} is starting on {shown}: wait for it, or name another folder with --data"),
    }
}

fn read(folder: &Path) -> Option<Value> {
    serde_json::from_slice(&fs::read(note(folder)).ok()?).ok()
}

fn note(folder: &Path) -> PathBuf {
    folder.join("server.json")
}

#[cfg(test)]
mod tests {
    use super::{Claim, address};

    #[test]
    fn a_folder_is_one_claims_at_a_time_and_the_second_is_told_whose() {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let first = Claim::take(folder.path()).expect("a free folder");
        first.tell("0.0.0.0:8080".parse().expect("an address")).expect("the note is written");
        let refused = Claim::take(folder.path()).err().expect("it is taken").to_string();
        let own = format!("process {} serves ", std::process::id());
        assert!(refused.starts_with(&own) && refused.contains("http://127.0.0.1:8080"), "{refused}");
        assert!(address(folder.path()).is_some(), "the second leaves the first one's note alone");
        drop(first);
        assert_eq!(address(folder.path()), None);
        Claim::take(folder.path()).expect("free again");
    }
}
