//! `on-somewhere`: an operation tells whether any record of a kind has a member on, be it by the words of another member.
//!
//! On is a flag that is true and a number that is not 0. Parameters: `words` for off and on; `of`, for each member of the
//! answer the `kind`, `on`, and where they are told by words `by`.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::{Map, Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, at_path};
use zuno_model::{Fault, Record};

/// The guarantee for one resource.
struct OnSomewhere {
    words: (String, String),
    of: BTreeMap<String, Part>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Part {
    kind: String,
    on: String,
    #[serde(default)]
    by: Option<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let of: BTreeMap<String, Part> = params.part("of").read()?;
    for part in of.values() {
        for member in [Some(&part.on), part.by.as_ref()].into_iter().flatten() {
            params.field_of(&part.kind, member.split('.').next().unwrap_or_default())?;
        }
    }
    Ok(Box::new(OnSomewhere { words: params.part("words").read()?, of }))
}

fn is_on(record: &Record, path: &str) -> bool {
    match at_path(record, path) {
        Some(Value::Bool(on)) => *on,
        Some(Value::Number(number)) => number.as_i64() != Some(0),
        Some(Value::String(text)) => !text.is_empty() && text != "0",
        _ => false,
    }
}

impl OnSomewhere {
    fn word(&self, on: bool) -> Value {
        json!(if on { &self.words.1 } else { &self.words.0 })
    }

    fn told(&self, cx: &Context<'_>, part: &Part) -> Result<Value, Fault> {
        let records = cx.all(&part.kind, None)?;
        let Some(by) = &part.by else {
            return Ok(self.word(records.iter().any(|stored| is_on(&stored.record, &part.on))));
        };
        let mut found: BTreeMap<&str, bool> = BTreeMap::new();
        for stored in &records {
            if let Some(word) = at_path(&stored.record, by).and_then(Value::as_str) {
                *found.entry(word).or_default() |= is_on(&stored.record, &part.on);
            }
        }
        Ok(Value::Object(found.into_iter().map(|(word, on)| (word.to_owned(), self.word(on))).collect()))
    }
}

impl Behaviour for OnSomewhere {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let mut told = Map::new();
        for (name, part) in &self.of {
            told.insert(name.clone(), self.told(cx, part)?);
        }
        Ok(Outcome::Value(Value::Object(told)))
    }
}
