//! `zuno clock`: what time a running server takes it to be.

use std::process::ExitCode;
use std::time::Duration;

use anyhow::{Context as _, Result};
use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};
use zuno_client::Method;

use crate::operator::AsOperator;
use crate::table::{Shown, say};

/// What can be done with a clock.
#[derive(Debug, Subcommand)]
#[command(after_help = "\
The clock is the server's, or with --vanity one tenant's, which goes beside it. What time makes due happens at once: tokens end, approvals start and end, traces get done, machines that were cut off for \
too long go, measurements move.

Examples:
  zuno clock advance 2h
  zuno clock set 2026-12-24T08:00:00Z
  zuno clock freeze
  zuno clock run --pace 60      a minute in each second
  zuno clock reset

These want the operator's token, which is found in the data folder of the server.")]
pub enum Clock {
    /// Tell what time it is.
    #[command(after_help = "Example: zuno clock show --json")]
    Show(OfClock),
    /// Set it to a time.
    #[command(after_help = "Example: zuno clock set 2026-12-24T08:00:00Z")]
    Set(Set),
    /// Move it ahead.
    #[command(after_help = "Example: zuno clock advance 90m")]
    Advance(Advance),
    /// Let it stand still.
    #[command(after_help = "Example: zuno clock freeze --vanity acme")]
    Freeze(OfClock),
    /// Let it go on, at a pace.
    #[command(after_help = "Example: zuno clock run --pace 60")]
    Run(Run),
    /// Let it go by real time again.
    #[command(after_help = "Example: zuno clock reset")]
    Reset(OfClock),
}

/// Which clock, and how the answer is shown.
#[derive(Debug, Args)]
pub struct OfClock {
    #[command(flatten)]
    shown: Shown,
    #[command(flatten)]
    operator: AsOperator,
}

/// Options of `zuno clock set`.
#[derive(Debug, Args)]
pub struct Set {
    /// The time, as `2026-12-24T08:00:00Z`.
    time: Timestamp,
    #[command(flatten)]
    of: OfClock,
}

/// Options of `zuno clock advance`.
#[derive(Debug, Args)]
pub struct Advance {
    /// By how much: `90s`, `15m`, `2h`, `7d`.
    #[arg(value_parser = crate::span::span)]
    by: Duration,
    #[command(flatten)]
    of: OfClock,
}

/// Options of `zuno clock run`.
#[derive(Debug, Args)]
pub struct Run {
    /// How many of its seconds go by in a real one.
    #[arg(long, value_name = "N", default_value_t = 1, value_parser = clap::value_parser!(u32).range(1..=60_000))]
    pace: u32,
    #[command(flatten)]
    of: OfClock,
}

/// Runs `zuno clock`.
pub fn run(options: &Clock) -> Result<ExitCode> {
    let (of, wished) = match options {
        Clock::Show(of) => (of, None),
        Clock::Set(set) => (&set.of, Some(json!({ "now": set.time.as_second() }))),
        Clock::Advance(advance) => (&advance.of, Some(json!({ "advance": advance.by.as_secs() }))),
        Clock::Freeze(of) => (of, Some(json!({ "pace": 0 }))),
        Clock::Run(run) => (&run.of, Some(json!({ "pace": run.pace }))),
        Clock::Reset(of) => (of, Some(json!({ "offset": 0, "pace": 1 }))),
    };
    let operator = of.operator.operator()?;
    let tenant = of.operator.target.vanity.as_deref();
    let path = match tenant {
        Some(tenant) => format!("/tenants/{tenant}/clock"),
        None => "/clock".to_owned(),
    };
    let method = if wished.is_some() { Method::PUT } else { Method::GET };
    let mut answer = operator.call(&method, &path, wished.as_ref())?;
    let shows = answer["now"].as_i64().and_then(|now| Timestamp::from_second(now).ok());
    let shows = shows.context("the server does not tell its clock as this Zuno reads it")?;
    answer["time"] = shows.to_string().into();
    if !of.shown.as_table() {
        of.shown.show(&answer)?;
        return Ok(ExitCode::SUCCESS);
    }
    let whose = tenant.map_or_else(|| "the server's clock".into(), |name| format!("{name}'s clock"));
    say(&format!("zuno: {whose} shows {shows}{}", goes(&answer)));
    Ok(ExitCode::SUCCESS)
}

/// How a clock goes, where that is not as time does.
fn goes(clock: &Value) -> String {
    let offset = clock["offset"].as_i64().unwrap_or_default();
    let offset = match offset {
        0 => String::new(),
        offset => format!(", {} s {}", offset.unsigned_abs(), if offset > 0 { "ahead" } else { "behind" }),
    };
    match clock["pace"].as_i64() {
        Some(0) => format!("{offset}, and stands still"),
        Some(pace) if pace != 1 => format!("{offset}, and goes {pace} times as fast"),
        _ => offset,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::goes;

    #[test]
    fn a_clock_tells_how_it_goes() {
        assert_eq!(goes(&json!({"offset": 0, "pace": 1})), "");
        assert_eq!(goes(&json!({"offset": -60, "pace": 0})), ", 60 s behind, and stands still");
        assert_eq!(goes(&json!({"offset": 5, "pace": 60})), ", 5 s ahead, and goes 60 times as fast");
    }
}
