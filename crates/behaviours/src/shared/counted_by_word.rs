//! `counted-by-word`: an operation tells how many records have each of some words in a member, beside numbers that are fixed.
//! Parameters: `member`; `told`, for each word the member of the answer; `beside`, the fixed members.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct CountedByWord {
    kind: String,
    member: String,
    told: BTreeMap<String, String>,
    beside: Map<String, Value>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(CountedByWord {
        kind: params.kind(),
        member: params.field("member")?,
        told: params.part("told").read()?,
        beside: params.part("beside").read()?,
    }))
}

impl Behaviour for CountedByWord {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let records = cx.all(&self.kind, None)?;
        let mut told = self.beside.clone();
        for (word, member) in &self.told {
            let has = records.iter().filter(|stored| stored.record.get(&self.member) == Some(&json!(word)));
            told.insert(member.clone(), json!(has.count()));
        }
        Ok(Outcome::Value(Value::Object(told)))
    }
}
