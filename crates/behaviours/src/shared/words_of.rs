//! `words-of`: a list tells the words that a member of another kind's records has, each once, in their order.
//!
//! Parameters: by the list, that member. All records of the other kind are looked at.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct WordsOf {
    lists: Vec<(String, (String, String))>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let given: BTreeMap<String, String> = params.read()?;
    params.known(given.keys())?;
    let lists = given.into_keys().map(|list| Ok((list.clone(), params.member(&list)?)));
    Ok(Box::new(WordsOf { lists: lists.collect::<Result<_, String>>()? }))
}

impl Behaviour for WordsOf {
    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(self.lists.iter().map(|(list, _)| list.as_str()).collect())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for (list, (kind, member)) in &self.lists {
            let all = cx.all(kind, None)?;
            let words: BTreeSet<&str> =
                all.iter().filter_map(|stored| stored.record.get(member)?.as_str()).collect();
            record.insert(list.clone(), words.into_iter().map(Value::from).collect());
        }
        Ok(())
    }
}
