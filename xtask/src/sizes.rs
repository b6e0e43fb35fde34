//! How long files are: one that grows past its size has grown past one idea.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};

/// The most lines of a file.
const MOST: usize = 400;

/// Every file of the crates that is too long, a line each.
pub fn problems(root: &Path) -> Result<Vec<String>> {
    let mut found = Vec::new();
    look(root, &root.join("crates"), &mut found)?;
    found.sort();
    Ok(found)
}

fn look(root: &Path, folder: &Path, found: &mut Vec<String>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    for path in entries.filter_map(Result::ok).map(|entry| entry.path()) {
        if path.is_dir() {
            look(root, &path, found)?;
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let lines = fs::read_to_string(&path)?.lines().count();
            if lines > MOST {
                let name = path.strip_prefix(root).unwrap_or(&path).display();
                found.push(format!("{name} has {lines} lines, {MOST} are the most: split it by idea"));
            }
        }
    }
    Ok(())
}
