//! The back ends of the site's pages, made of the documents that the pages show, so that they agree with them.

use serde_json::{Value, json};

use crate::document::{Cenr, Document, Text, WebPage};

/// The id of the module that holds the hubs: its place is known, its id is not (guessed).
pub(super) const HUBS: &str = "hub_ip_addresses_body";

/// Modules up to the one with the table: scripts count to it (client), and what the others hold is not known.
fn behind(others: usize, table: Value) -> Value {
    let mut modules: Vec<Value> = (0..others)
        .map(|at| json!({"type": "text", "id": format!("module_{at}"), "name": "", "body": {"html": ""}}))
        .collect();
    modules.push(table);
    json!({"status": "success", "data": modules})
}

/// The back end of the data centres: the seventh module has a row for each continent and in it a column for each city
/// (client). Nothing is marked as not ready: the other documents do not say.
pub(super) fn page(cenr: &Cenr) -> WebPage {
    let rows: Vec<Value> = cenr
        .continents
        .iter()
        .map(|continent| {
            let cities = continent.cities.iter().map(|city| {
                let records = city.entries.iter().map(|entry| {
                    json!({
                        "ip_address": entry.range.as_str(), "region": continent.name(), "location": city.name(),
                        "multivip": "", "notes": [],
                    })
                });
                json!({"title": city.name(), "data": records.collect::<Vec<Value>>()})
            });
            json!({"region": continent.name(), "cols": cities.collect::<Vec<Value>>()})
        })
        .collect();
    let table = json!({
        "type": "table", "id": "current_dc_body", "name": "Current data centers", "body": {"json": {"rows": rows}},
    });
    match WebPage::take(behind(6, table)) {
        Ok(page) => page,
        Err(wrong) => unreachable!("the page is made as it is read: {}", wrong.why),
    }
}

/// The back end of the firewall requirements: the tenth module has one row with a cell for each pair of prefixes; the
/// shorter column ends in empty texts (client; how the two are paired is guessed).
pub(super) fn firewall_page(required: Option<&Document>, recommended: Option<&Document>) -> WebPage {
    let texts = |hubs: Option<&Document>| match hubs {
        Some(Document::Listing(listing)) => {
            listing.prefixes.iter().map(Text::as_str).map(str::to_owned).collect()
        }
        _ => Vec::<String>::new(),
    };
    let (required, recommended) = (texts(required), texts(recommended));
    let text = |list: &[String], at: usize| list.get(at).cloned().unwrap_or_default();
    let cells: Vec<Value> = (0..required.len().max(recommended.len()))
        .map(|at| json!({"required": text(&required, at), "recommended": text(&recommended, at)}))
        .collect();
    let table = json!({
        "type": "table", "id": HUBS, "name": "Hub IP addresses", "body": {"json": {"rows": [{"cols": cells}]}},
    });
    WebPage { whole: behind(9, table), rows: Vec::new() }
}
