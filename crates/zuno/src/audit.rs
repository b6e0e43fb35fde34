//! `zuno audit`: what happened at a tenant: who changed what, when, and who was refused.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use zuno_client::Method;

use crate::operator::AsOperator;
use crate::table::Shown;

/// How long the text of a change is, in characters.
const LONGEST: usize = 60;

/// Options of `zuno audit`.
#[derive(Debug, Args)]
#[command(after_help = "\
Every write of the APIs, every push of an identity provider and every sign-in is an entry; the newest come first. JSON \
has the whole of each, with the object before and after.

Examples:
  zuno audit                      the last fifty entries
  zuno audit --product zia --since 2h
  zuno audit --most 500 --json | jq '.[] | select(.result == \"FAILURE\")'

This wants the operator's token, which is found in the data folder of the server.")]
pub struct Audit {
    /// Only entries of this product: zia, zpa, zcc, ztw, zdx or zidentity.
    #[arg(long)]
    product: Option<String>,
    /// Only entries of so long ago and since: `90s`, `30m`, `2h`, `7d`.
    #[arg(long, value_name = "AGO", value_parser = crate::span::span)]
    since: Option<Duration>,
    /// How many at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    most: u32,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    server: AsOperator,
}

/// Runs `zuno audit`.
pub fn run(options: &Audit) -> Result<ExitCode> {
    let (operator, vanity) = options.server.of_tenant()?;
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.append_pair("most", &options.most.to_string());
    if let Some(product) = &options.product {
        query.append_pair("product", product);
    }
    if let Some(ago) = options.since {
        // Entries are dated by the tenant's clock.
        let clock = operator.call(&Method::GET, &format!("/tenants/{vanity}/clock"), None)?;
        let now =
            clock["now"].as_i64().context("the server does not tell its clock as this Zuno reads it")?;
        let since = i64::try_from(ago.as_secs()).map_or(i64::MIN, |ago| now.saturating_sub(ago));
        query.append_pair("from", &since.to_string());
    }
    let answer = operator.call(&Method::GET, &format!("/tenants/{vanity}/audit?{}", query.finish()), None)?;
    let Value::Array(mut entries) = answer["entries"].clone() else {
        anyhow::bail!("the server does not tell its log as this Zuno reads it");
    };
    for entry in &mut entries {
        let at = entry["at"].as_i64().and_then(|at| Timestamp::from_second(at).ok());
        entry["time"] = at.map(|at| at.to_string()).into();
    }
    let told = if options.shown.as_table() && options.shown.columns.is_empty() {
        entries.iter().map(row).collect()
    } else {
        Value::Array(entries)
    };
    options.shown.show(&told)?;
    Ok(ExitCode::SUCCESS)
}

/// An entry as people read it in a line.
fn row(entry: &Value) -> Value {
    let text = |member: &str| entry[member].as_str().unwrap_or_default();
    let product = match text("product") {
        "" => "sign-in".to_owned(),
        product => format!("{product} {}", text("part")),
    };
    let came_to = match text("why") {
        "" => changed(&entry["before"], &entry["after"]),
        why => format!("refused: {why}"),
    };
    json!({
        "time": text("time").replace('T', " ").trim_end_matches('Z'),
        "who": entry["client"]["name"],
        "action": text("action"),
        "what": product,
        "name": text("object"),
        "change": came_to,
    })
}

/// What of an object is another than before.
fn changed(before: &Value, after: &Value) -> String {
    let (Value::Object(before), Value::Object(after)) = (before, after) else { return String::new() };
    let differs = |(name, value): &(&String, &Value)| before.get(*name) != Some(*value) && !is_audit(name);
    let mut told: Vec<String> = after
        .iter()
        .filter(differs)
        .map(|(name, value)| format!("{name}: {} -> {}", short(before, name), cut(&value.to_string())))
        .collect();
    let gone = before.keys().filter(|name| !after.contains_key(*name));
    told.extend(gone.map(|name| format!("{name}: {} -> none", short(before, name))));
    told.join(", ")
}

/// Whether a member says when and by whom the object was changed, which the entry says as well.
fn is_audit(name: &str) -> bool {
    name.starts_with("lastModified") || name.starts_with("modified")
}

fn short(members: &Map<String, Value>, name: &str) -> String {
    members.get(name).map_or_else(|| "none".to_owned(), |value| cut(&value.to_string()))
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{changed, row};

    #[test]
    fn a_change_is_told_by_the_members_that_differ() {
        let before = json!({"id": "1", "name": "a", "gone": true, "lastModifiedTime": 1});
        let after = json!({"id": "1", "name": "b", "new": [1], "lastModifiedTime": 2});
        assert_eq!(changed(&before, &after), "name: \"a\" -> \"b\", new: none -> [1], gone: true -> none");
        assert_eq!(changed(&json!(null), &after), "");
        assert!(changed(&json!({"a": "x"}), &json!({"a": "y".repeat(900)})).len() < 100);
    }

    #[test]
    fn an_entry_is_a_line() {
        let entry = json!({
            "time": "2026-11-29T14:05:57Z", "product": "zia", "part": "Rule Label", "action": "Create",
            "object": "a", "client": {"id": "c", "name": "CI"}, "why": "taken",
        });
        assert_eq!(
            row(&entry),
            json!({
                "time": "2026-11-29 14:05:57", "who": "CI", "action": "Create", "what": "zia Rule Label",
                "name": "a", "change": "refused: taken",
            })
        );
    }
}
