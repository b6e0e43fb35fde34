//! `zuno endpoints map`: the data centres on a map of the world.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use zuno_endpoints::{Cenr, Change, Chart, Document};

use super::allowlist::replace;
use super::source::{Loaded, Source, read_file};
use crate::Usage;
use crate::table::print;

/// Options of `zuno endpoints map`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints map --live --output datacentres.svg
  zuno endpoints map --file new.json --since old.json --output changes.svg

The picture is SVG, or a page if the file's name ends in .html; a data centre tells its ranges and hosts when the pointer
rests on it. With --since, what came is green, what went is red, and what changed is amber.")]
pub struct Map {
    /// The file to write; standard output otherwise.
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
    /// An older document: shows what changed since.
    #[arg(long, value_name = "FILE")]
    since: Option<PathBuf>,
    /// Which documents.
    #[command(flatten)]
    source: Source,
}

/// Runs the command.
pub fn run(options: &Map) -> Result<ExitCode> {
    let now = cenr(options.source.load()?)?;
    let old = options.since.as_ref().map(|path| cenr(vec![read_file(path)?])).transpose()?;
    let chart = match &old {
        None => Chart::of(&now),
        Some(old) => {
            let change = Change::between(&Document::Cenr(old.clone()), &Document::Cenr(now.clone()))?;
            Chart::of_change(old, &now, &change)
        }
    };
    let page = |path: &PathBuf| path.extension().is_some_and(|name| name == "html" || name == "htm");
    let picture = if options.output.as_ref().is_some_and(page) { chart.to_html() } else { chart.to_svg() };
    match &options.output {
        None => print(&picture)?,
        Some(path) => drop(replace(path, picture.as_bytes())?),
    }
    Ok(ExitCode::SUCCESS)
}

fn cenr(loaded: Vec<Loaded>) -> Result<Cenr> {
    match loaded.into_iter().next() {
        Some(Loaded { document: Document::Cenr(cenr), .. }) => Ok(cenr),
        Some(other) => {
            bail!(Usage(format!("{} names no places: only the kind `cenr` can be drawn", other.from)));
        }
        None => bail!(Usage("there is no document".into())),
    }
}
