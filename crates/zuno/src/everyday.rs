//! The everyday calls: a token, the categories of URLs, an activation.

use std::io::{BufRead as _, IsTerminal as _};
use std::process::ExitCode;

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use serde_json::{Map, Value, json};
use zuno_client::Method;

use crate::body::Body;
use crate::reach::{Reached, Whom, claims};
use crate::table::{Shown, print};
use crate::usage::Usage;

/// How many URLs one call may ask about (documented).
const BATCH: usize = 100;

/// Options of `zuno token`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  curl -H \"Authorization: Bearer $(zuno token)\" http://127.0.0.1:8080/zia/api/v1/status
  zuno token --decode

Asks for a new token each time. The credentials may be a secret, or a private key in ZSCALER_PRIVATE_KEY.")]
pub struct Token {
    /// Print what the token says instead: who it is for, which products it reaches, when it ends.
    #[arg(long)]
    decode: bool,
    /// Whom to ask.
    #[command(flatten)]
    whom: Whom,
}

/// Runs `zuno token`.
pub fn token(options: &Token) -> Result<ExitCode> {
    let token = options.whom.reach()?.token()?;
    if options.decode {
        print(&format!("{:#}\n", claims(&token)?))?;
    } else {
        print(&format!("{token}\n"))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// Options of `zuno lookup`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno lookup www.example.com intranet.example.net/wiki
  cut -d, -f1 sites.csv | zuno lookup --json

Without URLs they are read from standard input, one a line; any number of them, 100 in a call.")]
pub struct Lookup {
    /// The URLs, without a scheme.
    #[arg(value_name = "URL")]
    urls: Vec<String>,
    /// How the answer is shown.
    #[command(flatten)]
    shown: Shown,
    /// Whom to ask.
    #[command(flatten)]
    whom: Whom,
}

/// Runs `zuno lookup`.
pub fn lookup(options: &Lookup) -> Result<ExitCode> {
    let mut urls = options.urls.clone();
    if urls.is_empty() {
        let input = std::io::stdin();
        if input.is_terminal() {
            return Err(Usage("give URLs, or lines of them on standard input".into()).into());
        }
        for line in input.lock().lines() {
            let line = line.context("cannot read standard input")?;
            let url = line.trim();
            if !url.is_empty() {
                urls.push(url.to_owned());
            }
        }
    }
    let reached = options.whom.reach()?;
    let mut found = Vec::new();
    for batch in urls.chunks(BATCH) {
        let answer =
            reached.read(&Method::POST, "/zia/api/v1/urlLookup", &[], Some(&Body::json(&json!(batch))))?;
        match answer.json() {
            Value::Array(list) => found.extend(list),
            other => found.push(other),
        }
    }
    if options.shown.as_table() && options.shown.columns.is_empty() {
        found = found.iter().map(in_words).collect();
    }
    options.shown.show(&Value::Array(found))?;
    Ok(ExitCode::SUCCESS)
}

/// A line of the table: the answer's long member names are for programs.
fn in_words(answer: &Value) -> Value {
    let mut row = Map::new();
    for (name, member) in [
        ("url", "url"),
        ("categories", "urlClassifications"),
        ("security alert", "urlClassificationsWithSecurityAlert"),
        ("application", "application"),
    ] {
        if let Some(value) = answer.get(member) {
            row.insert(name.to_owned(), value.clone());
        }
    }
    Value::Object(row)
}

/// Options of `zuno activate`.
#[derive(Debug, Args)]
#[command(after_help = "\
Examples:
  zuno activate
  zuno activate --product ztw

Edits of Internet Access and of Cloud & Branch Connector wait until they are activated, all at once.")]
pub struct Activate {
    /// Whose changes.
    #[arg(long, value_enum, default_value = "zia")]
    product: Staged,
    /// How the answer is shown.
    #[command(flatten)]
    shown: Shown,
    /// Whom to tell.
    #[command(flatten)]
    whom: Whom,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Staged {
    /// Internet Access.
    Zia,
    /// Cloud & Branch Connector.
    Ztw,
}

/// Runs `zuno activate`.
pub fn activate(options: &Activate) -> Result<ExitCode> {
    let reached = options.whom.reach()?;
    options.shown.show(&activation(&reached, options.product)?)?;
    Ok(ExitCode::SUCCESS)
}

/// Makes the changes of a product take effect, where they wait for that.
pub fn activated(reached: &Reached, product: &str) -> Result<()> {
    let staged = Staged::from_str(product, false).map_err(anyhow::Error::msg)?;
    activation(reached, staged).map(drop)
}

fn activation(reached: &Reached, product: Staged) -> Result<Value> {
    let (method, path) = match product {
        Staged::Zia => (Method::POST, "/zia/api/v1/status/activate"),
        Staged::Ztw => (Method::PUT, "/ztw/api/v1/ecAdminActivateStatus/activate"),
    };
    Ok(reached.write(&method, path, &[], None)?.json())
}
