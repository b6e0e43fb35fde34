//! `words-of-each`: an operation tells the words that there are for each record that its query names, by the record's number.
//! Parameters: `query`, the parameter, which may name several; `kind`; `words`.

use serde_json::{Map, Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind};

/// How many records one call may name.
const MOST: usize = 1000;

/// The guarantee for one resource.
struct WordsOfEach {
    own: String,
    query: String,
    kind: String,
    words: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(WordsOfEach {
        own: params.kind(),
        query: params.text("query")?,
        kind: params.other("kind")?,
        words: params.texts("words"),
    }))
}

impl Behaviour for WordsOfEach {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let wrong = |fix| Fault::Invalid { kind: Kind(self.own.clone()), field: self.query.clone(), fix };
        let named = call.query_all(&self.query).flat_map(|value| value.split(',')).map(str::trim);
        let named: Vec<&str> = named.filter(|id| !id.is_empty()).take(MOST).collect();
        if named.is_empty() {
            return Err(wrong(Fix::Missing));
        }
        let mut told = Map::new();
        for id in named {
            if cx.get(&self.kind, &Id(id.to_owned()))?.is_none() {
                return Err(wrong(Fix::Unresolved(Kind(self.kind.clone()))));
            }
            told.insert(id.to_owned(), json!(self.words));
        }
        Ok(Outcome::Value(Value::Object(told)))
    }
}
