//! What a replay or a comparison found, for people and for programs.

use anyhow::Result;
use serde::Serialize;
use serde_json::{Value, json};
use zuno_recording::{Difference, Differs};

use crate::table::{Shown, clean, print};

/// How many differences of one call are told to people.
const TOLD: usize = 12;

/// One call that differs or was passed over.
#[derive(Debug, Serialize)]
struct Call {
    /// Which of the recording, counted from 1.
    number: usize,
    call: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    differences: Vec<Difference>,
    #[serde(skip_serializing_if = "Option::is_none")]
    passed_over: Option<&'static str>,
}

/// A conversation that was played.
#[derive(Debug)]
pub struct Played {
    name: String,
    calls: Vec<Call>,
}

impl Played {
    /// Nothing of it yet.
    pub fn of(name: &str) -> Played {
        Played { name: name.to_owned(), calls: Vec::new() }
    }

    fn push(&mut self, call: String, differences: Vec<Difference>, passed_over: Option<&'static str>) {
        self.calls.push(Call { number: self.calls.len() + 1, call, differences, passed_over });
    }

    /// A call that is not sent, and why.
    pub fn pass_over(&mut self, call: String, why: &'static str) {
        self.push(call, Vec::new(), Some(why));
    }

    /// A call with what its answer has otherwise.
    pub fn add(&mut self, call: String, differences: Vec<Difference>) {
        self.push(call, differences, None);
    }
}

/// All that was played.
#[derive(Debug)]
pub struct Told {
    /// What answers are that do not differ.
    alike: &'static str,
    allow_extra: bool,
    all: Vec<Played>,
}

/// How many calls are so.
#[derive(Clone, Copy, Debug, Default, Serialize)]
struct Score {
    calls: usize,
    same: usize,
    status: usize,
    missing: usize,
    extra: usize,
    value: usize,
    passed_over: usize,
}

impl Score {
    fn add(&mut self, other: Score) {
        self.calls += other.calls;
        self.same += other.same;
        self.status += other.status;
        self.missing += other.missing;
        self.extra += other.extra;
        self.value += other.value;
        self.passed_over += other.passed_over;
    }
}

impl Told {
    /// Of nothing yet: what answers are that do not differ, and whether members too much are no difference.
    pub fn new(alike: &'static str, allow_extra: bool) -> Told {
        Told { alike, allow_extra, all: Vec::new() }
    }

    /// Another conversation.
    pub fn add(&mut self, played: Played) {
        self.all.push(played);
    }

    /// Whether a call does not differ.
    fn call_is_same(&self, call: &Call) -> bool {
        call.differences.iter().all(|difference| self.allow_extra && difference.differs == Differs::Extra)
    }

    fn score(&self, played: &Played) -> Score {
        let mut score = Score::default();
        for call in &played.calls {
            if call.passed_over.is_some() {
                score.passed_over += 1;
                continue;
            }
            let has = |differs: Differs| {
                usize::from(call.differences.iter().any(|difference| difference.differs == differs))
            };
            score.add(Score {
                calls: 1,
                same: usize::from(self.call_is_same(call)),
                status: has(Differs::Status),
                missing: has(Differs::Missing),
                extra: has(Differs::Extra),
                value: has(Differs::Value),
                passed_over: 0,
            });
        }
        score
    }

    fn total(&self) -> Score {
        let mut total = Score::default();
        self.all.iter().for_each(|played| total.add(self.score(played)));
        total
    }

    /// Whether no answer differs.
    pub fn is_same(&self) -> bool {
        let total = self.total();
        total.same == total.calls
    }

    /// Shows it: a line for each conversation, and where more is wanted each difference under its call; or JSON.
    pub fn show(&self, shown: &Shown, verbose: u8) -> Result<()> {
        if !shown.as_table() {
            return shown.show(&self.json());
        }
        let rows: Vec<Value> = self.all.iter().map(|played| row(&played.name, &self.score(played))).collect();
        shown.show_table(&Value::Array(rows))?;
        let mut text = String::new();
        for played in self.all.iter().filter(|_| verbose > 0) {
            for call in &played.calls {
                let differs =
                    call.differences.iter().take(TOLD).map(|difference| format!("    {difference}\n"));
                let passed = call.passed_over.map(|why| format!("    passed over: {why}\n"));
                let lines: String = differs.chain(passed).map(|line| clean(&line)).collect();
                if !lines.is_empty() {
                    let head = format!("{} {}: {}\n", played.name, call.number, call.call);
                    text.push_str(&clean(&head));
                    text.push_str(&lines);
                }
            }
        }
        text.push_str(&self.sum());
        print(&text)
    }

    /// The sum in a sentence.
    fn sum(&self) -> String {
        let Score { calls, same, status, missing, extra, value, passed_over } = self.total();
        let mut text = format!("{same} of {calls} answers are {}", self.alike);
        let kinds = [
            (status, "another status"),
            (missing, "members missing"),
            (extra, "members too much"),
            (value, "other values"),
        ];
        let told: Vec<String> = kinds
            .iter()
            .filter(|(count, _)| *count > 0)
            .map(|(count, what)| format!("{count} with {what}"))
            .collect();
        if !told.is_empty() {
            text.push_str(&format!(" ({})", told.join(", ")));
        }
        if passed_over > 0 {
            text.push_str(&format!("; {passed_over} calls were passed over"));
        }
        text + "\n"
    }

    fn json(&self) -> Value {
        let one = |played: &Played| {
            let mut told = json!(self.score(played));
            told["recording"] = played.name.as_str().into();
            let calls = played.calls.iter();
            let telling = calls.filter(|call| !call.differences.is_empty() || call.passed_over.is_some());
            told["told"] = json!(telling.collect::<Vec<_>>());
            told
        };
        let mut told = json!(self.total());
        told["conversations"] = self.all.iter().map(one).collect();
        told
    }
}

fn row(name: &str, score: &Score) -> Value {
    let mut row = json!({ "recording": name });
    if let (Value::Object(row), Value::Object(score)) = (&mut row, json!(score)) {
        row.extend(score);
    }
    row
}

#[cfg(test)]
mod tests {
    use zuno_recording::{Difference, Differs};

    use super::{Played, Told};

    #[test]
    fn a_score_counts_calls_and_not_their_differences() {
        let difference = |differs| Difference { differs, at: "a".into(), words: "is so".into() };
        let mut played = Played::of("r");
        played.add("GET /x".into(), Vec::new());
        played.add("GET /x".into(), vec![difference(Differs::Missing), difference(Differs::Missing)]);
        played.add("GET /x".into(), vec![difference(Differs::Extra)]);
        played.pass_over("GET /x".into(), "it signs in");
        let mut told = Told::new("as recorded", false);
        told.add(played);
        assert!(!told.is_same());
        assert_eq!(
            told.sum(),
            "1 of 3 answers are as recorded (1 with members missing, 1 with members too much); 1 calls were passed over\n"
        );
        assert_eq!(told.json()["conversations"][0]["told"][0]["number"], 2);
        assert_eq!(Told { allow_extra: true, ..told }.total().same, 2);
    }
}
