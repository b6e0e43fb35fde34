//! Snapshots in files: written whole or not at all, and read to a bound.

use std::fs::File;
use std::io::Read as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde::Deserialize;
use serde_json::Value;
use zuno_client::{Method, Operator};
use zuno_intercept::files;

use crate::table::{print, say};
use crate::usage::Usage;

/// The largest file, in bytes: what a server takes.
const LARGEST: u64 = 256 << 20;

/// A name as it stands in a path.
pub fn escaped(name: &str) -> String {
    percent_encoding::utf8_percent_encode(name, percent_encoding::NON_ALPHANUMERIC).to_string()
}

/// Writes a snapshot to a file, and says what it does not hold.
pub fn export(operator: &Operator, name: &str, file: &Path) -> Result<()> {
    #[derive(Deserialize)]
    struct Told {
        #[serde(default)]
        secrets_left_out: u64,
    }
    let document =
        operator.exchange(&Method::GET, &format!("/snapshots/{}/document", escaped(name)), None)?;
    let Told { secrets_left_out } =
        serde_json::from_slice(&document).context("the server does not answer as this Zuno reads it")?;
    if file == Path::new("-") {
        print(std::str::from_utf8(&document)?)?;
    } else {
        files::replace(file, &document, files::Readers::User)
            .with_context(|| format!("cannot write {}", file.display()))?;
    }
    say(&format!("zuno: {name} is written; secrets left out: {secrets_left_out}"));
    Ok(())
}

/// Has a server keep the snapshot of a file, under the name that the file says when none is told.
pub fn import(operator: &Operator, file: &Path, name: Option<&str>, replace: bool) -> Result<Value> {
    #[derive(Deserialize)]
    struct Called {
        #[serde(default)]
        name: String,
    }
    let shown = file.display();
    let bytes = read(file)?;
    let called = match name {
        Some(name) => name.to_owned(),
        None => {
            let Called { name } =
                serde_json::from_slice(&bytes).with_context(|| format!("{shown} is no snapshot"))?;
            if name.is_empty() {
                return Err(Usage(format!("{shown} does not say what it is called: --name does")).into());
            }
            name
        }
    };
    say(&format!("zuno: taking {shown} in as {called}"));
    let query = if replace { "?replace=true" } else { "" };
    let path = format!("/snapshots/{}/document{query}", escaped(&called));
    let answer = operator.exchange(&Method::PUT, &path, Some(&bytes)).with_context(|| format!("{shown}"))?;
    Ok(serde_json::from_slice(&answer)?)
}

fn read(file: &Path) -> Result<Vec<u8>> {
    let shown = file.display();
    let mut bytes = Vec::new();
    let read = if file == Path::new("-") {
        std::io::stdin().lock().take(LARGEST + 1).read_to_end(&mut bytes)
    } else {
        File::open(file).and_then(|opened| opened.take(LARGEST + 1).read_to_end(&mut bytes))
    };
    let length = read.with_context(|| format!("cannot read {shown}"))?;
    if u64::try_from(length).is_ok_and(|length| length > LARGEST) {
        bail!("{shown} is longer than {LARGEST} bytes");
    }
    Ok(bytes)
}
