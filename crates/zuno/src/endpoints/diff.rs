//! `zuno endpoints diff`: what changed, by meaning.

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Value, json};
use zuno_endpoints::{Change, History, Kind};

use super::source::{Loaded, Source, bytes_of, read_file};
use crate::table::{Shown, print};
use crate::usage::Usage;

/// Options of `zuno endpoints diff`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints diff old.json new.json
  zuno endpoints diff yesterday.json --live
  zuno endpoints diff 2026-01-*.json --json   each with the one before it
  zuno endpoints diff start.json --history steps.json end.json

Exit status as diff(1) has it: 0 they mean the same; 1 something changed; 2 they cannot be compared. Order, repetition
and layout are no change.")]
pub struct Diff {
    /// Documents, oldest first; each is compared with the one before. A single one is compared with the source.
    #[arg(value_name = "FILE", required_unless_present = "history")]
    files: Vec<PathBuf>,
    /// A recorded history, as a JSON array of steps: tells its changes, and replays it from the first document to the
    /// second where those are given.
    #[arg(long, value_name = "FILE")]
    history: Option<PathBuf>,
    /// Which documents.
    #[command(flatten)]
    source: Source,
    /// How the answer is shown.
    #[command(flatten)]
    shown: Shown,
}

/// Runs the command.
pub fn run(options: &Diff) -> Result<ExitCode> {
    compare(options).map_err(|wrong| {
        // A caller must be able to tell trouble from change.
        if wrong.is::<Usage>() { wrong } else { Usage(format!("{wrong:#}")).into() }
    })
}

fn compare(options: &Diff) -> Result<ExitCode> {
    if let Some(path) = &options.history {
        return replay(options, path);
    }
    let mut documents = options.files.iter().map(|path| read_file(path)).collect::<Result<Vec<Loaded>>>()?;
    if let [only] = documents.as_slice() {
        let mut source = options.source.clone();
        if source.cloud.is_empty() {
            source.cloud.extend(only.document.cloud().map(str::to_owned));
        }
        if source.kind.is_empty() && only.document.kind() != Kind::List {
            source.kind.push(only.document.kind());
        }
        documents.extend(source.load()?);
    }
    let (mut reports, mut changed) = (Vec::new(), false);
    for pair in documents.windows(2) {
        let (old, new) = (&pair[0], &pair[1]);
        let change = Change::between(&old.document, &new.document)
            .with_context(|| format!("cannot compare {} with {}", old.from, new.from))?;
        changed |= !change.is_empty();
        reports.push((old.from.as_str(), new.from.as_str(), change));
    }
    show(&options.shown, &reports)?;
    Ok(if changed { ExitCode::FAILURE } else { ExitCode::SUCCESS })
}

/// Shows changes: a table of what happened, or JSON with everything.
pub fn show(shown: &Shown, reports: &[(&str, &str, Change)]) -> Result<()> {
    if !shown.as_table() {
        let told = reports.iter().map(|(old, new, change)| {
            let mut told = json!({"old": old, "new": new, "changed": !change.is_empty()});
            if let (Some(told), Value::Object(rest)) = (told.as_object_mut(), json!(change)) {
                told.extend(rest);
            }
            told
        });
        let told: Vec<Value> = told.collect();
        return match told.as_slice() {
            [one] => shown.show(one),
            _ => shown.show(&Value::Array(told)),
        };
    }
    let many = reports.len() > 1;
    let mut rows = Vec::new();
    for (_, new, change) in reports {
        for line in change.lines() {
            let mut row = json!({"change": line.change, "what": line.what, "detail": line.detail});
            if many {
                row = json!({"in": new, "change": line.change, "what": line.what, "detail": line.detail});
            }
            rows.push(row);
        }
    }
    if rows.is_empty() {
        return print("no change\n");
    }
    let mut shown = shown.clone();
    if shown.columns.is_empty() {
        let columns: &[&str] =
            if many { &["in", "change", "what", "detail"] } else { &["change", "what", "detail"] };
        shown.columns = columns.iter().map(|&column| column.to_owned()).collect();
    }
    shown.show(&Value::Array(rows))?;
    for (_, new, change) in reports {
        let space = change.space;
        print(&format!(
            "{}addresses: IPv4 +{} -{}, IPv6 +{} -{}\n",
            if many { format!("{new}: ") } else { String::new() },
            space.gained_v4,
            space.lost_v4,
            space.gained_v6,
            space.lost_v6
        ))?;
    }
    Ok(())
}

fn replay(options: &Diff, path: &Path) -> Result<ExitCode> {
    let bytes = bytes_of(path).with_context(|| format!("cannot read {}", path.display()))?;
    let history = History::read(&bytes).with_context(|| format!("cannot use {}", path.display()))?;
    let changes: Vec<Value> =
        history.steps.iter().filter(|step| step.is_change()).map(|step| json!(step)).collect();
    let ends = options.files.iter().map(|path| read_file(path)).collect::<Result<Vec<Loaded>>>()?;
    if let Some(start) = ends.first() {
        let list =
            history.replay(&start.document).with_context(|| format!("{} does not fit", path.display()))?;
        if let Some(end) = ends.get(1) {
            let wanted: std::collections::BTreeSet<_> = end
                .document
                .listed()
                .filter(|one| one.role == zuno_endpoints::Role::Range)
                .map(|one| one.net)
                .collect();
            anyhow::ensure!(
                list == wanted,
                "the history leads to {} prefixes that {} does not have, and lacks {}",
                list.difference(&wanted).count(),
                end.from,
                wanted.difference(&list).count()
            );
        }
    }
    if options.shown.as_table() {
        let rows: Vec<Value> = history.steps.iter().filter(|step| step.is_change()).map(in_numbers).collect();
        options.shown.show(&Value::Array(rows))?;
        print(&format!("{} of {} steps changed something\n", changes.len(), history.steps.len()))?;
    } else {
        options.shown.show(&Value::Array(changes.clone()))?;
    }
    Ok(if changes.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

fn in_numbers(step: &zuno_endpoints::Step) -> Value {
    json!({
        "date": step.date, "change": step.kind, "added": step.added.len(), "removed": step.removed.len(),
        "cities added": step.cities_added.iter().map(|key| key.trim_start_matches("city : ")).collect::<Vec<_>>(),
        "cities removed": step.cities_removed.iter().map(|key| key.trim_start_matches("city : ")).collect::<Vec<_>>(),
        "svpn added": step.svpn_added.len(), "svpn removed": step.svpn_removed.len(),
    })
}
