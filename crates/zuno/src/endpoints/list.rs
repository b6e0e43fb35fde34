//! `zuno endpoints list`: the data centres of a cloud, or what a document lists.

use std::collections::HashMap;
use std::process::ExitCode;

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};
use zuno_endpoints::{Cenr, Document, IpNet, Listed, Selection, distance_km};

use super::source::Source;
use super::wanted::Wanted;
use crate::table::Shown;

/// Options of `zuno endpoints list`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno endpoints list --live
  zuno endpoints list --live --continent EMEA --json
  zuno endpoints list --live --near 52.37,4.90
  zuno endpoints list --file cenr.json --city Amsterdam --prefixes
  zuno endpoints list --live --kind hubs-required

Data centres are told by city: how many ranges, the virtual addresses for GRE, VPN hosts and proxies.")]
pub struct List {
    /// One line for each prefix rather than for each city.
    #[arg(long)]
    prefixes: bool,
    /// The nearest data centres first, with their distance as the crow flies: degrees north and east of your site.
    #[arg(long, value_name = "LATITUDE,LONGITUDE", value_parser = place, allow_hyphen_values = true, conflicts_with = "prefixes")]
    near: Option<(f64, f64)>,
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

/// `52.37,4.90`.
fn place(text: &str) -> Result<(f64, f64), String> {
    let wrong =
        || format!("`{text}` is no place: write degrees north and east, such as 52.37,4.90 or -33.87,151.21");
    let (latitude, longitude) = text.split_once(',').ok_or_else(wrong)?;
    let degrees = |text: &str, most: f64| text.trim().parse().ok().filter(|at: &f64| at.abs() <= most);
    degrees(latitude, 90.0).zip(degrees(longitude, 180.0)).ok_or_else(wrong)
}

/// Runs the command.
pub fn run(options: &List) -> Result<ExitCode> {
    let documents: Vec<Document> = options.source.load()?.into_iter().map(|loaded| loaded.document).collect();
    let selection = options.wanted.selection(&options.source, &documents)?;
    let mut rows = Vec::new();
    for document in &documents {
        match document {
            Document::Cenr(cenr) if !options.prefixes => {
                rows.extend(cities(document, cenr, &selection, options.near));
            }
            _ => rows.extend(selection.of(document).map(|listed| row(&listed))),
        }
    }
    if options.near.is_some() {
        // What has no place comes last.
        rows.sort_by_key(|row| row["km"].as_i64().unwrap_or(i64::MAX));
    }
    options.shown.show(&Value::Array(rows))?;
    Ok(ExitCode::SUCCESS)
}

fn cities(document: &Document, cenr: &Cenr, selection: &Selection, near: Option<(f64, f64)>) -> Vec<Value> {
    let listed: Vec<Listed<'_>> = selection.of(document).collect();
    let mut by_place: HashMap<(&str, &str), Vec<IpNet>> = HashMap::new();
    for one in &listed {
        by_place.entry((one.continent, one.city)).or_default().push(one.net);
    }
    let rows = cenr.cities().filter_map(|(continent, city)| {
        let mut ranges = by_place.get(&(continent.name(), city.name()))?.clone();
        ranges.sort_unstable();
        ranges.dedup();
        let told = |value: fn(&zuno_endpoints::Entry) -> &str| {
            let mut all: Vec<&str> = city.entries.iter().map(value).filter(|text| !text.is_empty()).collect();
            all.sort_unstable();
            all.dedup();
            json!(all)
        };
        let mut row = json!({"city": city.name()});
        if let Some(near) = near {
            row["km"] = json!(city.coordinates().map(|at| distance_km(near, at).round() as i64));
        }
        let (latitude, longitude) = city.coordinates().unzip();
        let rest = json!({
            "continent": continent.name(), "cloud": cenr.cloud, "ranges": ranges.len(),
            "gre": told(|entry| entry.gre.as_str()), "vpn": told(|entry| &entry.vpn),
            "hostname": told(|entry| &entry.hostname), "latitude": latitude, "longitude": longitude,
        });
        if city.is_misplaced(continent) {
            // Nobody should go by these coordinates.
            row["misplaced"] = json!(true);
        }
        if let (Value::Object(row), Value::Object(rest)) = (&mut row, rest) {
            row.extend(rest);
        }
        Some(row)
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

#[cfg(test)]
mod tests {
    use super::place;

    #[test]
    fn a_place_is_two_numbers_on_the_globe() {
        assert_eq!(place("52.37, 4.90"), Ok((52.37, 4.9)));
        assert_eq!(place("-33.87,151.21"), Ok((-33.87, 151.21)));
        for wrong in ["", "52.37", "91,0", "0,181", "N,E", "1,2,3", "NaN,0"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }
}
