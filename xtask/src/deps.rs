//! The arrows between the workspace's crates: they point one way, and only as this table allows; nor do the files of a
//! crate need each other in a circle.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use serde_json::Value;

use crate::{circles, sizes};

/// What each crate may depend on. A crate that is not listed may not exist; tests may use stores besides.
const ALLOWED: &[(&str, &[&str])] = &[
    ("zuno-model", &[]),
    ("zuno-notation", &[]),
    ("zuno-urls", &[]),
    ("zuno-intercept", &[]),
    ("zuno-recording", &[]),
    ("zuno-catalogue", &["zuno-notation", "zuno-model"]),
    ("zuno-store", &["zuno-model"]),
    ("zuno-telemetry", &["zuno-model"]),
    ("zuno-identity", &["zuno-model"]),
    ("zuno-endpoints", &["zuno-model"]),
    ("zuno-policy", &["zuno-urls"]),
    ("zuno-store-sqlite", &["zuno-store", "zuno-model"]),
    ("zuno-store-postgres", &["zuno-store", "zuno-model"]),
    ("zuno-engine", &["zuno-catalogue", "zuno-model", "zuno-store"]),
    ("zuno-dialect", &["zuno-catalogue", "zuno-engine", "zuno-model"]),
    ("zuno-plan", &["zuno-behaviours", "zuno-catalogue", "zuno-engine", "zuno-model"]),
    (
        "zuno-behaviours",
        &[
            "zuno-catalogue",
            "zuno-endpoints",
            "zuno-engine",
            "zuno-identity",
            "zuno-model",
            "zuno-store",
            "zuno-telemetry",
            "zuno-urls",
        ],
    ),
    ("zuno-client", &["zuno-catalogue", "zuno-model"]),
    ("zuno-console", &["zuno-catalogue", "zuno-model"]),
    (
        "zuno-gateway",
        &[
            "zuno-behaviours",
            "zuno-catalogue",
            "zuno-console",
            "zuno-dialect",
            "zuno-endpoints",
            "zuno-engine",
            "zuno-identity",
            "zuno-intercept",
            "zuno-model",
            "zuno-policy",
            "zuno-recording",
            "zuno-store",
        ],
    ),
    (
        "zuno",
        &[
            "zuno-behaviours",
            "zuno-catalogue",
            "zuno-client",
            "zuno-endpoints",
            "zuno-engine",
            "zuno-gateway",
            "zuno-identity",
            "zuno-intercept",
            "zuno-model",
            "zuno-plan",
            "zuno-policy",
            "zuno-recording",
            "zuno-store",
            "zuno-store-postgres",
            "zuno-store-sqlite",
            "zuno-urls",
        ],
    ),
    ("xtask", &["zuno-catalogue"]),
];

/// What only the rim may know: sockets, async runtimes, databases.
const RIM_ONLY: &[&str] =
    &["tokio", "hyper", "hyper-util", "rustls", "tokio-rustls", "rusqlite", "tokio-postgres", "ureq"];

/// The crates at the rim. The identity crate fetches a client's published keys.
const RIM: &[&str] = &[
    "zuno",
    "zuno-client",
    "zuno-console",
    "zuno-gateway",
    "zuno-identity",
    "zuno-intercept",
    "zuno-store-postgres",
    "zuno-store-sqlite",
];

/// What `cargo metadata` says.
pub fn metadata(root: &Path, arguments: &[&str]) -> Result<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .current_dir(root)
        .args(["metadata", "--format-version=1", "--locked"])
        .args(arguments)
        .output()
        .context("cargo does not start")?;
    ensure!(output.status.success(), "cargo metadata: {}", String::from_utf8_lossy(&output.stderr));
    Ok(serde_json::from_slice(&output.stdout)?)
}

/// A crate with what it depends on: names, and whether only its tests do.
type Crates = BTreeMap<String, BTreeSet<(String, bool)>>;

fn crates(metadata: &Value) -> Crates {
    let mut found = Crates::new();
    for package in metadata["packages"].as_array().into_iter().flatten() {
        let name = package["name"].as_str().unwrap_or_default().to_owned();
        let needed = found.entry(name).or_default();
        for dependency in package["dependencies"].as_array().into_iter().flatten() {
            let target = dependency["name"].as_str().unwrap_or_default().to_owned();
            needed.insert((target, dependency["kind"] == "dev"));
        }
    }
    found
}

fn problems(crates: &Crates) -> Vec<String> {
    let mut problems = Vec::new();
    for (name, needed) in crates {
        let Some((_, allowed)) = ALLOWED.iter().find(|(listed, _)| listed == name) else {
            problems.push(format!("{name} is not in the table: say there what it may depend on"));
            continue;
        };
        for (target, tests) in needed {
            let ours = crates.contains_key(target);
            let for_tests = *tests && target.starts_with("zuno-store-");
            if ours && !for_tests && !allowed.contains(&target.as_str()) {
                problems.push(format!("{name} may not depend on {target}"));
            }
            if !tests && RIM_ONLY.contains(&target.as_str()) && !RIM.contains(&name.as_str()) {
                problems.push(format!("{name} is no crate of the rim: it may not know {target}"));
            }
        }
    }
    problems
}

/// Checks the workspace.
///
/// # Errors
/// Every arrow that is not allowed, every circle between the files of a crate, and every file that is too long.
pub fn run(root: &Path) -> Result<()> {
    let crates = crates(&metadata(root, &["--no-deps"])?);
    let mut problems = problems(&crates);
    problems.extend(circles::problems(root)?);
    problems.extend(sizes::problems(root)?);
    let holds = format!(
        "{} crates depend on each other as allowed, no files in a circle, and none has grown too long",
        crates.len()
    );
    crate::report(&problems, &holds)
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet};

    use super::{ALLOWED, Crates, problems};

    fn workspace(arrows: &[(&str, &str, bool)]) -> Crates {
        let mut crates = Crates::new();
        for (from, to, tests) in arrows {
            crates.entry((*from).to_owned()).or_default().insert(((*to).to_owned(), *tests));
            if to.starts_with("zuno") {
                crates.entry((*to).to_owned()).or_default();
            }
        }
        crates
    }

    #[test]
    fn an_arrow_that_points_up_is_told() {
        assert!(problems(&workspace(&[("zuno-engine", "zuno-store", false)])).is_empty());
        assert_eq!(problems(&workspace(&[("zuno-store", "zuno-engine", false)])).len(), 1);
        assert_eq!(problems(&workspace(&[("zuno-engine", "tokio", false)])).len(), 1);
        assert!(problems(&workspace(&[("zuno-engine", "zuno-store-sqlite", true)])).is_empty());
        assert_eq!(problems(&workspace(&[("zuno-engine", "zuno-store-sqlite", false)])).len(), 1);
        assert_eq!(problems(&workspace(&[("zuno-new", "serde", false)])).len(), 1);
    }

    #[test]
    fn the_table_itself_has_no_circle() {
        let table: BTreeMap<&str, &[&str]> = ALLOWED.iter().copied().collect();
        let mut done: BTreeSet<&str> = BTreeSet::new();
        while done.len() < table.len() {
            let free: Vec<&str> = table
                .iter()
                .filter(|(name, needed)| {
                    !done.contains(*name) && needed.iter().all(|target| done.contains(target))
                })
                .map(|(name, _)| *name)
                .collect();
            assert!(!free.is_empty(), "a circle among {:?}", table.keys().filter(|n| !done.contains(*n)));
            done.extend(free);
        }
    }
}
