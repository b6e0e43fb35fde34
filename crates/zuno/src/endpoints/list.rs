//! `zuno endpoints list`: the data centres of a cloud, or what a document lists.

use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};
use zuno_endpoints::{Cenr, Document, Listed, Selection};

use super::source::Source;
use super::wanted::Wanted;
use crate::table::Shown;

/// Options of `zuno endpoints list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints list --live
  zuno endpoints list --live --continent EMEA --json
  zuno endpoints list --file cenr.json --city Amsterdam --prefixes
  zuno endpoints list --live --kind hubs-required

Data centres are told by city: how many ranges, the virtual addresses for GRE, VPN hosts and proxies.")]
pub struct List {
    /// One line for each prefix rather than for each city.
    #[arg(long)]
    prefixes: bool,
    /// Which prefixes.
    #[command(flatten)]
    wanted: Wanted,
    /// Which documents.
    #[command(flatten)]
    source: Source,
    /// How the answer is shown.
    #[command(flatten)]
    shown: Shown,
}

/// Runs the command.
pub fn run(options: &List) -> Result<ExitCode> {
    let documents: Vec<Document> = options.source.load()?.into_iter().map(|loaded| loaded.document).collect();
    let selection = options.wanted.selection(&options.source, &documents)?;
    let mut rows = Vec::new();
    for document in &documents {
        match document {
            Document::Cenr(cenr) if !options.prefixes => rows.extend(cities(document, cenr, &selection)),
            _ => rows.extend(selection.of(document).map(|listed| row(&listed))),
        }
    }
    options.shown.show(&Value::Array(rows))?;
    Ok(ExitCode::SUCCESS)
}

fn cities(document: &Document, cenr: &Cenr, selection: &Selection) -> Vec<Value> {
    let listed: Vec<Listed<'_>> = selection.of(document).collect();
    let rows = cenr.cities().filter_map(|(continent, city)| {
        let here: Vec<&Listed<'_>> = listed
            .iter()
            .filter(|one| one.city == city.name() && one.continent == continent.name())
            .collect();
        if here.is_empty() {
            return None;
        }
        let mut ranges: Vec<_> = here.iter().map(|one| one.net).collect();
        ranges.sort_unstable();
        ranges.dedup();
        let told = |value: fn(&zuno_endpoints::Entry) -> &str| {
            let mut all: Vec<&str> = city.entries.iter().map(value).filter(|text| !text.is_empty()).collect();
            all.sort_unstable();
            all.dedup();
            json!(all)
        };
        let (latitude, longitude) = city.coordinates().unzip();
        Some(json!({
            "city": city.name(), "continent": continent.name(), "cloud": cenr.cloud, "ranges": ranges.len(),
            "gre": told(|entry| entry.gre.as_str()), "vpn": told(|entry| &entry.vpn),
            "hostname": told(|entry| &entry.hostname), "latitude": latitude, "longitude": longitude,
        }))
    });
    rows.collect()
}

/// A listed prefix as a row.
pub fn row(listed: &Listed<'_>) -> Value {
    let host = |value: fn(&zuno_endpoints::Entry) -> &str| listed.front.map(value).unwrap_or_default();
    let mut row = json!({
        "prefix": listed.net.to_string(), "cloud": listed.cloud, "kind": listed.kind.name(),
        "role": listed.role.name(), "continent": listed.continent, "city": listed.city,
        "vpn": host(|entry| &entry.vpn), "hostname": host(|entry| &entry.hostname),
    });
    if let Some(service) = listed.service {
        row["source"] = json!(service.source);
        row["port"] = json!(service.port);
        row["domains"] = json!(service.domains);
    }
    if !listed.ready {
        row["ready"] = json!(false);
    }
    row
}
