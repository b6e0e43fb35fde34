//! `zuno endpoints watch`: polls politely, tells what changed, and runs a command.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Map, Value, json};
use zuno_client::Reply;
use zuno_endpoints::{Change, Document};

use super::allowlist::replace;
use super::diff;
use super::source::{Site, Source, Wanted, read};
use crate::Usage;
use crate::table::{Shown, print};

/// The shortest pause between two polls of the real site: it documents no limit, and others poll hourly (client).
const FLOOR_LIVE: Duration = Duration::from_secs(300);
/// The shortest pause between two polls of a Zuno.
const FLOOR: Duration = Duration::from_secs(1);

/// Options of `zuno endpoints watch`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints watch --live --keep /var/lib/zscaler --run 'mail -s endpoints noc@example.net'
  zuno endpoints watch --live --kind cenr,hubs-required --keep ./mirror --once
  zuno endpoints watch --live --keep ./mirror & zuno serve --endpoints ./mirror

Each document is kept in the folder as CLOUD.KIND.json, byte for byte, and replaced only by one that could be read; the
next start goes on from there. The command runs in a shell after a change, with the change as JSON on its standard input
and the folder in ZUNO_ENDPOINTS. With --once, exit status 1 says that something changed, and 2 that a document could
not be had.")]
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

/// `90s`, `15m`, `1h`, `1d`.
fn pause(text: &str) -> Result<Duration, String> {
    let wrong = || format!("`{text}` is no pause: write `90s`, `15m`, `1h` or `1d`");
    let unit = text.chars().next_back().ok_or_else(wrong)?;
    let seconds = match unit {
        's' => 1,
        'm' => 60,
        'h' => 3600,
        'd' => 86400,
        _ => return Err(wrong()),
    };
    let number: u64 = text[..text.len() - 1].parse().map_err(|_| wrong())?;
    number.checked_mul(seconds).filter(|seconds| *seconds > 0).map(Duration::from_secs).ok_or_else(wrong)
}

/// Runs the command.
pub fn run(options: &Watch) -> Result<ExitCode> {
    if !options.source.file.is_empty() {
        bail!(Usage("a file is not watched: name --live or --server URL".into()));
    }
    let floor = if options.source.live { FLOOR_LIVE } else { FLOOR };
    if !options.once && options.every < floor {
        bail!(Usage(format!("--every: ask every {} s at most", floor.as_secs())));
    }
    fs::create_dir_all(&options.keep).with_context(|| format!("cannot make {}", options.keep.display()))?;
    let (site, wanted) = (options.source.site()?, options.source.wanted()?);
    loop {
        let (mut changed, mut failed) = (false, false);
        let mut wait = options.every;
        for one in &wanted {
            match poll(options, &site, one) {
                Ok(polled) => {
                    changed |= polled.changed;
                    wait = wait.max(polled.asked_to_wait);
                }
                // A watcher outlives a bad hour of the site.
                Err(wrong) => {
                    anstream::eprintln!("zuno: {wrong:#}; the last good document stays");
                    failed = true;
                }
            }
        }
        if options.once {
            return Ok(ExitCode::from(if failed { 2 } else { u8::from(changed) }));
        }
        std::thread::sleep(wait);
    }
}

struct Polled {
    changed: bool,
    asked_to_wait: Duration,
}

fn poll(options: &Watch, site: &Site, wanted: &Wanted) -> Result<Polled> {
    let place = options.keep.join(file_name(wanted));
    let state = place.with_extension("state");
    let old = match fs::read(&place) {
        Ok(bytes) => Some(bytes),
        Err(cause) if cause.kind() == std::io::ErrorKind::NotFound => None,
        Err(cause) => return Err(cause).with_context(|| format!("cannot read {}", place.display())),
    };
    let told = if old.is_some() { remembered(&state) } else { Vec::new() };
    let mut headers = vec![("accept", "*/*")];
    headers.extend(told.iter().map(|(name, value)| (name.as_str(), value.as_str())));
    let reply = site.ask(wanted, &headers)?;
    let asked_to_wait =
        Duration::from_secs(reply.header("retry-after").and_then(|text| text.parse().ok()).unwrap_or(0));
    if reply.status == 304 {
        return Ok(Polled { changed: false, asked_to_wait });
    }
    let url = site.url(wanted);
    let new = read(&reply.body, &url)?;
    if new.kind() != wanted.kind && !matches!(new, Document::Lines(_)) {
        bail!("{url} gave a document of the kind `{}`", new.kind());
    }
    let change = match &old {
        Some(bytes) => Change::between(&read(bytes, &place.display().to_string())?, &new)?,
        None => {
            anstream::eprintln!(
                "zuno: {} is kept from now on: {} prefixes",
                place.display(),
                new.set().entries()
            );
            Change::default()
        }
    };
    replace(&place, &reply.body)?;
    remember(&state, &reply)?;
    let changed = !change.is_empty();
    if changed {
        if options.shown.as_table() {
            print(&format!("{} {}\n", wanted.cloud, wanted.kind))?;
        }
        let told = json!({"cloud": wanted.cloud, "kind": wanted.kind.name(), "change": change, "lines": change.lines()});
        diff::show(&options.shown, &[(&place.display().to_string(), &url, change)])?;
        if let Some(command) = &options.run {
            tell(command, &options.keep, &told)?;
        }
    }
    Ok(Polled { changed, asked_to_wait })
}

/// `zscaler.net.cenr.json`: the name by which a server's folder knows the document.
fn file_name(wanted: &Wanted) -> String {
    let extension = if wanted.kind == zuno_endpoints::Kind::ZpaPlaintext { "txt" } else { "json" };
    format!("{}.{}.{extension}", wanted.cloud, wanted.kind)
}

/// The conditions under which the document is wanted again.
fn remembered(state: &Path) -> Vec<(String, String)> {
    let kept: Map<String, Value> =
        fs::read(state).ok().and_then(|bytes| serde_json::from_slice(&bytes).ok()).unwrap_or_default();
    kept.into_iter().filter_map(|(name, value)| Some((name, value.as_str()?.to_owned()))).collect()
}

fn remember(state: &Path, reply: &Reply) -> Result<()> {
    let mut kept = Map::new();
    for (header, condition) in [("etag", "if-none-match"), ("last-modified", "if-modified-since")] {
        if let Some(value) = reply.header(header) {
            kept.insert(condition.to_owned(), value.into());
        }
    }
    replace(state, Value::Object(kept).to_string().as_bytes()).map(drop)
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

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::pause;

    #[test]
    fn a_pause_has_a_unit() {
        for (text, seconds) in [("90s", 90), ("15m", 900), ("1h", 3600), ("2d", 172_800)] {
            assert_eq!(pause(text), Ok(Duration::from_secs(seconds)), "{text}");
        }
        for wrong in ["", "s", "10", "1w", "-1s", "0h", "99999999999999999999d", "1é"] {
            assert!(pause(wrong).is_err(), "{wrong}");
        }
    }
}
