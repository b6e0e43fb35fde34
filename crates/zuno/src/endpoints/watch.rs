//! `zuno endpoints watch`: polls politely, tells what changed, and runs a command.

use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;
use std::{fs, io};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use zuno_endpoints::Change;

use super::diff;
use super::mirror::{Asked, Heard, Mirror, News, Pace};
use super::source::{Source, Wanted};
use crate::table::{Shown, print};
use crate::usage::Usage;

/// Options of `zuno endpoints watch`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints watch --live --keep /var/lib/zscaler --run 'mail -s endpoints noc@example.net'
  zuno endpoints watch --live --kind cenr,hubs-required --keep ./mirror --once

Each document is kept in the folder as CLOUD.KIND.json, byte for byte, and replaced only by one that could be read \
and has not lost more than half of the addresses; the next start goes on from there. `zuno serve \
--mirror-endpoints` does the same and publishes them. The command runs in a shell after a change, with the change as JSON \
on its standard input; the folder that ZUNO_ENDPOINTS names holds the documents as they are now. Only when the command has \
succeeded are they kept; until then the change is told again in every round. With --once, exit status 1 says that \
something changed, and 2 that a document could not be had or the command failed.")]
pub struct Watch {
    /// The folder that keeps the documents.
    #[arg(long, value_name = "DIR")]
    keep: PathBuf,
    /// How often to ask: `90s`, `15m`, `1h`, `1d`. The real site is asked every five minutes at most.
    #[arg(long, value_name = "PAUSE", default_value = "1h", value_parser = crate::span::span)]
    every: Duration,
    /// Ask once and end, for a timer.
    #[arg(long, conflicts_with = "every")]
    once: bool,
    /// The command to run after a change.
    #[arg(long, value_name = "COMMAND")]
    run: Option<String>,
    /// Also follow documents that a Zuno has built in, which are old or made up: for tests, and for no firewall.
    #[arg(long)]
    synthetic: bool,
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
    if !options.synthetic {
        mirror = mirror.without_built_in();
    }
    loop {
        let round = mirror.round(|asked| show(options, asked))?;
        if options.once {
            return Ok(ExitCode::from(if round.failed { 2 } else { u8::from(round.changed) }));
        }
        std::thread::sleep(round.wait);
    }
}

fn show(options: &Watch, asked: &Asked<'_>) -> Result<Heard> {
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
                let next = Next::of(&options.keep, asked)?;
                return tell(command, &next.0, &told);
            }
        }
    }
    Ok(Heard::Well)
}

/// A folder beside the documents that holds them as they will be kept.
struct Next(PathBuf);

impl Next {
    fn of(keep: &Path, asked: &Asked<'_>) -> Result<Next> {
        let next = Next(keep.join(".next"));
        next.fill(keep, asked).with_context(|| format!("cannot write {}", next.0.display()))?;
        Ok(next)
    }

    fn fill(&self, keep: &Path, asked: &Asked<'_>) -> io::Result<()> {
        // A watcher that was killed may have left one.
        match fs::remove_dir_all(&self.0) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
            _ => fs::create_dir(&self.0)?,
        }
        for entry in fs::read_dir(keep)? {
            let entry = entry?;
            let name = entry.file_name();
            let document = Path::new(&name).extension().is_some_and(|end| end == "json" || end == "txt");
            if document && entry.file_type()?.is_file() {
                fs::copy(entry.path(), self.0.join(name))?;
            }
        }
        let name = asked.place.file_name().expect("a document is kept in a file");
        fs::write(self.0.join(name), asked.new.unwrap_or_default())
    }
}

impl Drop for Next {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

/// Runs the command with the change on its standard input.
fn tell(command: &str, folder: &Path, change: &Value) -> Result<Heard> {
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
    if status.success() {
        return Ok(Heard::Well);
    }
    anstream::eprintln!("zuno: `{command}` ended with {status}: the change is told again in the next round");
    Ok(Heard::Badly)
}
