//! `zuno what-if`: what would become of a request, by which rule, and why.

mod log;
mod told;

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, Result, bail};
use clap::Args;
use serde_json::{Map, Value, json};
use zuno_policy::Question;

use crate::asking::{Asking, Which};
use crate::table::{Shown, print};
use crate::usage::Usage;

/// The longest file of questions, in bytes.
const LONGEST: u64 = 256 << 20;

/// Options of `zuno what-if`.
#[derive(Debug, Args)]
#[command(after_help = "\
The answer has the action, the module and the rule that decided, what was assumed, and what was not told and could have \
changed it. docs/what-if.md tells every word of it, and every member of a question.

Examples:
  zuno what-if --user ada.berg@acme.example --url https://www.facebook.com/
  zuno what-if --from HQ --url https://x.example/f.zip --method POST --staged
  zuno what-if --to 203.0.113.9:22 --from HQ --why
  zuno what-if --user ada.berg@acme.example --private docs.example.com:443
  zuno what-if --url https://x.example --set trust=LOW --set risk=80
  zuno what-if --questions yesterday.csv --compare
  zuno what-if --log yesterday.json

This wants the operator's token, which is found in the data folder of the server.")]
pub struct WhatIf {
    /// A web request: its URL.
    #[arg(long, value_name = "URL", group = "subject")]
    url: Option<String>,
    /// Other traffic: host or address, and port.
    #[arg(long, value_name = "HOST:PORT", group = "subject")]
    to: Option<String>,
    /// A request for a name.
    #[arg(long, value_name = "NAME", group = "subject")]
    dns: Option<String>,
    /// A request to a private application.
    #[arg(long, value_name = "HOST:PORT", group = "subject")]
    private: Option<String>,
    /// Many questions: a JSON list, or CSV with the members of questions in its first line; `-` is standard input.
    #[arg(long, value_name = "FILE", group = "subject")]
    questions: Option<PathBuf>,
    /// Every line of a web or firewall log, as NSS writes them; `-` is standard input.
    #[arg(long, value_name = "FILE", group = "subject", conflicts_with = "why")]
    log: Option<PathBuf>,
    /// How the log's lines are written: the name of a feed, as `NAME_VALUE_PAIRS`, or its text, as
    /// `%s{time}\t%s{login}\t%s{eurl}`; recognised by the first line when not said.
    #[arg(long, value_name = "FEED", requires = "log")]
    log_feed: Option<String>,
    /// The zone of times in the log; UTC when not said.
    #[arg(long, value_name = "ZONE", requires = "log")]
    log_zone: Option<String>,
    /// Who asks: e-mail, name or id.
    #[arg(long)]
    user: Option<String>,
    /// The location it comes from.
    #[arg(long, value_name = "LOCATION")]
    from: Option<String>,
    /// The address it comes from.
    #[arg(long, value_name = "ADDRESS")]
    source: Option<String>,
    /// The device.
    #[arg(long)]
    device: Option<String>,
    /// A cloud application that the host belongs to, as rules name it.
    #[arg(long = "app", value_name = "WORD")]
    applications: Vec<String>,
    /// The method of the request.
    #[arg(long)]
    method: Option<String>,
    /// How it gets to the cloud: transparent, explicit, pac, tunnel1, tunnel2, or client for what its profiles say.
    #[arg(long)]
    via: Option<String>,
    /// When: `2026-03-01T10:00:00Z`, or seconds since 1970; the tenant's present when not said.
    #[arg(long)]
    at: Option<String>,
    /// Any other member of a question; a value is JSON where it can be read as such, else text.
    #[arg(long = "set", value_name = "NAME=VALUE")]
    members: Vec<String>,
    /// Tell every rule that was tried and what it failed by.
    #[arg(long)]
    why: bool,
    /// Ask both what is in force and what is staged, and tell only what differs; exit status 1 where something does.
    #[arg(long, conflicts_with = "staged")]
    compare: bool,
    /// The same with a file that `zuno policy export` wrote in place of what is staged.
    #[arg(long, value_name = "FILE", conflicts_with = "staged")]
    against: Option<PathBuf>,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    which: Which,
}

/// Runs `zuno what-if`.
pub fn run(options: &WhatIf) -> Result<ExitCode> {
    if let Some(path) = &options.log {
        return of_log(options, path);
    }
    let (questions, several) = match &options.questions {
        Some(path) => (read(path)?, true),
        None => (vec![Value::Object(options.question()?)], false),
    };
    let asking = options.which.asking()?;
    let ask = |asking: &Asking| {
        let answers = asking.answers(&questions, options.why)?;
        match answers[..].first().and_then(|answer| answer["error"].as_str()) {
            Some(why) if !several => bail!("{why}"),
            _ => Ok(answers),
        }
    };
    if let Some(then) = options.then()? {
        let (active, staged) = (ask(&asking)?, ask(&then)?);
        let differing: Vec<Value> = questions
            .iter()
            .zip(active.iter().zip(&staged))
            .filter(|(_, (active, staged))| told::differ(active, staged))
            .map(|(question, (active, staged))| json!({"question": question, "active": active, "staged": staged}))
            .collect();
        let same = differing.is_empty();
        match options.shown.as_table() {
            true if same => print("nothing would be treated otherwise\n")?,
            true => options.shown.show(&differing.iter().map(told::difference).collect())?,
            false => options.shown.show(&Value::Array(differing))?,
        }
        return Ok(if same { ExitCode::SUCCESS } else { ExitCode::FAILURE });
    }
    let answers = ask(&asking)?;
    match (several, options.shown.as_table()) {
        (true, true) => options.shown.show(&questions.iter().zip(&answers).map(told::row).collect())?,
        (true, false) => options.shown.show(&Value::Array(answers))?,
        (false, true) => print(&told::sheet(&answers[0]))?,
        (false, false) => options.shown.show(&answers[0])?,
    }
    Ok(ExitCode::SUCCESS)
}

/// Asks a log's lines of what is in force and of what is staged, or of files.
fn of_log(options: &WhatIf, path: &Path) -> Result<ExitCode> {
    let then = match (options.then()?, &options.which.snapshot) {
        (None, None) if !options.which.staged => Some(options.which.staged()?),
        (then, _) => then,
    };
    let asked = log::Asked {
        now: options.which.asking()?.here()?,
        then: then.map(Asking::here).transpose()?,
        given: options.told()?,
    };
    if let Err(wrong) = serde_json::from_value::<Question>(Value::Object(asked.given.clone())) {
        return Err(Usage(wrong.to_string()).into());
    }
    let written = log::Written { feed: options.log_feed.as_deref(), zone: options.log_zone.as_deref() };
    let tally = log::asked(path, &written, &asked)?;
    let told = tally.told();
    match options.shown.as_table() {
        true => {
            for rows in [log::otherwise(&told), log::logged(&told)] {
                let Some(row) = rows.get(0) else { continue };
                let named = options.shown.columns.iter().filter(|name| row.get(name.as_str()).is_some());
                let shown = Shown { columns: named.cloned().collect(), ..options.shown.clone() };
                shown.show_table(&rows)?;
                print("\n")?;
            }
            print(&log::conclusion(&told, asked.then.is_some()))?;
        }
        false => options.shown.show(&told)?,
    }
    // A log of which not one line was asked shows nothing.
    let fine = tally.otherwise() == 0 && tally.answered() > 0;
    Ok(if fine { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

impl WhatIf {
    /// What is compared with, if anything is.
    fn then(&self) -> Result<Option<Asking>> {
        match (&self.against, &self.which.snapshot) {
            (Some(path), _) => Asking::file(path).map(Some),
            (None, _) if !self.compare => Ok(None),
            (None, None) => self.which.staged().map(Some),
            (None, Some(_)) => Err(Usage(
                "--snapshot is one configuration: say with --against FILE what to compare it with".into(),
            )
            .into()),
        }
    }

    /// The question, of which something is told.
    fn question(&self) -> Result<Map<String, Value>> {
        let question = self.told()?;
        if ["url", "destination", "dns", "private"].iter().all(|subject| !question.contains_key(*subject)) {
            return Err(Usage("say what the traffic is for: --url, --to, --dns or --private".into()).into());
        }
        Ok(question)
    }

    /// The members of a question that the command line tells.
    fn told(&self) -> Result<Map<String, Value>> {
        let mut question = Map::new();
        for (name, value) in [
            ("url", &self.url),
            ("destination", &self.to),
            ("dns", &self.dns),
            ("private", &self.private),
            ("user", &self.user),
            ("from", &self.from),
            ("source", &self.source),
            ("device", &self.device),
            ("method", &self.method),
            ("via", &self.via),
        ] {
            if let Some(value) = value {
                question.insert(name.to_owned(), value.as_str().into());
            }
        }
        if !self.applications.is_empty() {
            question.insert("applications".to_owned(), self.applications.clone().into());
        }
        if let Some(at) = &self.at {
            question.insert("at".to_owned(), value("at", at));
        }
        for member in &self.members {
            let Some((name, text)) = member.split_once('=') else {
                return Err(Usage(format!("--set {member}: write NAME=VALUE")).into());
            };
            question.insert(name.to_owned(), value(name, text));
        }
        Ok(question)
    }
}

/// A member's value: JSON where the member takes what that says, else text. So the id of a user stays text, though it is
/// written in digits.
fn value(name: &str, text: &str) -> Value {
    let read: Option<Value> = serde_json::from_str(text).ok();
    let fits = |value: &Value| serde_json::from_value::<Question>(json!({ name: value })).is_ok();
    read.filter(fits).unwrap_or_else(|| text.into())
}

/// Questions from a file.
fn read(path: &Path) -> Result<Vec<Value>> {
    let shown = path.display();
    let source: Box<dyn io::Read> = match path.as_os_str() == "-" {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(path).with_context(|| format!("cannot read {shown}"))?),
    };
    let mut text = String::new();
    source.take(LONGEST + 1).read_to_string(&mut text).with_context(|| format!("cannot read {shown}"))?;
    if u64::try_from(text.len()).is_ok_and(|length| length > LONGEST) {
        bail!("{shown} is longer than {LONGEST} bytes: ask its questions in parts");
    }
    if text.trim_start().starts_with('[') {
        let list: Vec<Value> =
            serde_json::from_str(&text).context("the file is no JSON list of questions")?;
        return Ok(list);
    }
    from_csv(&text)
}

/// Questions from lines of values, the members' names in the first; what is empty is not told.
fn from_csv(text: &str) -> Result<Vec<Value>> {
    let mut lines = csv::ReaderBuilder::new()
        .trim(csv::Trim::Headers)
        .from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let names = lines.headers().context("the first line names no members")?.clone();
    if names.is_empty() {
        bail!("the file is empty");
    }
    let question = |line: csv::Result<csv::StringRecord>| {
        let line = line?;
        let told = names.iter().zip(&line).filter(|(_, cell)| !cell.is_empty());
        Ok(Value::Object(told.map(|(name, cell)| (name.to_owned(), value(name, cell))).collect()))
    };
    lines.records().map(question).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::from_csv;

    #[test]
    fn lines_are_questions() {
        let text = "url,user,scim_groups,used_minutes\nhttps://a.example/?a=1,\"Berg, Ada\",\"[\"\"Eng\"\"]\",\nb.example,,,60\n";
        let wanted = vec![
            json!({"url": "https://a.example/?a=1", "user": "Berg, Ada", "scim_groups": ["Eng"]}),
            json!({"url": "b.example", "used_minutes": 60}),
        ];
        assert_eq!(from_csv(text).expect("they are read"), wanted);
        assert!(from_csv("").is_err() && from_csv("url,user\n\"b.example,x\n").is_err());
        let text = "\u{feff}private,department,idp,user\nx.example:1,7,216196257331281921,\"a\nb\"\n";
        let wanted = json!({
            "private": "x.example:1", "department": "7", "idp": "216196257331281921", "user": "a\nb",
        });
        assert_eq!(from_csv(text).expect("they are read"), [wanted], "ids are text");
    }
}
