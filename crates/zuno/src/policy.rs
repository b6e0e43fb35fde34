//! `zuno policy`: questions kept as tests, rules that nothing meets, what two configurations treat differently, and a
//! configuration in a file.

mod cases;
mod init;
mod report;
mod sides;

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::Value;

use crate::asking::{Which, keep, taken};
use crate::operator::AsOperator;
use crate::table::{Shown, print, say};

/// What can be asked of a whole policy.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  zuno policy test policy/*.yaml --staged
  zuno policy lint
  zuno policy diff
  zuno policy export -o acme.json

docs/what-if.md teaches these from a first question to a pipeline. They want the operator's token, which is found in the \
data folder of the server; a file that `export` wrote is asked without a server.")]
pub enum Policy {
    /// Ask the questions of files, and hold the answers against what they expect.
    Test(Test),
    /// Find rules that nothing meets, that change nothing, or that name what there is not.
    #[command(after_help = "\
Exit status 1 where something is found.

Examples:
  zuno policy lint
  zuno policy lint --staged --json
  zuno policy lint --snapshot acme.json")]
    Lint(Lint),
    /// Tell what two configurations treat differently: each kind of traffic once, with an example.
    #[command(after_help = "\
A configuration is `active` or `staged`, a file that `zuno policy export` wrote (`./active` is a file of that name), or the \
label of another tenant of the server, `LABEL:staged` with what waits there. `same` is a proof over everything that rules \
can name; what is not held against traffic is told. Exit status 1 where they are not proved to be the same.

Examples:
  zuno policy diff
  zuno policy diff acme.json staged
  zuno policy diff active staging-copy --json")]
    Diff(Diff),
    /// Write a configuration to a file, to be tested and compared without a server.
    #[command(after_help = "\
The file has the records that rules on traffic are made of, people among them; passwords are left out. It is JSON, told apart \
by its member `zuno_policy`.

Examples:
  zuno policy export -o acme.json
  zuno policy export --staged | jq '.records | keys'")]
    Export(Export),
}

/// Options of `zuno policy test`.
#[derive(Debug, Args)]
#[command(after_help = "\
Exit status 0 when every answer is as expected, 1 when one is not. Rules that no test reached are told at the end.

Examples:
  zuno policy test --init policy/today.yaml
  zuno policy test policy/*.yaml
  zuno policy test policy/*.yaml --staged --format junit > policy.xml
  zuno policy test policy/*.yaml --snapshot acme.json")]
pub struct Test {
    /// Files of questions with expected answers, in YAML.
    #[arg(required_unless_present = "init", value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Write tests of what is done today to a new file: for each rule a question that it has a say in.
    #[arg(long, value_name = "FILE", conflicts_with = "files")]
    init: Option<PathBuf>,
    /// Put them in the place of a file that is there.
    #[arg(long, requires = "init")]
    force: bool,
    /// How the outcome is written.
    #[arg(long, value_enum, default_value_t = Format::People)]
    format: Format,
    #[command(flatten)]
    which: Which,
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
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    which: Which,
}

/// Options of `zuno policy diff`.
#[derive(Debug, Args)]
pub struct Diff {
    /// What it was: `active`, `staged`, a file, or a tenant.
    #[arg(default_value = "active")]
    before: String,
    /// What it would be.
    #[arg(default_value = "staged")]
    after: String,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    server: AsOperator,
}

/// Options of `zuno policy export`.
#[derive(Debug, Args)]
pub struct Export {
    /// The file; standard output when not said.
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// Count what waits for activation.
    #[arg(long)]
    staged: bool,
    #[command(flatten)]
    server: AsOperator,
}

/// Runs `zuno policy`.
pub fn run(options: &Policy) -> Result<ExitCode> {
    match options {
        Policy::Test(options) => test(options),
        Policy::Lint(options) => lint(options),
        Policy::Diff(options) => diff(options),
        Policy::Export(options) => export(options),
    }
}

fn status(fine: bool) -> ExitCode {
    if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}

/// Runs `zuno test`.
pub fn test(options: &Test) -> Result<ExitCode> {
    if let Some(path) = &options.init {
        let written = init::write(path, &options.which.asking()?.here()?, options.force)?;
        say(&format!(
            "{}: {} tests; {} rules without one, and why, stand in comments",
            path.display(),
            written.tests,
            written.without
        ));
        return Ok(ExitCode::SUCCESS);
    }
    let mut all = Vec::new();
    for path in &options.files {
        all.extend(cases::read(path)?);
    }
    let asking = options.which.asking()?;
    let questions: Vec<Value> = all.iter().map(|case| case.question.clone()).collect();
    let answers = asking.answers(&questions, false)?;
    let outcomes: Vec<_> = all.iter().zip(&answers).map(|(case, answer)| case.held_against(answer)).collect();
    let unreached = report::unreached(&asking.rules()?, &outcomes);
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
    let findings = options.which.asking()?.findings()?;
    match options.shown.as_table() {
        true => options.shown.show(&report::findings(&findings))?,
        false => options.shown.show(&findings)?,
    }
    Ok(status(findings.as_array().is_none_or(Vec::is_empty)))
}

fn diff(options: &Diff) -> Result<ExitCode> {
    let answer = sides::compared(&options.before, &options.after, &options.server)?;
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

fn export(options: &Export) -> Result<ExitCode> {
    let (operator, tenant) = options.server.of_tenant()?;
    let configuration = taken(&operator, &tenant, options.staged)?;
    match &options.output {
        Some(path) => keep(&configuration, path)?,
        None => print(&format!("{configuration:#}\n"))?,
    }
    Ok(ExitCode::SUCCESS)
}
