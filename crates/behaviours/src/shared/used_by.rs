//! `used-by`: an operation tells which records point at those that its query names, each with a word for its kind.
//!
//! A query may name several, one a parameter or between commas, and no more than a bulk operation may list; without any
//! nothing is told. Parameters: `query`, the parameter; `of`, the kinds of what it names; `words`, for each kind that counts
//! its word; `tells`, the members `id`, `name` and `word` of an answer's rows.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id};

use super::few_enough::few_enough;
use crate::part;

/// The guarantee for one resource.
struct UsedBy {
    own: String,
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
    let (own, query, tells) = (params.kind(), params.text("query")?, params.part("tells").read()?);
    Ok(Box::new(UsedBy { own, query, of, words, tells }))
}

impl Behaviour for UsedBy {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let named = call.query_all(&self.query).flat_map(|value| value.split(','));
        let mut known = HashSet::new();
        let named = named.map(str::trim).filter(|id| !id.is_empty() && known.insert(*id));
        let named: Vec<&str> = named.collect();
        few_enough(cx, &self.own, &self.query, named.len())?;
        let (mut rows, mut told): (Vec<Value>, _) = (Vec::new(), HashSet::new());
        for id in named {
            for kind in &self.of {
                for link in cx.referrers(kind, &Id(id.to_owned()))? {
                    let Some(word) = self.words.get(&link.kind.0) else { continue };
                    if !told.insert((link.id.clone(), word)) {
                        continue;
                    }
                    let row: Map<String, Value> = [
                        (self.tells.id.clone(), Value::from(link.id.0)),
                        (self.tells.name.clone(), Value::from(link.name)),
                        (self.tells.word.clone(), Value::from(word.as_str())),
                    ]
                    .into_iter()
                    .collect();
                    rows.push(Value::Object(row));
                }
            }
        }
        Ok(part::of(call, rows))
    }
}
