//! Licences and sources of everything that is built in, by the list in `deny.toml`; needs no network.

use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde_json::Value;
use spdx::{Expression, LicenseReq, Licensee};

/// Checks every package that the lock file names.
///
/// # Errors
/// Every package whose licence is not allowed or cannot be read, and every one from elsewhere than the registry.
pub fn run(root: &Path) -> Result<()> {
    let allowed = allowed(&fs::read_to_string(root.join("deny.toml"))?)?;
    let metadata = crate::deps::metadata(root, &["--all-features"])?;
    let packages = metadata["packages"].as_array().context("cargo metadata lists packages")?;
    let problems: Vec<String> = packages.iter().filter_map(|package| problem(package, &allowed)).collect();
    crate::report(&problems, &format!("{} packages have an allowed licence", packages.len()))
}

fn allowed(text: &str) -> Result<Vec<Licensee>> {
    let file: toml::Table = text.parse().context("deny.toml")?;
    let list = file.get("licenses").and_then(|part| part.get("allow")).and_then(toml::Value::as_array);
    let list = list.context("deny.toml has no `licenses.allow`")?;
    list.iter()
        .map(|name| {
            let name = name.as_str().context("deny.toml: `licenses.allow` holds names")?;
            Licensee::parse(name).map_err(|wrong| anyhow::anyhow!("deny.toml: {wrong}"))
        })
        .collect()
}

fn problem(package: &Value, allowed: &[Licensee]) -> Option<String> {
    let text = |member: &str| package[member].as_str().unwrap_or_default();
    let named = format!("{} {}", text("name"), text("version"));
    let source = text("source");
    if !source.is_empty() && !source.starts_with("registry+") {
        return Some(format!("{named} is not from the registry: {source}"));
    }
    // Older packages part the names by a slash.
    let licence = text("license").replace('/', " OR ");
    let satisfied = |wanted: &LicenseReq| allowed.iter().any(|licensee| licensee.satisfies(wanted));
    match Expression::parse(&licence) {
        Err(_) => Some(format!("{named} has no licence that can be read: `{licence}`")),
        Ok(expression) if expression.evaluate(satisfied) => None,
        Ok(_) => Some(format!("{named} is under {licence}, which deny.toml does not allow")),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{allowed, problem};

    #[test]
    fn one_of_several_licences_is_enough_and_all_of_a_conjunction_are_needed() {
        let allowed = allowed("[licenses]\nallow = [\"MIT\", \"ISC\"]").expect("a list of licences");
        let package = |licence: &str| json!({"name": "x", "version": "1.0.0", "license": licence});
        assert_eq!(problem(&package("MIT OR GPL-3.0-only"), &allowed), None);
        assert_eq!(problem(&package("MIT/Apache-2.0"), &allowed), None);
        assert!(problem(&package("MIT AND GPL-3.0-only"), &allowed).is_some());
        assert!(problem(&package(""), &allowed).is_some());
        let mut elsewhere = package("MIT");
        elsewhere["source"] = json!("git+https://example.test/x");
        assert!(problem(&elsewhere, &allowed).is_some());
    }
}
