//! `zuno snapshot`: the state of a tenant kept under a name, restored, compared, and written to a file.

mod files;
mod told;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use zuno_client::{Method, Operator};

use crate::operator::{AsOperator, OnServer};
use crate::table::{print, say};

/// What can be done with snapshots.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
A snapshot has all that a tenant is: its records, what waits for activation, its settings, the numbers that its next ids come \
from. It has not its audit log. The server keeps it under a name until it is deleted.

Examples:
  zuno snapshot save before
  zuno snapshot diff before
  zuno snapshot restore before
  zuno snapshot export before acme.json

These want the operator's token, which is found in the data folder of the server.")]
pub enum Snapshot {
    /// Take a snapshot of a tenant.
    #[command(after_help = "\
Examples:
  zuno snapshot save before
  zuno snapshot save nightly --replace --note \"before the upgrade\"
  zuno snapshot save theirs --vanity test-42")]
    Save(Save),
    /// List the snapshots.
    #[command(after_help = "Example: zuno snapshot list --json")]
    List(OnServer),
    /// Tell what a snapshot holds, kind by kind.
    #[command(after_help = "Example: zuno snapshot show before")]
    Show(Named),
    /// Put a snapshot into a tenant, in the place of all that it has.
    #[command(after_help = "\
The tenant is the one that the snapshot was taken of, or with --vanity another; its own names and numbers stay, and so do its audit \
log and what tokens were revoked. Sessions of older hosts and faults end. API clients are those of the snapshot: if none that \
signs in now could do so afterwards, nothing happens unless --clients says what is wanted.

Examples:
  zuno snapshot restore before
  zuno snapshot restore acme --vanity test-42 --clients keep")]
    Restore(Restore),
    /// Delete a snapshot.
    #[command(after_help = "Example: zuno snapshot delete before")]
    Delete(Named),
    /// Tell what a snapshot has that another, or a tenant as it is, has not: records and members, by name.
    #[command(after_help = "\
A side is a snapshot, `now`, the tenant as it is that the first one was taken of, or `LABEL:now`, another tenant as it is. \
When a record was written last and by whom is no difference. Exit status 1 where there is one.

Examples:
  zuno snapshot diff before
  zuno snapshot diff before after --json
  zuno snapshot diff before test-42:now")]
    Diff(Diff),
    /// Write a snapshot to a file: one record a line, secrets left out.
    #[command(after_help = "\
Examples:
  zuno snapshot export before acme.json
  zuno snapshot export before - | jq '.kinds | keys'")]
    Export(Export),
    /// Keep a snapshot that is in a file.
    #[command(after_help = "\
Examples:
  zuno snapshot import acme.json
  zuno snapshot import acme.json --name theirs --replace")]
    Import(Import),
}

/// A snapshot by its name.
#[derive(Debug, Args)]
pub struct Named {
    /// Its name.
    name: String,
    #[command(flatten)]
    server: OnServer,
}

/// Options of `zuno snapshot save`.
#[derive(Debug, Args)]
pub struct Save {
    /// What it is to be called.
    name: String,
    /// A word on it, told in lists.
    #[arg(long, value_name = "TEXT")]
    note: Option<String>,
    /// Put it in the place of a snapshot of that name.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    server: OnServer,
}

/// Options of `zuno snapshot restore`.
#[derive(Debug, Args)]
pub struct Restore {
    /// Its name.
    name: String,
    /// What becomes of the tenant's API clients.
    #[arg(long, value_enum)]
    clients: Option<Clients>,
    #[command(flatten)]
    server: OnServer,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Clients {
    /// They stay, and those of the snapshot are left out.
    Keep,
    /// Those of the snapshot take their place, whoever is locked out.
    Replace,
}

/// Options of `zuno snapshot diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// What it was: a snapshot.
    before: String,
    /// What it is: a snapshot, `now` or `LABEL:now`.
    #[arg(default_value = "now")]
    after: String,
    #[command(flatten)]
    server: OnServer,
}

/// Options of `zuno snapshot export`.
#[derive(Debug, Args)]
pub struct Export {
    /// Its name.
    name: String,
    /// The file; `-` is standard output.
    file: PathBuf,
    #[command(flatten)]
    operator: AsOperator,
}

/// Options of `zuno snapshot import`.
#[derive(Debug, Args)]
pub struct Import {
    /// The file; `-` is standard input.
    file: PathBuf,
    /// What it is to be called; as in the file when not said.
    #[arg(long)]
    name: Option<String>,
    /// Put it in the place of a snapshot of that name.
    #[arg(long)]
    replace: bool,
    #[command(flatten)]
    server: OnServer,
}

/// Runs `zuno snapshot`.
pub fn run(options: &Snapshot) -> Result<ExitCode> {
    match options {
        Snapshot::Save(wanted) => {
            let (operator, vanity) = wanted.server.operator.of_tenant()?;
            say(&format!("zuno: taking a snapshot of {vanity}"));
            let body = json!({ "tenant": vanity, "note": wanted.note, "replace": wanted.replace });
            let kept = operator.call(&Method::PUT, &path(&wanted.name), Some(&body))?;
            wanted.server.tell(&kept, &told::kept(&kept))?;
        }
        Snapshot::List(server) => {
            let mut answer = server.operator.operator()?.call(&Method::GET, "/snapshots", None)?;
            let list = answer["snapshots"].take();
            match server.shown.as_table() && server.shown.columns.is_empty() {
                true => server.shown.show(&told::rows(&list))?,
                false => server.shown.show(&list)?,
            }
        }
        Snapshot::Show(named) => {
            let operator = named.server.operator.operator()?;
            let kept = operator.call(&Method::GET, &path(&named.name), None)?;
            match named.server.shown.as_table() && named.server.shown.columns.is_empty() {
                true => print(&told::whole(&kept))?,
                false => named.server.shown.show(&kept)?,
            }
        }
        Snapshot::Restore(wanted) => restore(wanted)?,
        Snapshot::Delete(named) => {
            named.server.operator.operator()?.call(&Method::DELETE, &path(&named.name), None)?;
            say(&format!("zuno: snapshot {} is gone", named.name));
        }
        Snapshot::Diff(wanted) => return diff(wanted),
        Snapshot::Export(wanted) => files::export(&wanted.operator.operator()?, &wanted.name, &wanted.file)?,
        Snapshot::Import(wanted) => {
            let operator = wanted.server.operator.operator()?;
            let kept = files::import(&operator, &wanted.file, wanted.name.as_deref(), wanted.replace)?;
            wanted.server.tell(&kept, &told::kept(&kept))?;
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// Where a snapshot is.
fn path(name: &str) -> String {
    format!("/snapshots/{}", files::escaped(name))
}

fn restore(wanted: &Restore) -> Result<()> {
    let operator = wanted.server.operator.operator()?;
    let clients = wanted.clients.map(|clients| match clients {
        Clients::Keep => "keep",
        Clients::Replace => "replace",
    });
    let body = json!({ "tenant": wanted.server.operator.target.vanity, "clients": clients });
    say(&format!("zuno: restoring {}", wanted.name));
    let path = format!("{}/restore", path(&wanted.name));
    let restored = operator.call(&Method::POST, &path, Some(&body))?;
    if let Some(gone) = told::locked_out(&restored) {
        say(&format!("zuno: {gone}"));
    }
    wanted.server.tell(&restored, &told::restored(&restored))
}

fn diff(wanted: &Diff) -> Result<ExitCode> {
    let operator = wanted.server.operator.operator()?;
    let of = match wanted.before.as_str() {
        "now" => None,
        before if before.ends_with(":now") => None,
        before => Some(operator.call(&Method::GET, &path(before), None)?["tenant"]["vanity"].clone()),
    };
    let body = json!({
        "before": side(&operator, wanted, &wanted.before, of.as_ref())?,
        "after": side(&operator, wanted, &wanted.after, of.as_ref())?,
    });
    let answer = operator.call(&Method::POST, "/snapshots/diff", Some(&body))?;
    if wanted.server.shown.as_table() {
        let rows = told::differences(&answer["differences"]);
        if rows.as_array().is_some_and(|rows| !rows.is_empty()) {
            wanted.server.shown.show(&rows)?;
        }
        print(&format!("{}\n", told::conclusion(&answer)))?;
    } else {
        wanted.server.shown.show(&answer)?;
    }
    Ok(if answer["same"] == true { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// A side of a comparison, as the server is asked for it.
fn side(operator: &Operator, wanted: &Diff, word: &str, of: Option<&Value>) -> Result<Value> {
    Ok(match (word, word.strip_suffix(":now")) {
        ("now", _) => match of.filter(|_| wanted.server.operator.target.vanity.is_none()) {
            Some(vanity) => json!({ "tenant": vanity }),
            None => json!({ "tenant": wanted.server.operator.target.tenant(operator)? }),
        },
        (_, Some(vanity)) => json!({ "tenant": vanity }),
        (name, None) => json!({ "snapshot": name }),
    })
}
