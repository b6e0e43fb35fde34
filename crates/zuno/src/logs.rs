//! `zuno logs`: the last calls that a server answered, as they come, and held against what was expected.

mod asking;
mod expected;

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::Args;
use serde_json::Value;
use zuno_client::{Method, Operator};

use self::asking::{Query, UNREADABLE, asked, requests, with};
use self::expected::Expected;
use crate::operator::AsOperator;
use crate::table::{Shown, clean, escaped, print, say};

/// How long one question waits for calls that are still to come, in seconds.
const WAIT: &str = "5";

/// Options of `zuno logs`.
#[derive(Debug, Args)]
#[command(after_help = "\
JSON has the whole of each call: what was sent and answered without its secrets, the records it changed as they were and \
are, why it was refused and where that is described, and members that nothing reads.

Examples:
  zuno logs --failed
  zuno logs --follow --operation zia
  zuno logs --expect 'POST zia.rule_label 200 x2' --expect '5xx x0'
  zuno logs --json | jq '.[] | select(.unread)'

An expectation names a method, an operation or a path, a status or its class, and how often: `x2` is twice, `x2+` twice or \
more, without it once or more. The exit status is 1 when one is not met.

This wants the operator's token, which is found in the data folder of the server.")]
pub struct Logs {
    /// Go on with each call as it is answered; JSON is a line for each.
    #[arg(short, long, conflicts_with_all = ["expect", "clear"])]
    follow: bool,
    /// Only calls that were refused or failed.
    #[arg(long)]
    failed: bool,
    /// Only calls of a product, a resource or an operation: `zia`, `zia.rule_label`, `zia.rule_label.create`; or of a service:
    /// `token`, `sign-in`, `scim`, `endpoints`.
    #[arg(long, value_name = "NAME")]
    operation: Option<String>,
    /// Only calls of this API client, by its id or its name.
    #[arg(long, value_name = "NAME")]
    client: Option<String>,
    /// Only calls that were answered so: `404`, or `4xx`.
    #[arg(long, value_name = "STATUS")]
    status: Option<String>,
    /// Only calls of so long ago and since: `90s`, `30m`, `2h`.
    #[arg(long, value_name = "AGO", value_parser = crate::span::span)]
    since: Option<Duration>,
    /// How many of the last ones at most.
    #[arg(long, value_name = "N", default_value_t = 50, value_parser = clap::value_parser!(u32).range(1..=1000))]
    most: u32,
    /// Say whether calls came as they were expected; may be given several times.
    #[arg(long, value_name = "CALL")]
    expect: Vec<Expected>,
    /// Forget all calls.
    #[arg(long, conflicts_with = "expect")]
    clear: bool,
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    server: AsOperator,
}

/// Runs `zuno logs`.
pub fn run(options: &Logs) -> Result<ExitCode> {
    let operator = options.server.operator()?;
    if options.clear {
        operator.call(&Method::DELETE, "/requests", None)?;
        return Ok(ExitCode::SUCCESS);
    }
    let query = options.query();
    if !options.expect.is_empty() {
        return expected::hold(&operator, &query, &options.expect);
    }
    let mut answer = asked(&operator, "/requests", &with(&query, "most", options.most.to_string()))?;
    if options.follow {
        return options.go_on(&operator, &query, answer);
    }
    let told = requests(&mut answer)?;
    if options.shown.as_table() && options.shown.columns.is_empty() {
        print(&told.iter().map(|told| line(told) + "\n").collect::<String>())?;
    } else {
        options.shown.show(&Value::Array(told))?;
    }
    Ok(ExitCode::SUCCESS)
}

impl Logs {
    fn query(&self) -> Query {
        let mut query = Query::new();
        let mut ask = |name, value: &Option<String>| query.extend(value.clone().map(|value| (name, value)));
        ask("tenant", &self.server.target.vanity);
        ask("operation", &self.operation);
        ask("client", &self.client);
        ask("status", &self.status);
        if self.failed {
            query.push(("failed", "true".into()));
        }
        query.extend(self.since.map(|ago| ("within", ago.as_secs().to_string())));
        query
    }

    /// Tells calls as they are answered, from the last ones on.
    fn go_on(&self, operator: &Operator, query: &Query, mut answer: Value) -> Result<ExitCode> {
        let as_lines = self.shown.as_table();
        let query = with(&with(query, "wait", WAIT.into()), "most", "1000".into());
        loop {
            let last = answer["last"].as_u64().context(UNREADABLE)?;
            for told in requests(&mut answer)? {
                let text = if as_lines { line(&told) } else { escaped(&told.to_string()) };
                print(&(text + "\n"))?;
            }
            let run = answer["run"].take();
            answer = asked(operator, "/requests", &with(&query, "after", last.to_string()))?;
            if answer["run"] != run {
                say("zuno: the server has been started anew");
                answer = asked(operator, "/requests", &with(&query, "after", "0".into()))?;
            }
            let lost = answer["lost"].as_u64().unwrap_or(0);
            if lost > 0 {
                say(&format!(
                    "zuno: {lost} calls were answered that the journal has no more: see `zuno serve --journal`"
                ));
            }
        }
    }
}

fn text<'v>(told: &'v Value, member: &str) -> &'v str {
    told[member].as_str().unwrap_or_default()
}

/// What a call was of: the operation, or the path where it was of none.
fn call(told: &Value) -> String {
    match text(told, "operation") {
        "" => format!("{} {}", text(told, "method"), text(told, "target")),
        operation => operation.to_owned(),
    }
}

/// What is to be said of a call beside its status.
fn remarks(told: &Value) -> String {
    let mut remarks: Vec<String> = Vec::new();
    if !told["injected"].is_null() {
        remarks.push("a fault that was set".into());
    }
    if told["carried"] == true {
        remarks.push("by the real cloud".into());
    }
    if !text(told, "why").is_empty() {
        remarks.push(text(told, "why").to_owned());
    }
    if let Some(unread) = told["unread"].as_array() {
        let names: Vec<&str> = unread.iter().filter_map(Value::as_str).collect();
        remarks.push(format!("nothing reads {}", names.join(", ")));
    }
    remarks.join("; ")
}

/// The time of the day, to the millisecond.
fn moment(told: &Value) -> String {
    let time = text(told, "time").split_once('T').map_or("", |(_, time)| time.trim_end_matches('Z'));
    time.chars().take(12).collect()
}

/// A call as people read it: a line, which says last what may be long.
fn line(told: &Value) -> String {
    let milliseconds = told["took_ms"].as_f64().unwrap_or_default();
    let mut line = format!("{}  {} {milliseconds:>8.1} ms  {}", moment(told), told["status"], call(told));
    let client = told["client"]["name"].as_str().map(|name| format!("({name})"));
    for more in client.into_iter().chain(Some(remarks(told)).filter(|remarks| !remarks.is_empty())) {
        line.push_str("  ");
        line.push_str(&more);
    }
    // What a caller wrote begins no line of its own.
    clean(&line.replace(['\n', '\r'], " "))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::line;

    #[test]
    fn a_call_is_a_line_that_says_what_was_wrong() {
        let told = json!({
            "time": "2026-11-30T12:44:36.123456Z", "took_ms": 1.25, "status": 400, "method": "POST", "target": "/x",
            "operation": "zia.rule_label.create", "client": { "id": "c", "name": "CI\u{1b}[2J" },
            "why": "`name` of the rule label must be given", "unread": ["nmae", "colour"],
        });
        assert_eq!(
            line(&told),
            "12:44:36.123  400      1.2 ms  zia.rule_label.create  (CI␛[2J)  `name` of the rule label must be given; nothing \
             reads nmae, colour",
            "and the terminal is not told what to do"
        );
        let told = json!({ "time": "2026-11-30T12:44:36Z", "took_ms": 0.1, "status": 404, "method": "GET", "target": "/x" });
        assert_eq!(line(&told), "12:44:36  404      0.1 ms  GET /x");
    }
}
