//! Everything that must hold before a change is merged, in the order in which a mistake is cheapest to find.

use std::path::Path;
use std::process::Command;
use std::time::Instant;

use anyhow::{Context, Result, ensure};

/// Runs it all; the tests come last, so that their closing lines are.
///
/// # Errors
/// The first part that fails.
pub fn run(root: &Path) -> Result<()> {
    cargo(root, &["fmt", "--all", "--check"])?;
    crate::fmt::run(root, true)?;
    crate::deps::run(root)?;
    crate::behaviours::run(root, true)?;
    crate::licences::run(root)?;
    crate::ledger::run(root)?;
    crate::coverage::run(root, true)?;
    crate::document::run(root, true)?;
    cargo(root, &["clippy", "--workspace", "--all-targets", "--locked", "--", "-D", "warnings"])?;
    denied(root)?;
    cargo(root, &["test", "--workspace", "--locked"])
}

fn cargo(root: &Path, arguments: &[&str]) -> Result<()> {
    println!("\n== cargo {}", arguments.join(" "));
    let started = Instant::now();
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status =
        Command::new(cargo).current_dir(root).args(arguments).status().context("cargo does not start")?;
    ensure!(status.success(), "cargo {} failed", arguments.join(" "));
    println!("== done in {} s", started.elapsed().as_secs());
    Ok(())
}

/// What cargo-deny knows beyond licences, where it is installed: bans, sources, and published advisories.
fn denied(root: &Path) -> Result<()> {
    let installed =
        Command::new("cargo-deny").arg("--version").output().is_ok_and(|output| output.status.success());
    if !installed {
        println!("cargo-deny is not installed: bans and advisories are not checked");
        return Ok(());
    }
    cargo(root, &["deny", "--offline", "--log-level", "error", "check", "bans", "licenses", "sources"])?;
    let fetched = Command::new("cargo-deny").current_dir(root).args(["fetch", "db"]).output();
    if !fetched.is_ok_and(|output| output.status.success()) {
        println!("the advisory database is out of reach: advisories are not checked");
        return Ok(());
    }
    cargo(root, &["deny", "check", "advisories"])
}
