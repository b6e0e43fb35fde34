//! An answer held against a recorded one, as far as two clouds with different tenants can agree.
//!
//! What must be so is the status; each member of the recorded answer, with its type, in the same object here; and the
//! values that follow from the calls: those that the recorded answer repeats from what was sent, and in an object that a call
//! has made, the numbers, words and switches that its cloud chose. Of the objects of a list that no call has made, only the
//! members count that all of them have: the others follow from what the recorded tenant did with them. Ids, moments, drawn
//! texts, places in an order and what was taken out are not compared. What is there beyond the recorded members of a place
//! is told as well.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use crate::alike::{Difference, Differs, Found, kind, shown};
use crate::known::Known;
use crate::words::{identity, is_count, is_id, is_random, is_redacted, is_time, is_word};
use crate::{Bindings, Body, Exchange};

/// How many objects of a list are tried as the counterpart of one that has none.
const TRIED: usize = 50;

/// How many objects of a recorded list are looked at.
const LOOKED: usize = 1_000;

/// Members of refusals that clients decide by.
const CODES: [&str; 4] = ["code", "error", "errorCode", "id"];

/// What another cloud made of the same call.
#[derive(Clone, Copy, Debug)]
pub struct Heard<'a> {
    /// What was sent there.
    pub sent: &'a Body,
    /// The status of the answer.
    pub status: u16,
    /// The answer.
    pub answered: &'a Body,
}

/// Why an exchange says nothing of how a cloud answers: what was refused was so for the moment, the tenant or the client.
pub fn circumstance(exchange: &Exchange) -> Option<&'static str> {
    let said = |name: &str| exchange.response.get(name).and_then(Value::as_str).unwrap_or_default();
    let code = said("code");
    match exchange.status {
        401 => Some("the token was refused"),
        429 => Some("too many calls came"),
        500.. => Some("the cloud failed"),
        _ if code == "EDIT_LOCK_NOT_AVAILABLE" => Some("another edit was under way"),
        _ if code == "STATE_READONLY" => Some("the cloud took no writes"),
        403 if matches!(code, "NOT_SUBSCRIBED" | "SCOPE_LIMITED") => {
            Some("the tenant has no subscription for it")
        }
        403 if said("id").starts_with("authz.") => Some("the client was not allowed to"),
        // The gateway's own words: the recorded cloud did not know the path.
        404 if said("code").is_empty() && said("id").is_empty() => Some("the cloud had nothing there"),
        _ => None,
    }
}

/// Holds an answer against a recorded one.
pub fn judge(recorded: &Exchange, heard: &Heard<'_>, bindings: &Bindings) -> Vec<Difference> {
    let mut found = Found::default();
    if heard.status != recorded.status {
        let told = match heard.answered {
            Body::Json(value) => shown(value),
            Body::Text(text) => shown(&Value::from(text.as_str())),
            Body::None | Body::Bytes(_) => String::new(),
        };
        let words = format!("{} instead of {}: {told}", heard.status, recorded.status);
        found.add(Differs::Status, "", words.trim_end_matches([':', ' ']));
        return found.told();
    }
    let succeeded = recorded.status < 300;
    match (recorded.answered(), heard.answered) {
        (Body::None, Body::None) => {}
        (Body::None, _) => found.add(Differs::Extra, "", "a body where none was recorded"),
        (_, Body::None) => found.add(Differs::Missing, "", "no body where one was recorded"),
        (Body::Json(one), Body::Json(other)) => {
            let last = recorded.path.rsplit('/').next().unwrap_or_default();
            let judge = Judge { bindings, names: recorded.method != "GET" || bindings.is_made(last) };
            judge.value(&one, other, Place { at: "", own: succeeded && judge.names }, &mut found);
            if succeeded {
                Known::of(&one).extra(other, "", &mut found);
                if let (Some(sent), Some(sent_here)) = (recorded.sent().json(), heard.sent.json()) {
                    echo(sent, sent_here, &one, other, "", &mut found);
                }
            } else {
                codes(&one, other, &mut found);
            }
        }
        (Body::Json(_), _) => found.add(Differs::Missing, "", "no JSON where some was recorded"),
        (Body::Text(one), Body::Text(other)) => texts(&one, other, &mut found),
        (Body::Text(_) | Body::Bytes(_), _) => {}
    }
    found.told()
}

/// A place in an answer.
#[derive(Clone, Copy)]
struct Place<'a> {
    at: &'a str,
    /// It is in an object that a call has made, so that its cloud's choices are to be ours.
    own: bool,
}

struct Judge<'a> {
    bindings: &'a Bindings,
    /// The call is of an object that it makes, or that one before has made.
    names: bool,
}

impl Judge<'_> {
    /// What of a recorded value is not there.
    fn value(&self, recorded: &Value, answered: &Value, place: Place<'_>, found: &mut Found) {
        match (recorded, answered) {
            (Value::Null, _) => {}
            (Value::Object(one), Value::Object(other)) => self.object(one, other, place, found),
            (Value::Array(one), Value::Array(other)) => self.list(one, other, place, found),
            _ if kind(recorded) != kind(answered) => {
                let words = format!("is {} instead of {}", kind(answered), kind(recorded));
                found.add(Differs::Missing, place.at, words);
            }
            _ => {}
        }
    }

    fn object(
        &self,
        recorded: &Map<String, Value>,
        answered: &Map<String, Value>,
        place: Place<'_>,
        found: &mut Found,
    ) {
        for (name, value) in recorded.iter().filter(|(_, value)| !value.is_null()) {
            let at = format!("{}.{name}", place.at);
            let Some(other) = answered.get(name) else {
                found.add(Differs::Missing, &at, "is missing");
                continue;
            };
            self.value(value, other, Place { at: &at, ..place }, found);
            if place.own && differs(name, value, other) {
                found.add(Differs::Value, &at, format!("is {} instead of {}", shown(other), shown(value)));
            }
        }
    }

    fn list(&self, recorded: &[Value], answered: &[Value], place: Place<'_>, found: &mut Found) {
        let at = format!("{}[]", place.at);
        let place = Place { at: &at, own: false };
        if answered.is_empty() || recorded.is_empty() {
            return;
        }
        let recorded = &recorded[..recorded.len().min(LOOKED)];
        let pairs = self.bindings.pairs(recorded, answered);
        let always = always(recorded);
        let mut unmet = None;
        for (value, pair) in recorded.iter().zip(pairs) {
            let is_made = identity(value).is_some_and(|id| self.bindings.is_made(&id));
            match pair {
                Some(pair) if is_made => self.value(value, &answered[pair], place, found),
                Some(pair) => self.value(&only(value, &always), &answered[pair], place, found),
                None => unmet = unmet.or(Some(value)),
            }
        }
        if let Some(value) = unmet {
            // One tells for all, and whichever is nearest here.
            let value = only(value, &always);
            let look = |other: &Value| {
                let mut own = Found::default();
                self.value(&value, other, place, &mut own);
                own
            };
            if let Some(nearest) = answered.iter().take(TRIED).map(look).min_by_key(Found::len) {
                found.extend(nearest);
            }
        }
    }
}

/// The members that all objects of a list have.
fn always(objects: &[Value]) -> BTreeSet<&str> {
    let has = |value: &Value, name: &str| value.get(name).is_some_and(|value| !value.is_null());
    let first = objects.first().and_then(Value::as_object);
    let names = first.into_iter().flat_map(Map::keys).map(String::as_str);
    names.filter(|name| objects.iter().all(|value| has(value, name))).collect()
}

/// An object with some of its members; what is none is as it is.
fn only(value: &Value, names: &BTreeSet<&str>) -> Value {
    let Value::Object(members) = value else { return value.clone() };
    let kept = members.iter().filter(|(name, _)| names.contains(name.as_str()));
    Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
}

/// Whether a choice of one cloud is another's here: a number, a switch, or a word.
fn differs(name: &str, recorded: &Value, answered: &Value) -> bool {
    if is_count(name) {
        return false;
    }
    let counts = match recorded {
        Value::Bool(_) => true,
        Value::Number(_) => !is_id(name) && !is_time(name, recorded) && !is_time(name, answered),
        Value::String(text) => {
            let is_number = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
            (is_word(text) || is_number)
                && !is_id(name)
                && !is_redacted(text)
                && !is_random(text)
                && !is_time(name, recorded)
        }
        _ => false,
    };
    counts && kind(recorded) == kind(answered) && recorded != answered
}

/// What the recorded answer repeats from what was sent, and the answer here does not.
fn echo(sent: &Value, sent_here: &Value, recorded: &Value, answered: &Value, at: &str, found: &mut Found) {
    let (Value::Object(sent), Value::Object(here)) = (sent, sent_here) else { return };
    let (Value::Object(recorded), Value::Object(answered)) = (recorded, answered) else { return };
    for (name, value) in sent {
        let (Some(here), Some(one), Some(other)) = (here.get(name), recorded.get(name), answered.get(name))
        else {
            continue;
        };
        let at = format!("{at}.{name}");
        if value.is_object() {
            echo(value, here, one, other, &at, found);
            continue;
        }
        let is_plain = |value: &Value| !value.is_object() && !value.is_array();
        let is_flat = is_plain(value) || value.as_array().is_some_and(|items| items.iter().all(is_plain));
        let hidden = value.as_str().is_some_and(is_redacted);
        let is_told = found.has(Differs::Value, &at);
        if is_flat && !hidden && !is_told && !is_id(name) && one == value && other != here {
            found.add(Differs::Value, &at, format!("is {} where {} was sent", shown(other), shown(here)));
        }
    }
}

/// What clients decide by when they are refused.
fn codes(recorded: &Value, answered: &Value, found: &mut Found) {
    for name in CODES {
        if let (Some(Value::String(one)), Some(Value::String(other))) =
            (recorded.get(name), answered.get(name))
            && one != other
        {
            found.add(Differs::Value, name, format!("is `{other}` instead of `{one}`"));
        }
    }
}

/// Texts are alike where they are one word, or have the same columns.
fn texts(recorded: &str, answered: &str, found: &mut Found) {
    let columns = |text: &str| -> BTreeSet<String> {
        let first = text.lines().next().unwrap_or_default();
        first.split(',').map(|name| name.trim().trim_matches('"').to_owned()).collect()
    };
    if recorded.starts_with('"') && recorded.contains(',') {
        let (one, other) = (columns(recorded), columns(answered));
        for name in one.difference(&other) {
            found.add(Differs::Missing, "", format!("column `{name}` is missing"));
        }
        for name in other.difference(&one) {
            found.add(Differs::Extra, "", format!("column `{name}` is too much"));
        }
    } else if is_word(recorded) && recorded != answered && !is_redacted(recorded) {
        let (one, other) = (shown(&recorded.into()), shown(&answered.into()));
        found.add(Differs::Value, "", format!("{other} instead of {one}"));
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{Heard, circumstance, judge};
    use crate::{Bindings, Body, Exchange};

    fn exchange(method: &str, path: &str, sent: Value, status: u16, response: Value) -> Exchange {
        let text = json!({ "method": method, "path": path, "request": sent, "status": status, "response": response });
        serde_json::from_value(text).unwrap()
    }

    fn told(recorded: &Exchange, sent: Value, status: u16, answered: Value) -> Vec<String> {
        let mut bindings = Bindings::default();
        let heard = Heard { sent: &Body::Json(sent), status, answered: &Body::read(&answered) };
        bindings.learn(&recorded.response, &answered);
        judge(recorded, &heard, &bindings).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn members_are_missed_and_told_as_too_much_and_choices_count_in_what_the_call_made() {
        let recorded = exchange(
            "POST",
            "/zia/api/v1/x",
            json!({ "name": "A", "size": 5, "on": true }),
            200,
            json!({ "id": 1, "name": "A", "size": 5, "on": true, "rank": 7, "state": "ENABLED", "at": "2026-01-01", "by": { "id": 3 } }),
        );
        let sent = json!({ "name": "A", "size": 5, "on": true });
        let same = json!({
            "id": 9, "name": "A", "size": 5, "on": true, "rank": 7, "state": "ENABLED", "at": "2026-11-30", "by": { "id": 4 }, "none": null,
        });
        assert_eq!(told(&recorded, sent.clone(), 200, same), Vec::<String>::new());
        let other = json!({ "id": 9, "name": "B", "size": "5", "on": false, "rank": 0, "state": "ENABLED", "at": "x", "more": 1 });
        assert_eq!(
            told(&recorded, sent.clone(), 200, other),
            [
                "by is missing",
                "size is a text instead of a number",
                "more is too much",
                "name is \"B\" instead of \"A\"",
                "on is false instead of true",
                "rank is 0 instead of 7",
                "size is \"5\" where 5 was sent",
            ]
        );
        let status = told(&recorded, sent, 400, json!({ "code": "NO" }));
        assert_eq!(status, ["400 instead of 200: {\"code\":\"NO\"}"]);
    }

    #[test]
    fn objects_of_a_list_are_held_against_their_counterparts_and_strangers_against_what_all_have() {
        let recorded = exchange(
            "GET",
            "/x",
            json!({}),
            200,
            json!([{ "id": 1, "name": "Any", "a": 1, "b": 1 }, { "id": 2, "name": "Paris", "a": 1, "c": [{ "id": 1 }] }]),
        );
        let here = json!([{ "id": 5, "name": "London", "a": 2 }, { "id": 6, "name": "Any", "a": 2, "d": 1 }]);
        assert_eq!(
            told(&recorded, json!({}), 200, here),
            ["[].d is too much"],
            "what some have is the tenant's doing"
        );
        assert_eq!(told(&recorded, json!({}), 200, json!([])), Vec::<String>::new(), "the tenant has none");
        assert_eq!(
            told(&recorded, json!({}), 200, json!([{ "id": 5 }])),
            ["[].a is missing", "[].name is missing"]
        );
    }

    #[test]
    fn a_refusal_has_the_same_code_and_a_text_the_same_columns() {
        let refused = exchange(
            "GET",
            "/x/1",
            json!({}),
            404,
            json!({ "code": "RESOURCE_NOT_FOUND", "message": "no 1" }),
        );
        assert!(
            told(&refused, json!({}), 404, json!({ "code": "RESOURCE_NOT_FOUND", "message": "no 7" }))
                .is_empty()
        );
        assert_eq!(
            told(&refused, json!({}), 404, json!({ "code": "GONE", "message": "" })),
            ["code is `GONE` instead of `RESOURCE_NOT_FOUND`"]
        );
        let text = |text: &str| json!({ "$text": text });
        let table = exchange("GET", "/x", json!({}), 200, text("\"User\",\"UDID\"\n\"a\",\"b\"\n"));
        assert_eq!(
            told(&table, json!({}), 200, text("\"User\",\"Name\"\n")),
            ["column `UDID` is missing", "column `Name` is too much"]
        );
        let nothing = exchange("DELETE", "/x", json!({}), 204, Value::Null);
        assert_eq!(told(&nothing, json!({}), 204, json!({})), ["a body where none was recorded"]);
        assert_eq!(told(&table, json!({}), 200, Value::Null), ["no body where one was recorded"]);
    }

    #[test]
    fn what_was_refused_for_reasons_of_its_own_says_nothing() {
        let why = |status, response| circumstance(&exchange("GET", "/x", json!({}), status, response));
        assert!(why(429, Value::Null).is_some() && why(502, Value::Null).is_some());
        assert!(why(409, json!({ "code": "EDIT_LOCK_NOT_AVAILABLE" })).is_some());
        assert!(why(404, json!({ "$text": "404 Not Found" })).is_some());
        assert_eq!(why(404, json!({ "id": "resource.not.found" })), None);
        assert_eq!(why(409, json!({ "code": "DUPLICATE_ITEM" })), None);
    }
}
