//! `zuno policy`: questions kept as tests, rules that nothing meets, and what two configurations treat differently.

mod cases;
mod report;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use zuno_client::Method;

use crate::operator::AsOperator;
use crate::table::{Shown, print};
use crate::what_if::asked;

/// What can be asked of a whole policy.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  zuno policy test policy/*.yaml --staged
  zuno policy lint
  zuno policy diff

docs/what-if.md teaches these from a first question to a pipeline. They want the operator's token, which is found in the \
data folder of the server.")]
pub enum Policy {
    /// Ask the questions of files, and hold the answers against what they expect.
    Test(Test),
    /// Find rules that nothing meets, that change nothing, or that name what there is not.
    #[command(after_help = "\
Exit status 1 where something is found.

Examples:
  zuno policy lint
  zuno policy lint --staged --json")]
    Lint(Lint),
    /// Tell what two configurations treat differently: each kind of traffic once, with an example.
    #[command(after_help = "\
What is in force against what is staged, or one tenant against another. `same` is a proof over everything that rules can \
name; what is not held against traffic is told. Exit status 1 where they are not proved to be the same.

Examples:
  zuno policy diff
  zuno policy diff --with staging-copy --json")]
    Diff(Diff),
}

/// Options of `zuno policy test`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit status 0 when every answer is as expected, 1 when one is not. Rules that no test reached are told at the end.

Examples:
  zuno policy test policy/*.yaml
  zuno policy test policy/*.yaml --staged --format junit > policy.xml")]
pub struct Test {
    /// Files of questions with expected answers, in YAML.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Count what waits for activation.
    #[arg(long)]
    staged: bool,
    /// How the outcome is written.
    #[arg(long, value_enum, default_value_t = Format::People)]
    format: Format,
    #[command(flatten)]
    server: AsOperator,
}

/// How outcomes are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Format {
    /// Lines for people.
    People,
    /// JUnit's XML.
    Junit,
    /// Annotations of GitHub's actions.
    Github,
    /// JSON.
    Json,
}

/// Options of `zuno policy lint`.
#[derive(Debug, Args)]
pub struct Lint {
    /// Count what waits for activation.
    #[arg(long)]
    staged: bool,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    server: AsOperator,
}

/// Options of `zuno policy diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// Compare with what is in force at this tenant of the same server, rather than with what is staged.
    #[arg(long, value_name = "LABEL")]
    with: Option<String>,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    server: AsOperator,
}

/// Runs `zuno policy`.
pub fn run(options: &Policy) -> Result<ExitCode> {
    match options {
        Policy::Test(options) => test(options),
        Policy::Lint(options) => lint(options),
        Policy::Diff(options) => diff(options),
    }
}

fn status(fine: bool) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs `zuno test`.
pub fn test(options: &Test) -> Result<ExitCode> {
    let mut all = Vec::new();
    for path in &options.files {
        all.extend(cases::read(path)?);
    }
    let (operator, tenant) = options.server.of_tenant()?;
    let questions: Vec<Value> = all.iter().map(|case| case.question.clone()).collect();
    let answers = asked(&operator, &tenant, &questions, options.staged, false)?;
    let outcomes: Vec<_> = all.iter().zip(&answers).map(|(case, answer)| case.held_against(answer)).collect();
    let body = json!({ "tenant": tenant, "staged": options.staged });
    let rules = operator.call(&Method::POST, "/policy/rules", Some(&body))?;
    let unreached = report::unreached(&rules, &outcomes);
    let fine = outcomes.iter().all(|outcome| outcome.wrong.is_empty());
    print(&match options.format {
        Format::People => report::for_people(&outcomes, &unreached),
        Format::Junit => report::junit(&outcomes)?,
        Format::Github => report::github(&outcomes),
        Format::Json => report::json(&outcomes, &unreached),
    })?;
    Ok(status(fine))
}

fn lint(options: &Lint) -> Result<ExitCode> {
    let (operator, tenant) = options.server.of_tenant()?;
    let body = json!({ "tenant": tenant, "staged": options.staged });
    let answer = operator.call(&Method::POST, "/policy/lint", Some(&body))?;
    let findings = &answer["findings"];
    match options.shown.as_table() {
        true => options.shown.show(&report::findings(findings))?,
        false => options.shown.show(findings)?,
    }
    Ok(status(findings.as_array().is_none_or(Vec::is_empty)))
}

fn diff(options: &Diff) -> Result<ExitCode> {
    let (operator, tenant) = options.server.of_tenant()?;
    let after = match &options.with {
        Some(other) => json!({ "tenant": other }),
        None => json!({ "tenant": tenant, "staged": true }),
    };
    let body = json!({ "before": { "tenant": tenant }, "after": after });
    let answer = operator.call(&Method::POST, "/policy/diff", Some(&body))?;
    match options.shown.as_table() {
        true => {
            let differences = report::differences(&answer["differences"]);
            if differences.as_array().is_some_and(|all| !all.is_empty()) {
                options.shown.show(&differences)?;
            }
            print(&report::conclusion(&answer))?;
        }
        false => options.shown.show(&answer)?,
    }
    Ok(status(answer["same"] == true))
}
