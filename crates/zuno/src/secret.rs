//! Secrets that are told in files.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result};

use crate::usage::Usage;

/// A secret out of a file, without the end of its line.
pub fn read_secret(path: &Path) -> Result<String> {
    let text = if path == Path::new("-") {
        let mut text = String::new();
        std::io::stdin().read_to_string(&mut text).map(|_| text)
    } else {
        fs::read_to_string(path)
    };
    let text = text.with_context(|| format!("cannot read the secret in {}", path.display()))?;
    let secret = text.trim();
    if secret.is_empty() {
        return Err(Usage(format!("{} holds no secret", path.display())).into());
    }
    Ok(secret.to_owned())
}
