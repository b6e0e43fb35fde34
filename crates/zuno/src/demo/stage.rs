//! Sends the calls of the tour, shows them as a client sends them, and keeps count.

use std::fmt::Write as _;

use anyhow::Result;
use serde_json::Value;
use zuno_client::{Method, Operator, Wire};

use super::step::{Body, Caller, SECRETS, Step, masked, sent};
use super::tour::Scene;
use crate::table::print;

/// The most lines of a body that are shown.
const LINES: usize = 16;
/// The longest line that is shown, in characters.
const WIDEST: usize = 96;
/// What became of the steps.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answered as documented.
    pub right: usize,
    /// Answered that it is not built yet.
    pub absent: Vec<String>,
    /// Answered otherwise, and how.
    pub wrong: Vec<String>,
}

/// Where the tour takes place.
pub struct Stage {
    wire: Wire,
    origin: String,
    operator: Operator,
    whole: bool,
    /// What became of the steps so far.
    pub tally: Tally,
}

impl Stage {
    /// Before the first step, at the server of this origin; bodies are shortened unless shown whole.
    pub fn new(origin: String, operator: Operator, whole: bool) -> Stage {
        Stage { wire: Wire::new(Some(&origin)), origin, operator, whole, tally: Tally::default() }
    }

    fn shown(&mut self, step: &Step<'_>) -> Result<Value> {
        let reply = sent(&self.wire, &self.origin, step)?;
        let answer: Value = serde_json::from_slice(&reply.body).unwrap_or(Value::Null);
        let outcome = judge(step, reply.status, &answer);
        let number = self.tally.right + self.tally.absent.len() + self.tally.wrong.len() + 1;
        let text = if answer.is_null() {
            String::from_utf8_lossy(&reply.body).into_owned()
        } else {
            format!("{:#}", masked(&answer))
        };
        print(&self.told(number, step, reply.status, &text, &outcome))?;
        let call = format!("{} {}", step.method, step.path.split('?').next().unwrap_or_default());
        match outcome {
            Outcome::Right => self.tally.right += 1,
            Outcome::Absent => self.tally.absent.push(call),
            Outcome::Wrong(why) => self.tally.wrong.push(format!("{call}: {why}")),
        }
        Ok(answer)
    }

    fn told(&self, number: usize, step: &Step<'_>, status: u16, answer: &str, outcome: &Outcome) -> String {
        let bold = clap::builder::styling::Style::new().bold();
        let dim = clap::builder::styling::Style::new().dimmed();
        let mut text = format!("\n{bold}{number:2}. {}{bold:#}\n", step.why);
        let _ = writeln!(text, "    {} https://{}{}", step.method, step.host, step.path);
        match step.caller {
            Caller::None => {}
            Caller::Basic(id, _) => {
                let _ = writeln!(text, "    {dim}Authorization: Basic {id}:…{dim:#}");
            }
            Caller::Bearer(_) => {
                let _ = writeln!(text, "    {dim}Authorization: Bearer …{dim:#}");
            }
        }
        match &step.body {
            Body::None => {}
            Body::Form(pairs) => {
                for (name, value) in pairs {
                    let value = if SECRETS.contains(name) { "…" } else { value };
                    let _ = writeln!(text, "    {dim}{name}={value}{dim:#}");
                }
            }
            Body::Json(value) => self.indent(&mut text, &format!("{:#}", masked(value)), "    ", dim),
        }
        let mark = match outcome {
            Outcome::Right => "as documented".to_owned(),
            Outcome::Absent => "not built yet".to_owned(),
            Outcome::Wrong(why) => format!("WRONG: {why}"),
        };
        let _ = writeln!(text, "    {bold}{status}{bold:#} {mark}");
        let plain = clap::builder::styling::Style::new();
        self.indent(&mut text, answer, "    ", plain);
        text
    }

    fn indent(&self, text: &mut String, body: &str, by: &str, style: clap::builder::styling::Style) {
        let all = body.lines().count();
        let most = if self.whole { all } else { LINES };
        for line in body.lines().take(most) {
            let mut shown: String = line.chars().take(if self.whole { usize::MAX } else { WIDEST }).collect();
            if shown.len() < line.len() {
                shown.push('…');
            }
            let _ = writeln!(text, "{by}{style}{shown}{style:#}");
        }
        if all > most {
            let _ = writeln!(text, "{by}… and {} lines more", all - most);
        }
    }
}

impl Scene for Stage {
    fn play(&mut self, step: &Step<'_>) -> Result<Value> {
        self.shown(step)
    }

    fn operate(&mut self, method: &Method, path: &str, body: &Value) -> Result<()> {
        self.operator.call(method, path, Some(body))?;
        Ok(())
    }
}

enum Outcome {
    Right,
    Absent,
    Wrong(String),
}

fn judge(step: &Step<'_>, status: u16, answer: &Value) -> Outcome {
    let code = ["code", "id"].iter().find_map(|name| answer.get(*name)?.as_str());
    if status != step.status && code.is_some_and(|code| zuno_client::ABSENT.contains(&code)) {
        return Outcome::Absent;
    }
    if status != step.status {
        return Outcome::Wrong(format!("{status} instead of {}", step.status));
    }
    for (pointer, wanted) in &step.holds {
        match answer.pointer(pointer) {
            None => return Outcome::Wrong(format!("{pointer} is missing")),
            Some(found) if !wanted.is_null() && found != wanted => {
                return Outcome::Wrong(format!("{pointer} is {found} instead of {wanted}"));
            }
            Some(_) => {}
        }
    }
    Outcome::Right
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_client::Method;

    use super::{Body, Caller, Outcome, Step, judge};

    #[test]
    fn a_step_is_right_only_with_its_status_and_all_that_it_holds() {
        let step = Step {
            why: "",
            method: Method::GET,
            host: String::new(),
            path: String::new(),
            caller: Caller::None,
            body: Body::None,
            status: 200,
            holds: vec![("/a", json!(1)), ("/b", Value::Null)],
        };
        let right = |status, answer| matches!(judge(&step, status, &answer), Outcome::Right);
        assert!(right(200, json!({"a": 1, "b": "x"})));
        assert!(!right(200, json!({"a": 2, "b": "x"})) && !right(200, json!({"a": 1})));
        assert!(!right(404, json!({"a": 1, "b": "x"})));
        assert!(!matches!(judge(&step, 405, &Value::Null), Outcome::Absent), "another method is no absence");
        assert!(matches!(judge(&step, 405, &json!({"code": "NOT_IMPLEMENTED"})), Outcome::Absent));
    }
}
