//! `control-rules`: a custom control's rules are whole, are kept once, and are told in two forms.
//!
//! Callers give rules as a list, or as JSON in a text; an update with neither keeps them (seen). What may be looked at
//! depends on whether the control inspects requests or responses, and what may be compared on whether it is a size or
//! a value (documented). Every control has a number of its own (seen). The parts by type and the HTTP methods are those
//! that callers are told.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zpa::{custom_inspection_control as member, inspection_control as words};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

use crate::spelling::meant;

/// The first number of a tenant's controls (seen).
const FIRST_NUMBER: i64 = 4_500_000;

/// Comparisons of a size.
const OF_SIZE: &[&str] = &["EQ", "LE", "GE"];

/// Comparisons that ask for a name's presence and need no right side.
const OF_PRESENCE: &[&str] = &["EXISTS", "NOT_EXISTS"];

/// The parts that hold several named values.
const NAMED: &[&str] = &["REQUEST_HEADERS", "REQUEST_COOKIES", "RESPONSE_HEADERS"];

/// The parts of web sockets, which belong to either type.
const OF_SOCKETS: &str = "WS_";

/// The guarantee for one resource.
struct ControlRules {
    kind: Kind,
    parts: BTreeMap<String, Vec<String>>,
    methods: Vec<String>,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let lists = params.resource_of(words::KIND)?;
    let list = |name: &str| -> Vec<String> {
        let default = lists.field(name).and_then(|field| field.default.as_ref());
        let items = default.and_then(|json| json.0.as_array()).into_iter().flatten();
        items.filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let types =
        params.resource.field(member::TYPE.name).map(|field| field.values.clone()).unwrap_or_default();
    let parts: BTreeMap<_, _> = types.into_iter().map(|word| (word.clone(), list(&word))).collect();
    let methods = list(words::HTTP_METHODS.name);
    if methods.is_empty() || parts.is_empty() || parts.values().any(Vec::is_empty) {
        return Err(params.wrong(format!("`{}` lacks a list", words::KIND)));
    }
    Ok(Box::new(ControlRules { kind: Kind(params.kind()), parts, methods }))
}

fn text<'a>(of: &'a Value, name: &str) -> &'a str {
    of.text(name).unwrap_or_default()
}

impl ControlRules {
    fn wrong<T>(&self, words: impl Into<String>) -> Result<T, Fault> {
        Err(Fault::said(&self.kind, member::RULES.name, words))
    }

    /// A rule as it is kept: names only where the part has some (documented).
    fn rule(&self, given: &Value, of_type: &str) -> Result<Value, Fault> {
        let part = text(given, "type");
        let parts = self.parts.get(of_type).map(Vec::as_slice).unwrap_or_default();
        if !part.starts_with(OF_SOCKETS) && !parts.iter().any(|known| known == part) {
            return self.wrong(format!("`{part}` is no part of a {of_type}"));
        }
        let mut kept = Map::from_iter([("type".to_owned(), json!(part))]);
        if NAMED.contains(&part) {
            let names: Vec<&str> = match given.get("names") {
                Some(Value::String(name)) => vec![name],
                Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
                _ => Vec::new(),
            };
            if names.is_empty() || names.contains(&"") {
                return self.wrong(format!("`{part}` needs names"));
            }
            kept.insert("names".into(), json!(names));
        }
        let conditions = given.items("conditions");
        if conditions.is_empty() {
            return self.wrong("a rule needs conditions");
        }
        let conditions = conditions.iter().map(|condition| self.condition(condition, part));
        kept.insert("conditions".into(), Value::Array(conditions.collect::<Result<_, _>>()?));
        Ok(Value::Object(kept))
    }

    fn condition(&self, given: &Value, part: &str) -> Result<Value, Fault> {
        let (lhs, op, rhs) = (text(given, "lhs"), text(given, "op"), text(given, "rhs"));
        if (lhs == "SIZE") != OF_SIZE.contains(&op) || !matches!(lhs, "SIZE" | "VALUE") {
            return self.wrong(format!("`{op}` does not compare a {lhs}"));
        }
        if lhs == "SIZE" && rhs.parse::<u64>().is_err() {
            return self.wrong(format!("`{rhs}` is no size"));
        }
        if OF_PRESENCE.contains(&op) {
            if !NAMED.contains(&part) && part != "QUERY_STRING" {
                return self.wrong(format!("`{op}` does not go with `{part}`"));
            }
            return Ok(json!({ "lhs": lhs, "op": op }));
        }
        if rhs.is_empty() {
            return self.wrong("a condition needs rhs");
        }
        if part == "REQUEST_METHOD" && lhs == "VALUE" && !self.methods.iter().any(|known| known == rhs) {
            return self.wrong(format!("`{rhs}` is no HTTP method"));
        }
        Ok(json!({ "lhs": lhs, "op": op, "rhs": rhs }))
    }

    /// Rules as they are kept.
    fn kept(&self, rules: &[Value], of_type: &str) -> Result<Vec<Value>, Fault> {
        rules.iter().map(|rule| self.rule(rule, of_type)).collect()
    }

    /// What a change says of the rules, in either form; nothing when it says nothing of them.
    fn meant(
        &self,
        change: &Change,
        held: Option<&Vec<Value>>,
        of_type: &str,
    ) -> Result<Option<Vec<Value>>, Fault> {
        let mut sent = Vec::new();
        let listed = member::RULES.of(&change.sent);
        if !listed.is_empty() {
            sent.push(self.kept(listed, of_type)?);
        }
        let told = member::CONTROL_RULE_JSON.of(&change.sent);
        if let Some(text) = told.filter(|text| !text.is_empty()) {
            let wrong = |_| {
                Fault::said(&self.kind, member::CONTROL_RULE_JSON.name, "it holds no list of rules in JSON")
            };
            let rules: Vec<Value> = serde_json::from_str(text).map_err(wrong)?;
            if !rules.is_empty() {
                sent.push(self.kept(&rules, of_type)?);
            }
        }
        Ok(meant(held, sent))
    }
}

impl Behaviour for ControlRules {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let held = change
            .old
            .as_ref()
            .and_then(|old| old.get(member::RULES.name))
            .and_then(Value::as_array)
            .cloned();
        let of_type = member::TYPE.of(&change.new).unwrap_or_default();
        let rules = self.meant(change, held.as_ref(), of_type)?.or(held);
        let Some(rules) = rules.filter(|rules| !rules.is_empty()) else {
            return self.wrong("a control needs rules");
        };
        // Rules that were held may not fit another type.
        let kept = self.kept(&rules, of_type)?;
        let told = serde_json::to_string(&kept).map_err(Fault::broken)?;
        change.new.insert(member::RULES.into(), Value::Array(kept));
        change.new.insert(member::CONTROL_RULE_JSON.into(), Value::String(told));
        if change.verb == Verb::Create {
            let number = cx.next("custom control", FIRST_NUMBER)?;
            change.new.insert(member::CONTROL_NUMBER.into(), Value::from(number));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_model::Kind;

    use super::ControlRules;

    fn control() -> ControlRules {
        let words = |list: &[&str]| list.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>();
        ControlRules {
            kind: Kind("a.b".into()),
            parts: [
                ("REQUEST".to_owned(), words(&["REQUEST_HEADERS", "REQUEST_METHOD", "REQUEST_BODY"])),
                ("RESPONSE".to_owned(), words(&["RESPONSE_BODY"])),
            ]
            .into(),
            methods: words(&["GET"]),
        }
    }

    #[test]
    fn names_stay_where_a_part_has_some() {
        let size = json!([{"op": "GE", "rhs": "5", "lhs": "SIZE"}]);
        let kept = |part: &str| {
            let rule = json!({"names": ["a"], "conditions": size, "type": part});
            control().rule(&rule, "REQUEST").map(|kept| kept.to_string())
        };
        let conditions = r#""conditions":[{"lhs":"SIZE","op":"GE","rhs":"5"}]"#;
        let headers = format!(r#"{{"type":"REQUEST_HEADERS","names":["a"],{conditions}}}"#);
        assert_eq!(kept("REQUEST_HEADERS").expect("whole"), headers);
        assert_eq!(
            kept("REQUEST_BODY").expect("whole"),
            format!(r#"{{"type":"REQUEST_BODY",{conditions}}}"#)
        );
        assert!(kept("RESPONSE_BODY").is_err());
    }

    #[test]
    fn a_comparison_fits_what_is_compared() {
        let held = |lhs: &str, op: &str, rhs: &str, part: &str| {
            control().condition(&json!({"lhs": lhs, "op": op, "rhs": rhs}), part).is_ok()
        };
        assert!(
            held("VALUE", "RX", "GET", "REQUEST_METHOD") && !held("VALUE", "RX", "FETCH", "REQUEST_METHOD")
        );
        assert!(held("SIZE", "LE", "7", "REQUEST_BODY") && !held("SIZE", "LE", "x", "REQUEST_BODY"));
        assert!(!held("SIZE", "RX", "7", "REQUEST_BODY") && !held("VALUE", "GE", "7", "REQUEST_BODY"));
        assert!(
            held("VALUE", "EXISTS", "", "REQUEST_HEADERS") && !held("VALUE", "EXISTS", "", "REQUEST_BODY")
        );
    }
}
