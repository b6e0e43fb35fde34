//! What an operator wrote, read strictly: each member has its type, one that nobody asks for is an error, and the refusal
//! says what to write instead.

use std::str::FromStr;

use serde_json::{Map, Value};

/// The members of a body, taken out one by one.
pub struct Members {
    left: Map<String, Value>,
    asked: Vec<&'static str>,
}

impl Members {
    /// The members of an object; no body at all has none.
    pub fn of(body: &Value) -> Result<Members, String> {
        let left = match body {
            Value::Null => Map::new(),
            Value::Object(members) => members.clone(),
            _ => return Err("send a JSON object".into()),
        };
        Ok(Members { left, asked: Vec::new() })
    }

    fn take(&mut self, name: &'static str) -> Option<Value> {
        self.asked.push(name);
        self.left.remove(name).filter(|value| !value.is_null())
    }

    /// A text, unless it is left out.
    pub fn text(&mut self, name: &'static str) -> Result<Option<String>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(format!("`{name}` is {}: write it as text, in quotes", what(&other))),
        }
    }

    /// A list of texts, unless it is left out.
    pub fn texts(&mut self, name: &'static str) -> Result<Option<Vec<String>>, String> {
        let Some(value) = self.take(name) else { return Ok(None) };
        let read = serde_json::from_value(value.clone()).map(Some);
        read.map_err(|_| format!("`{name}` is {}: write a list of texts", what(&value)))
    }

    /// A number that is written as text, as every id is: not every reader of JSON keeps large ones.
    pub fn id(&mut self, name: &'static str) -> Result<Option<i64>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::String(text)) => {
                let number = i64::from_str(&text);
                number.map(Some).map_err(|_| format!("`{name}` is `{text}`: write digits alone"))
            }
            Some(Value::Number(number)) => {
                Err(format!("`{name}` is a number: write it as text, \"{number}\""))
            }
            Some(other) => Err(format!("`{name}` is {}: write the id as text, in quotes", what(&other))),
        }
    }

    /// True or false, unless it is left out.
    pub fn flag(&mut self, name: &'static str) -> Result<Option<bool>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(flag)),
            Some(other) => {
                Err(format!("`{name}` is {}: write `true` or `false`, without quotes", what(&other)))
            }
        }
    }

    /// A whole number, unless it is left out.
    pub fn whole(&mut self, name: &'static str) -> Result<Option<i64>, String> {
        match self.take(name) {
            None => Ok(None),
            Some(value) => match value.as_i64() {
                Some(number) => Ok(Some(number)),
                None => Err(format!("`{name}` is {}: write a whole number, without quotes", what(&value))),
            },
        }
    }

    /// That nothing else was written.
    pub fn end(self) -> Result<(), String> {
        match self.left.keys().next() {
            None => Ok(()),
            Some(stranger) if self.asked.is_empty() => {
                Err(format!("`{stranger}` is not known: this takes no body"))
            }
            Some(stranger) => {
                let known: Vec<String> = self.asked.iter().map(|name| format!("`{name}`")).collect();
                Err(format!("`{stranger}` is not known; known are {}", known.join(", ")))
            }
        }
    }
}

fn what(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "true or false",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_has_another_type_or_is_not_known_is_refused_with_words() {
        let of = |body: Value| Members::of(&body).expect("an object");
        assert_eq!(of(json!({"a": "x", "b": null})).text("a"), Ok(Some("x".into())));
        assert_eq!(of(json!({"b": null})).flag("b"), Ok(None));
        assert_eq!(of(json!({"c": "-5"})).id("c"), Ok(Some(-5)));
        assert_eq!(of(json!({"o": -5})).whole("o"), Ok(Some(-5)));
        for (refused, word) in [
            (of(json!({"a": 1})).text("a").map(drop), "text"),
            (of(json!({"c": 216})).id("c").map(drop), "as text, \"216\""),
            (of(json!({"c": "1.5"})).id("c").map(drop), "digits"),
            (of(json!({"on": "false"})).flag("on").map(drop), "without quotes"),
            (of(json!({"on": 0})).flag("on").map(drop), "`true` or `false`"),
            (of(json!({"o": 1.5})).whole("o").map(drop), "whole number"),
            (of(json!({"x": 1})).end(), "takes no body"),
        ] {
            assert!(refused.as_ref().is_err_and(|text| text.contains(word)), "{refused:?} says {word}");
        }
        let mut members = of(json!({"vanity": "a", "bear": true}));
        members.text("vanity").and(members.flag("bare")).expect("both are right");
        assert!(members.end().is_err_and(|text| text.contains("`bear`") && text.contains("`bare`")));
        assert!(Members::of(&json!([1])).is_err());
    }
}
