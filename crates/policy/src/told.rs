//! Questions and answers in JSON: the same wherever they are asked, of a server or of a file.

use serde_json::{Value, json};

use crate::policy::Policy;
use crate::question::{At, Question};

impl Policy {
    /// The answer to a question, at the moment given where it tells no time.
    ///
    /// # Errors
    /// It cannot be understood; the text says why.
    pub fn told(&self, question: Value, now: i64, traced: bool) -> Result<Value, String> {
        let mut question: Question = serde_json::from_value(question).map_err(|wrong| wrong.to_string())?;
        question.at.get_or_insert(At::Seconds(now));
        let verdict = if traced { self.trace(&question) } else { self.decide(&question) };
        let verdict = verdict.map_err(|unclear| unclear.to_string())?;
        serde_json::to_value(verdict).map_err(|cause| cause.to_string())
    }

    /// The answers to several; that of one that cannot be understood says why as its `error`.
    pub fn told_each(&self, questions: Vec<Value>, now: i64, traced: bool) -> Vec<Value> {
        let told = |question| self.told(question, now, traced).unwrap_or_else(|why| json!({ "error": why }));
        questions.into_iter().map(told).collect()
    }

    /// The rules that are on, of every list in which the first one that matches decides.
    pub fn rules_told(&self) -> Value {
        let rules = self.enabled_rules().into_iter();
        rules.map(|(module, list, rule)| json!({ "module": module, "list": list, "rule": rule })).collect()
    }
}
