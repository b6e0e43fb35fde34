//! Where questions are asked: of a tenant of a server, or of a configuration in a file, without any server.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Value, json};
use zuno_client::{Method, Operator};
use zuno_intercept::files;
use zuno_policy::analysis::lint;
use zuno_policy::{Configuration, Options, Policy};

use crate::operator::AsOperator;
use crate::table::say;

/// The longest file of a configuration, in bytes.
const LONGEST: u64 = 256 << 20;
/// How many questions one call asks, how many of those that are traced, and how long they may be together: half of what
/// the server reads.
const BATCH: usize = 1_000;
const BATCH_TRACED: usize = 50;
const BATCH_BYTES: usize = 512 * 1024;

/// Which configuration is meant.
#[derive(Debug, Args)]
pub struct Which {
    /// Count what waits for activation.
    #[arg(long, conflicts_with = "snapshot")]
    pub staged: bool,
    /// A file that `zuno policy export` wrote, rather than a server.
    #[arg(long, value_name = "FILE")]
    pub snapshot: Option<PathBuf>,
    #[command(flatten)]
    pub server: AsOperator,
}

impl Which {
    /// What is staged at the server, ready to be asked.
    pub fn staged(&self) -> Result<Asking> {
        let (operator, tenant) = self.server.of_tenant()?;
        Ok(Asking::Server { operator, tenant, staged: true })
    }

    /// What is meant, ready to be asked.
    pub fn asking(&self) -> Result<Asking> {
        match &self.snapshot {
            Some(path) => Held::read(path).map(Asking::held),
            None => {
                let (operator, tenant) = self.server.of_tenant()?;
                Ok(Asking::Server { operator, tenant, staged: self.staged })
            }
        }
    }
}

/// A configuration that can be asked.
pub enum Asking {
    /// A server answers.
    Server { operator: Operator, tenant: String, staged: bool },
    /// This process does.
    Here(Box<Held>),
}

/// A configuration that was read, with what it says of traffic.
pub struct Held {
    pub configuration: Configuration,
    pub policy: Policy,
}

impl Held {
    /// Reads a file that `zuno policy export` wrote.
    pub fn read(path: &Path) -> Result<Held> {
        let shown = path.display();
        let mut bytes = Vec::new();
        let file = File::open(path).with_context(|| format!("cannot read {shown}"))?;
        file.take(LONGEST + 1).read_to_end(&mut bytes).with_context(|| format!("cannot read {shown}"))?;
        if u64::try_from(bytes.len()).is_ok_and(|length| length > LONGEST) {
            bail!("{shown} is longer than {LONGEST} bytes");
        }
        match Configuration::read(&bytes) {
            Ok(configuration) => Ok(Held::of(configuration)),
            Err(wrong) => bail!("{shown}: {wrong}"),
        }
    }

    /// Takes a tenant's from a server.
    pub fn taken(operator: &Operator, tenant: &str, staged: bool) -> Result<Held> {
        let taken = taken(operator, tenant, staged)?;
        let configuration =
            serde_json::from_value(taken).context("the server does not answer as this Zuno reads it")?;
        Ok(Held::of(configuration))
    }

    fn of(configuration: Configuration) -> Held {
        let policy = zuno_gateway::compile(&configuration.records, Options::default());
        Held { configuration, policy }
    }
}

/// A tenant's configuration, as a file holds it.
pub fn taken(operator: &Operator, tenant: &str, staged: bool) -> Result<Value> {
    let body = json!({ "tenant": tenant, "staged": staged });
    Ok(operator.call(&Method::POST, "/policy/snapshot", Some(&body))?)
}

/// Writes a configuration to a file, whole or not at all.
pub fn keep(configuration: &Value, path: &Path) -> Result<()> {
    files::replace(path, format!("{configuration:#}\n").as_bytes(), files::Readers::User)
        .with_context(|| format!("cannot write {}", path.display()))
}

impl Asking {
    fn held(held: Held) -> Asking {
        Asking::Here(Box::new(held))
    }

    /// A file's.
    pub fn file(path: &Path) -> Result<Asking> {
        Held::read(path).map(Asking::held)
    }

    /// The answers to questions; that of one that cannot be understood says why as its `error`.
    ///
    /// # Errors
    /// The server cannot be reached, or refuses.
    pub fn answers(&self, questions: &[Value], why: bool) -> Result<Vec<Value>> {
        match self {
            Asking::Server { operator, tenant, staged } => asked(operator, tenant, questions, *staged, why),
            Asking::Here(held) => Ok(held.policy.told_each(questions.to_vec(), held.configuration.at, why)),
        }
    }

    /// The rules that are on.
    pub fn rules(&self) -> Result<Value> {
        match self {
            Asking::Server { .. } => self.call("/policy/rules"),
            Asking::Here(held) => Ok(held.policy.rules_told()),
        }
    }

    /// What is wrong with rules.
    pub fn findings(&self) -> Result<Value> {
        match self {
            Asking::Server { .. } => Ok(self.call("/policy/lint")?["findings"].take()),
            Asking::Here(held) => Ok(json!(lint(&held.policy, &held.configuration.records))),
        }
    }

    /// The configuration itself, read into this process.
    pub fn here(self) -> Result<Held> {
        match self {
            Asking::Server { operator, tenant, staged } => Held::taken(&operator, &tenant, staged),
            Asking::Here(held) => Ok(*held),
        }
    }

    fn call(&self, path: &str) -> Result<Value> {
        let Asking::Server { operator, tenant, staged } = self else {
            bail!("there is no server to be called")
        };
        let body = json!({ "tenant": tenant, "staged": staged });
        Ok(operator.call(&Method::POST, path, Some(&body))?)
    }
}

/// A server's answers, a batch of them at a time.
fn asked(
    operator: &Operator,
    tenant: &str,
    questions: &[Value],
    staged: bool,
    why: bool,
) -> Result<Vec<Value>> {
    let mut body = json!({"tenant": tenant, "staged": staged, "trace": why});
    let mut answers = Vec::with_capacity(questions.len());
    let mut rest = questions;
    while !rest.is_empty() {
        let batch;
        (batch, rest) = rest.split_at(fitting(rest, if why { BATCH_TRACED } else { BATCH }));
        body["questions"] = batch.into();
        let mut answer = operator.call(&Method::POST, "/what-if", Some(&body))?;
        let Some(told) = answer["answers"].as_array_mut().filter(|told| told.len() == batch.len()) else {
            bail!("the server does not answer as this Zuno reads it");
        };
        answers.append(told);
        if answers.len() < questions.len() || questions.len() > BATCH {
            say(&format!("{} of {} asked", answers.len(), questions.len()));
        }
    }
    Ok(answers)
}

/// How many of the first questions go into one call: at least one, and no more than fit its body.
fn fitting(questions: &[Value], most: usize) -> usize {
    let mut bytes = 0;
    let fits = |question: &&Value| {
        bytes += question.to_string().len() + 1;
        bytes <= BATCH_BYTES
    };
    questions.iter().take(most).take_while(fits).count().max(1)
}
