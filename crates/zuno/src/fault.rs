//! `zuno fault`: calls of a tenant that are to fail, how and how often.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::Result;
use clap::{Args, Subcommand, ValueEnum};
use serde_json::{Value, json};
use zuno_client::Method;

use crate::operator::OnServer;
use crate::table::say;

/// What can be done with faults.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
Examples:
  zuno fault add zia.rule_label.create --status 429 --retry-after 2 --times 3
  zuno fault add zpa --refusal locked --writes
  zuno fault add --delay 2s --percent 10
  zuno fault list
  zuno fault clear

A caller can ask for a failure of its own call alone, by the header `Zuno-Fault: 429; retry-after=2`.

These want the operator's token, which is found in the data folder of the server.")]
pub enum Fault {
    /// Let calls of a tenant fail, be late or be cut off.
    #[command(after_help = "\
Examples:
  zuno fault add zia.rule_label.create --status 429 --retry-after 2 --times 3
  zuno fault add zia --refusal stale --after 5 --times 1
  zuno fault add zpa.application_segment --cut answer --percent 20
  zuno fault add --client ci --status 401 --for 5m")]
    Add(Add),
    /// List the faults of a tenant, with how often they hit.
    #[command(after_help = "Example: zuno fault list --json")]
    List(OnServer),
    /// Remove one fault, or all of them.
    #[command(after_help = "Example: zuno fault clear 3")]
    Clear(Clear),
}

/// Options of `zuno fault add`.
#[derive(Debug, Args)]
#[group(id = "what", required = true, multiple = true, args = ["status", "refusal", "delay", "cut"])]
pub struct Add {
    /// A product, a resource or an operation: `zia`, `zia.rule_label`, `zia.rule_label.create`; all calls when not said.
    on: Option<String>,
    /// Refuse them under this status, in the product's own words: 401, 403, 404, 409, 412, 429, 500, 502, 503 or 504.
    #[arg(long, value_name = "CODE", conflicts_with = "refusal")]
    status: Option<u16>,
    /// Refuse them for this reason, in the product's own words and under its own status.
    #[arg(long, value_enum, value_name = "REASON")]
    refusal: Option<Refusal>,
    /// When to try again, in seconds, as a refusal tells that says so.
    #[arg(long, value_name = "SECONDS")]
    retry_after: Option<u32>,
    /// Let them wait first: `300ms`, `2s`.
    #[arg(long, value_name = "TIME", value_parser = crate::span::short_span)]
    delay: Option<Duration>,
    /// Carry them out, and end the connection in the place of the answer, or in the midst of its body.
    #[arg(long, value_enum)]
    cut: Option<Cut>,
    /// Only calls of this API client.
    #[arg(long, value_name = "ID")]
    client: Option<String>,
    /// Only calls that change something.
    #[arg(long)]
    writes: bool,
    /// Only calls that change nothing.
    #[arg(long, conflicts_with = "writes")]
    reads: bool,
    /// Let so many of them pass first.
    #[arg(long, value_name = "N")]
    after: Option<u32>,
    /// Hit so many of them in all.
    #[arg(long, value_name = "N")]
    times: Option<u32>,
    /// Hit so many of a hundred, spread evenly.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=100))]
    percent: Option<u32>,
    /// Be over after so long: `90s`, `30m`, `2h`.
    #[arg(long = "for", value_name = "TIME", value_parser = crate::span::span)]
    lasts: Option<Duration>,
    #[command(flatten)]
    server: OnServer,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Refusal {
    /// 401: the token is over.
    Unauthorized,
    /// 403: the client may not.
    Forbidden,
    /// The tenant has not what the vendor sells for it.
    NotSubscribed,
    /// The product serves reads only.
    ReadOnly,
    /// There is no such record.
    NotFound,
    /// Another writer holds the lock.
    Locked,
    /// The record was changed meanwhile.
    Stale,
    /// 429: too many calls.
    Throttled,
    /// 500: the product fails.
    Failed,
    /// 502: the gateway does not reach the product.
    BadGateway,
    /// 503: the product cannot answer for the moment.
    Unavailable,
    /// 504: the product takes too long.
    Timeout,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum Cut {
    /// Nothing of the answer arrives.
    Answer,
    /// Half of its body does.
    Body,
}

/// Options of `zuno fault clear`.
#[derive(Debug, Args)]
pub struct Clear {
    /// The fault's number; all of them when not said.
    id: Option<u64>,
    #[command(flatten)]
    server: OnServer,
}

/// A word of the command line, as the operator's API has it.
fn word(value: impl ValueEnum) -> Option<String> {
    value.to_possible_value().map(|value| value.get_name().to_owned())
}

/// Runs `zuno fault`.
pub fn run(options: &Fault) -> Result<ExitCode> {
    match options {
        Fault::Add(wanted) => {
            let (operator, vanity) = wanted.server.operator.of_tenant()?;
            let body = wanted.body();
            let kept = operator.call(&Method::POST, &format!("/tenants/{vanity}/faults"), Some(&body))?;
            if wanted.server.shown.as_table() {
                say(&format!("zuno: fault {} of {vanity} is set: {}", kept["id"], told(&kept)));
            } else {
                wanted.server.shown.show(&kept)?;
            }
        }
        Fault::List(server) => {
            let (operator, vanity) = server.operator.of_tenant()?;
            let answer = operator.call(&Method::GET, &format!("/tenants/{vanity}/faults"), None)?;
            let Value::Array(faults) = answer["faults"].clone() else {
                anyhow::bail!("the server does not tell its faults as this Zuno reads them");
            };
            let shown = if server.shown.as_table() && server.shown.columns.is_empty() {
                faults.iter().map(row).collect()
            } else {
                Value::Array(faults)
            };
            server.shown.show(&shown)?;
        }
        Fault::Clear(wanted) => {
            let (operator, vanity) = wanted.server.operator.of_tenant()?;
            let (path, what) = match wanted.id {
                Some(id) => (format!("/tenants/{vanity}/faults/{id}"), format!("fault {id} of {vanity} is")),
                None => (format!("/tenants/{vanity}/faults"), format!("all faults of {vanity} are")),
            };
            operator.call(&Method::DELETE, &path, None)?;
            say(&format!("zuno: {what} gone"));
        }
    }
    Ok(ExitCode::SUCCESS)
}

impl Add {
    fn body(&self) -> Value {
        let failure = self.status.map(|status| status.to_string()).or_else(|| self.refusal.and_then(word));
        json!({
            "on": self.on,
            "failure": failure,
            "retry_after": self.retry_after,
            "delay_ms": self.delay.map(|delay| u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)),
            "cut": self.cut.and_then(word),
            "client": self.client,
            "writes": (self.writes || self.reads).then_some(self.writes),
            "after": self.after,
            "times": self.times,
            "percent": self.percent,
            "seconds": self.lasts.map(|lasts| lasts.as_secs()),
        })
    }
}

/// A fault as people read it in a line.
fn row(fault: &Value) -> Value {
    json!({ "id": fault["id"], "calls": calls(fault), "happens": happens(fault), "often": often(fault), "hit": fault["hit"] })
}

fn told(fault: &Value) -> String {
    format!(
        "{}: {}{}",
        calls(fault),
        happens(fault),
        match often(fault) {
            often if often.is_empty() => often,
            often => format!(", {often}"),
        }
    )
}

fn calls(fault: &Value) -> String {
    let on = fault["on"].as_str().filter(|on| !on.is_empty()).unwrap_or("every call");
    let sort = match fault["writes"].as_bool() {
        Some(true) => ", writes",
        Some(false) => ", reads",
        None => "",
    };
    let client = fault["client"].as_str().map(|client| format!(", of {client}")).unwrap_or_default();
    format!("{on}{sort}{client}")
}

fn happens(fault: &Value) -> String {
    let mut all = Vec::new();
    if let Some(delay) = fault["delay_ms"].as_u64() {
        all.push(format!("waits {delay} ms"));
    }
    if let Some(failure) = fault["failure"].as_str() {
        let again = fault["retry_after"].as_u64().map(|seconds| format!(", again after {seconds} s"));
        all.push(format!("{failure}{}", again.unwrap_or_default()));
    }
    if let Some(cut) = fault["cut"].as_str() {
        all.push(format!("{cut} cut off"));
    }
    all.join(", ")
}

fn often(fault: &Value) -> String {
    let number = |name: &str| fault[name].as_u64();
    let mut all = Vec::new();
    all.extend(number("after").map(|after| format!("after {after}")));
    all.extend(number("percent").map(|percent| format!("{percent} %")));
    all.extend(number("times").map(|times| format!("{times} times")));
    let until = fault["until"].as_i64().and_then(|until| jiff::Timestamp::from_second(until).ok());
    all.extend(until.map(|until| format!("until {until}")));
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{row, told};

    #[test]
    fn a_fault_is_a_line() {
        let fault = json!({
            "id": 3, "on": "zia", "writes": true, "client": "ci", "failure": "throttled", "retry_after": 2,
            "delay_ms": 300, "after": 1, "percent": 50, "times": 3, "met": 4, "hit": 1,
        });
        assert_eq!(
            row(&fault),
            json!({
                "id": 3, "calls": "zia, writes, of ci", "happens": "waits 300 ms, throttled, again after 2 s",
                "often": "after 1, 50 %, 3 times", "hit": 1,
            })
        );
        assert_eq!(told(&json!({"on": "", "cut": "body"})), "every call: body cut off");
    }
}
