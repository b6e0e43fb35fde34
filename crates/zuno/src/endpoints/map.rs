//! `zuno endpoints map`: the data centres on a map of the world.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Result, bail};
use clap::Args;
use zuno_endpoints::{Cenr, Change, Chart, Document};

use super::allowlist::replace;
use super::source::{Loaded, Source, read_file};
use crate::table::print;
use crate::usage::Usage;

/// Options of `zuno endpoints map`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints map --live --output datacentres.svg
  zuno endpoints map --file new.json --since old.json --output changes.svg

The picture is SVG, or a page if the file's name ends in .html; a data centre tells its ranges and hosts when the pointer
rests on it. One whose coordinates are on another continent than its heading is drawn hollow, with a question mark. With --since, what came is green, what went is red, and what changed is amber.")]
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
    let page = match options.output.as_deref() {
        None => false,
        Some(path) => is_page(path)?,
    };
    let now = cenr(options.source.load()?)?;
    let old = options.since.as_ref().map(|path| cenr(vec![read_file(path)?])).transpose()?;
    let chart = match &old {
        None => Chart::of(&now),
        Some(old) => {
            let change = Change::between(&Document::Cenr(old.clone()), &Document::Cenr(now.clone()))?;
            Chart::of_change(old, &now, &change)
        }
    };
    let picture = if page { chart.to_html() } else { chart.to_svg() };
    match &options.output {
        None => print(&picture)?,
        Some(path) => drop(replace(path, picture.as_bytes())?),
    }
    Ok(ExitCode::SUCCESS)
}

/// Whether a file is to be a page; else it is a picture.
fn is_page(path: &Path) -> Result<bool> {
    match path.extension().map(|name| name.to_string_lossy().to_ascii_lowercase()).as_deref() {
        Some("html" | "htm") => Ok(true),
        Some("svg") => Ok(false),
        _ => bail!(Usage(format!(
            "`{}` would hold SVG all the same: name it .svg, or .html for a page. Other programs make a PNG of it, such \
             as `rsvg-convert map.svg --output map.png`",
            path.display()
        ))),
    }
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
