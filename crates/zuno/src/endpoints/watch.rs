//! `zuno endpoints watch`: polls politely, tells what changed, and runs a command.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use zuno_endpoints::Change;

use super::diff;
use super::mirror::{Asked, Mirror, News, Pace, pause};
use super::source::{Source, Wanted};
use crate::Usage;
use crate::table::{Shown, print};

/// Options of `zuno endpoints watch`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints watch --live --keep /var/lib/zscaler --run 'mail -s endpoints noc@example.net'
  zuno endpoints watch --live --kind cenr,hubs-required --keep ./mirror --once

Each document is kept in the folder as CLOUD.KIND.json, byte for byte, and replaced only by one that could be read \
and has not lost more than half of the addresses; the next start goes on from there. `zuno serve \
--mirror-endpoints` does the same and publishes them. The command runs in a shell after a change, with the change as JSON \
on its standard input and the folder in ZUNO_ENDPOINTS. With --once, exit status 1 says that something changed, \
and 2 that a document could not be had.")]
pub struct Watch {
    /// The folder that keeps the documents.
    #[arg(long, value_name = "DIR")]
    keep: PathBuf,
    /// How often to ask: `90s`, `15m`, `1h`, `1d`. The real site is asked every five minutes at most.
    #[arg(long, value_name = "PAUSE", default_value = "1h", value_parser = pause)]
    every: Duration,
    /// Ask once and end, for a timer.
    #[arg(long, conflicts_with = "every")]
    once: bool,
    /// The command to run after a change.
    #[arg(long, value_name = "COMMAND")]
    run: Option<String>,
    /// Which documents.
    #[command(flatten)]
    source: Source,
    /// How changes are shown.
    #[command(flatten)]
    shown: Shown,
}

/// Runs the command.
pub fn run(options: &Watch) -> Result<ExitCode> {
    if !options.source.file.is_empty() {
        bail!(Usage("a file is not watched: name --live or --server URL".into()));
    }
    let (site, wanted) = (options.source.site()?, options.source.wanted()?);
    let pace = Pace::new(options.every, site.is_real(), "--every")?;
    let mut mirror = Mirror::new(site, options.keep.clone(), wanted, pace)?;
    loop {
        let round = mirror.round(|asked| show(options, asked))?;
        if options.once {
            return Ok(ExitCode::from(if round.failed { 2 } else { u8::from(round.changed) }));
        }
        std::thread::sleep(round.wait);
    }
}

fn show(options: &Watch, asked: &Asked<'_>) -> Result<()> {
    let place = asked.place.display();
    if let Some(wrong) = asked.trouble() {
        // A watcher outlives a bad hour of the site.
        let stays = if asked.place.exists() { "; the last good document stays" } else { "" };
        anstream::eprintln!("zuno: {wrong}{stays}");
    }
    match &asked.news {
        Ok(News::Same | News::Absent(_)) | Err(_) => {}
        Ok(News::First(prefixes)) => {
            anstream::eprintln!("zuno: {place} is kept from now on: {prefixes} prefixes");
        }
        Ok(News::Changed(change)) => {
            let Wanted { cloud, kind } = asked.wanted;
            if options.shown.as_table() {
                print(&format!("{cloud} {kind}\n"))?;
            }
            let told =
                json!({"cloud": cloud, "kind": kind.name(), "change": change, "lines": change.lines()});
            diff::show(&options.shown, &[(&place.to_string(), asked.url, Change::clone(change))])?;
            if let Some(command) = &options.run {
                tell(command, &options.keep, &told)?;
            }
        }
    }
    Ok(())
}

/// Runs the command with the change on its standard input.
fn tell(command: &str, folder: &Path, change: &Value) -> Result<()> {
    let (shell, flag) = if cfg!(windows) { ("cmd", "/C") } else { ("sh", "-c") };
    let mut child = Command::new(shell)
        .args([flag, command])
        .env("ZUNO_ENDPOINTS", folder)
        .stdin(std::process::Stdio::piped())
        .spawn()
        .with_context(|| format!("cannot run `{command}`"))?;
    if let Some(mut input) = child.stdin.take() {
        // A command that does not read is content without.
        let _ = std::io::Write::write_all(&mut input, format!("{change:#}\n").as_bytes());
    }
    let status = child.wait().with_context(|| format!("cannot run `{command}`"))?;
    if !status.success() {
        anstream::eprintln!("zuno: `{command}` ended with {status}");
    }
    Ok(())
}
