//! `used-by`: an operation tells which records point at those that its query names, each with a word for its kind.
//!
//! A query may name several, one a parameter or between commas; without any nothing is told. Parameters: `query`, the
//! parameter; `of`, the kinds of what it names; `words`, for each kind that counts its word; `tells`, the members `id`, `name`
//! and `word` of an answer's rows.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id};

use crate::part;

/// How many records one call may ask about.
const MOST: usize = 1000;

/// The guarantee for one resource.
struct UsedBy {
    query: String,
    of: Vec<String>,
    words: BTreeMap<String, String>,
    tells: Tells,
}

#[derive(serde::Deserialize)]
struct Tells {
    id: String,
    name: String,
    word: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    if let Some(kind) = params.maybe_text("as") {
        let given = params.as_of(&kind)?;
        let of = match params.texts("of") {
            of if of.is_empty() => given.texts("of"),
            of => of,
        };
        return of_parts(given, of);
    }
    of_parts(params, params.texts("of"))
}

fn of_parts(params: Params<'_>, of: Vec<String>) -> Result<Box<dyn Behaviour>, String> {
    let words: BTreeMap<String, String> = params.part("words").read()?;
    of.iter().chain(words.keys()).try_for_each(|kind| params.resource_of(kind).map(drop))?;
    Ok(Box::new(UsedBy { query: params.text("query")?, of, words, tells: params.part("tells").read()? }))
}

impl Behaviour for UsedBy {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let named = call.query_all(&self.query).flat_map(|value| value.split(','));
        let named = named.map(str::trim).filter(|id| !id.is_empty()).take(MOST);
        let mut rows: Vec<Value> = Vec::new();
        for id in named {
            for kind in &self.of {
                for link in cx.referrers(kind, &Id(id.to_owned()))? {
                    let Some(word) = self.words.get(&link.kind.0) else { continue };
                    let row: Map<String, Value> = [
                        (self.tells.id.clone(), Value::from(link.id.0)),
                        (self.tells.name.clone(), Value::from(link.name)),
                        (self.tells.word.clone(), Value::from(word.as_str())),
                    ]
                    .into_iter()
                    .collect();
                    let row = Value::Object(row);
                    if !rows.contains(&row) {
                        rows.push(row);
                    }
                }
            }
        }
        Ok(part::of(call, rows))
    }
}
