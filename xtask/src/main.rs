//! What keeps the repository true, as `cargo xtask …`.

mod behaviours;
mod check;
mod circles;
mod coverage;
mod deps;
mod document;
mod draft;
mod fmt;
mod ledger;
mod licences;
mod new;
mod scenarios;
mod sizes;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Result;
use clap::{Parser, Subcommand};

/// Checks and generators of this repository.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Everything that must hold before a change is merged: formatting, lints, arrows, licences, pages, tests.
    Check,
    /// The workspace's crates depend on each other only as the table here allows, and no files of a crate in a circle.
    Deps,
    /// Gives the catalogue's files their form.
    Fmt {
        /// Write nothing; fail when a file has another form.
        #[arg(long)]
        check: bool,
    },
    /// Prints how many resources need a behaviour that only their own product has.
    Behaviours {
        /// Fail when a product has more of them than it may.
        #[arg(long)]
        check: bool,
    },
    /// Every crate's licence is one that `deny.toml` allows, and every crate is from the registry.
    Licences,
    /// The ledger agrees with the catalogue, the scenarios and the fields' docs.
    Ledger,
    /// Writes the coverage page.
    Coverage {
        /// Write nothing; fail when the page differs.
        #[arg(long)]
        check: bool,
    },
    /// Writes the list of the OpenAPI document's operations, each with a digest of what it promises.
    Openapi {
        /// Write nothing; fail when the list differs.
        #[arg(long)]
        check: bool,
    },
    /// Lays out a resource file and a scenario for some absent operations of the ledger.
    New {
        /// The product: zia, zpa, …
        product: String,
        /// The resource as the ledger has it: `dns_gateway`.
        resource: String,
        /// Draft its members from the inventory of the wire in this folder, one JSON file a product.
        #[arg(long, value_name = "FOLDER")]
        wire: Option<PathBuf>,
    },
}

/// The repository's root.
fn root() -> PathBuf {
    // As cargo runs it, so that a binary built in one checkout can look after another.
    let own = std::env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| env!("CARGO_MANIFEST_DIR").into());
    Path::new(&own).parent().map(Path::to_owned).unwrap_or_default()
}

fn main() -> ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(wrong) => {
            eprintln!("xtask: {wrong:#}");
            ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> Result<()> {
    let root = root();
    match command {
        Command::Check => check::run(&root),
        Command::Deps => deps::run(&root),
        Command::Fmt { check } => fmt::run(&root, check),
        Command::Behaviours { check } => behaviours::run(&root, check),
        Command::Licences => licences::run(&root),
        Command::Ledger => ledger::run(&root),
        Command::Coverage { check } => coverage::run(&root, check),
        Command::Openapi { check } => document::run(&root, check),
        Command::New { product, resource, wire } => new::run(&root, &product, &resource, wire.as_deref()),
    }
}

/// Fails with every problem, one a line; says what holds when there is none.
fn report(problems: &[String], holds: &str) -> Result<()> {
    if problems.is_empty() {
        println!("{holds}");
        return Ok(());
    }
    anyhow::bail!("{} problem(s)\n{}", problems.len(), problems.join("\n"))
}

/// Writes a generated page, or tells that it differs.
fn page(path: &Path, text: &str, check: bool, command: &str) -> Result<()> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    if check {
        let held = std::fs::read_to_string(path).unwrap_or_default();
        anyhow::ensure!(
            held == text,
            "{name} is not what the catalogue says: run `cargo xtask {command}` and commit it"
        );
        println!("{name} is up to date");
        return Ok(());
    }
    std::fs::write(path, text)?;
    println!("wrote {name}");
    Ok(())
}
