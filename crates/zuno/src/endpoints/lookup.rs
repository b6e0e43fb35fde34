//! `zuno endpoints lookup`: where addresses are.

use std::io::{BufRead as _, BufWriter, IsTerminal as _, Write as _};
use std::net::IpAddr;
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::{Map, Value, json};
use zuno_endpoints::{Document, Index, Listed, read_address};

use super::source::Source;
use crate::table::Shown;
use crate::usage::Usage;

/// Options of `zuno endpoints lookup`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints lookup --live 165.225.240.12
  cut -d' ' -f1 access.log | sort -u | zuno endpoints lookup --file cenr.json
  zuno endpoints lookup --live --kind cenr,hubs-required,future 2a03:eec0:3400::1

Without addresses they are read from standard input, one a line, and answered as they come: a JSON object a line. An
address can be in several cities, since some ranges are shared; the narrowest prefix comes first. Exit status 1: a line
was no address.")]
pub struct Lookup {
    /// The addresses.
    #[arg(value_name = "ADDRESS")]
    addresses: Vec<String>,
    /// Which documents.
    #[command(flatten)]
    source: Source,
    /// How the answer is shown.
    #[command(flatten)]
    shown: Shown,
}

/// Runs the command.
pub fn run(options: &Lookup) -> Result<ExitCode> {
    let from_pipe = options.addresses.is_empty();
    if from_pipe && std::io::stdin().is_terminal() {
        return Err(Usage("give addresses, or lines of them on standard input".into()).into());
    }
    let documents: Vec<Document> = options.source.load()?.into_iter().map(|loaded| loaded.document).collect();
    let index = Index::new(documents.iter().flat_map(|document| document.listed()));
    if !from_pipe && options.shown.as_table() {
        let mut rows = Vec::new();
        for text in &options.addresses {
            let address = read_address(text.as_bytes()).map_err(|wrong| Usage(wrong.to_string()))?;
            rows.extend(table_rows(&index, address));
        }
        options.shown.show(&Value::Array(rows))?;
        return Ok(ExitCode::SUCCESS);
    }
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut wrong = 0;
    for text in &options.addresses {
        wrong += usize::from(!answer(&index, text.as_bytes(), &mut out)?);
    }
    if from_pipe {
        let mut input = std::io::stdin().lock();
        let mut line = Vec::new();
        while input.read_until(b'\n', &mut line).context("cannot read standard input")? > 0 {
            let text = line.trim_ascii();
            if !text.is_empty() {
                wrong += usize::from(!answer(&index, text, &mut out)?);
            }
            line.clear();
        }
    }
    out.flush()?;
    if wrong > 0 {
        anstream::eprintln!("zuno: {wrong} of the lines were no addresses; each is told in its answer");
    }
    Ok(if wrong == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

/// Answers one line; tells whether it was an address.
fn answer(index: &Index<'_>, text: &[u8], out: &mut impl std::io::Write) -> Result<bool> {
    let (told, good) = match read_address(text) {
        Ok(address) => {
            let listed: Vec<&Listed<'_>> = index.at(address).collect();
            let virtual_address =
                listed.iter().find(|one| one.role.is_virtual_address()).map(|one| one.role.name());
            let places: Vec<Value> = listed.into_iter().map(place).collect();
            (json!({"address": address.to_string(), "vip": virtual_address, "places": places}), true)
        }
        Err(wrong) => (json!({"address": String::from_utf8_lossy(text), "error": wrong.to_string()}), false),
    };
    serde_json::to_writer(&mut *out, &told).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(good)
}

fn place(listed: &Listed<'_>) -> Value {
    let mut row = super::list::row(listed);
    if let Some(members) = row.as_object_mut() {
        members.retain(|_, value| value != "");
    }
    row
}

fn table_rows(index: &Index<'_>, address: IpAddr) -> Vec<Value> {
    let mut rows: Vec<Value> = Vec::new();
    for listed in index.at(address) {
        let mut row = Map::new();
        row.insert("address".into(), json!(address.to_string()));
        row.extend(super::list::row(listed).as_object().cloned().unwrap_or_default());
        let row = Value::Object(row);
        if !rows.contains(&row) {
            rows.push(row);
        }
    }
    if rows.is_empty() {
        rows.push(json!({"address": address.to_string(), "prefix": "(in none of these documents)"}));
    }
    rows
}
