//! `left-out`: members with a value that says nothing are missing from some answers.
//! Parameter: `rules`, each with `members`, the `values` that say nothing, the `verbs` whose answers leave them out, and
//! `unless`, members whose values keep them there.

use serde::Deserialize;
use serde_json::{Map, Value};
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
#[derive(Deserialize)]
struct LeftOut {
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    members: Vec<String>,
    values: Vec<Value>,
    verbs: Vec<Verb>,
    #[serde(default)]
    unless: Map<String, Value>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let made: LeftOut = params.read()?;
    params.known(made.rules.iter().flat_map(|rule| rule.members.iter().chain(rule.unless.keys())))?;
    Ok(Box::new(made))
}

impl Behaviour for LeftOut {
    fn on_read(&self, _: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for rule in self.rules.iter().filter(|rule| rule.verbs.contains(&verb)) {
            let mut unless = rule.unless.iter();
            if !rule.unless.is_empty() && unless.all(|(name, value)| record.get(name) == Some(value)) {
                continue;
            }
            for member in &rule.members {
                if record.get(member).is_none_or(|held| rule.values.contains(held)) {
                    // A member that is not there at all would be told with its default.
                    record.insert(member.clone(), Value::Null);
                }
            }
        }
        Ok(())
    }
}
