//! Tests written from what a configuration does today: for each rule a question that it has a say in, with its answer.

use std::fmt::Write as _;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use zuno_intercept::files;
use zuno_policy::Question;
use zuno_policy::analysis::{Asked, Proof, Witness, witnesses};

use super::cases;
use crate::asking::Held;
use crate::table::clean;

/// What was written.
pub struct Written {
    pub tests: usize,
    pub without: usize,
}

/// Writes tests to a file, which must be new unless it may be replaced.
pub fn write(path: &Path, held: &Held, replace: bool) -> Result<Written> {
    let shown = path.display().to_string();
    let taken = || format!("{shown} is there already: --force puts these tests in its place");
    if !replace && path.exists() {
        bail!(taken());
    }
    let (text, written) = tests(held)?;
    // Tests that nobody could run are of no use.
    cases::cases(&shown, &text)?;
    let bytes = text.as_bytes();
    let made = match replace {
        true => files::replace(path, bytes, files::Readers::All).map(|()| true),
        false => files::create(path, bytes, files::Readers::All),
    };
    if !made.with_context(|| format!("cannot write {shown}"))? {
        bail!(taken());
    }
    Ok(written)
}

/// The text of the file.
fn tests(held: &Held) -> Result<(String, Written)> {
    let configuration = &held.configuration;
    let at = Timestamp::from_second(configuration.at).map(|moment| moment.to_string()).unwrap_or_default();
    let state = if configuration.staged { "would do with what was staged" } else { "did" };
    let mut text = format!(
        "# What the configuration of {} {state} at {at}: for each rule a question that it has a say in.\n\
         # NAT, DLP, bandwidth and connectors are not looked through for such questions.\n\
         groups:\n",
        clean(&configuration.tenant)
    );
    let mut written = Written { tests: 0, without: 0 };
    let all = witnesses(&held.policy, &configuration.records, configuration.at);
    for group in all.chunk_by(|one, other| (one.module, one.list) == (other.module, other.list)) {
        let name = json!(group[0].module).as_str().unwrap_or_default().replace('_', " ");
        let name = group[0].list.map_or(name.clone(), |list| format!("{name}: {list}"));
        let mut tests = String::new();
        for witness in group {
            match &witness.proof {
                Proof::Question(question) => {
                    written.tests += 1;
                    tests += &test(held, witness, question)?;
                }
                proof => {
                    written.without += 1;
                    writeln!(tests, "      # {}: {}", named(witness), why(proof))?;
                }
            }
        }
        let none = if tests.contains("      - ") { "" } else { " []" };
        write!(text, "  - name: {}\n    tests:{none}\n{tests}", json!(name))?;
    }
    Ok((text, written))
}

/// A test. JSON is YAML, and needs no rules of its own for what is quoted.
fn test(held: &Held, witness: &Witness<'_>, question: &Question) -> Result<String> {
    let ask = serde_json::to_value(Asked(Box::new(question.clone())))?;
    let answer = held.policy.told(ask.clone(), held.configuration.at, false);
    let answer = answer.map_err(|why| anyhow::anyhow!("{}: {why}", named(witness)))?;
    let mut expect = Map::new();
    for member in ["action", "module"] {
        expect.insert(member.to_owned(), answer[member].clone());
    }
    expect.insert("rule".to_owned(), answer["rule"]["name"].clone());
    Ok(format!(
        "      - name: {}\n        ask: {ask}\n        expect: {}\n",
        json!(named(witness)),
        Value::Object(expect)
    ))
}

fn named(witness: &Witness<'_>) -> String {
    clean(&format!("#{} {}", witness.rule.order, witness.rule.name))
}

fn why(proof: &Proof) -> String {
    match proof {
        Proof::Question(_) => String::new(),
        Proof::NeverReached => "nothing reaches it (zuno policy lint says why)".to_owned(),
        Proof::NotFound => "none of the questions that were tried is one that it has a say in".to_owned(),
        Proof::Undecided => "whether anything reaches it was not found out".to_owned(),
        Proof::Untold(holding) => {
            let held = holding
                .iter()
                .map(|held| format!("{} {}", json!(held.of).as_str().unwrap_or_default(), held.name));
            let held: Vec<String> = held.collect();
            let held =
                if held.is_empty() { "anything else".to_owned() } else { held.join(", ").replace('_', " ") };
            clean(&format!("no question was found that it has a say in; it is for {held}"))
        }
    }
}
