//! `distinct-values`: an operation tells the values that the records of a list have in one member, each once, by alphabet.
//! Filters and search hold as in the list. Parameter: `member`.

use std::collections::BTreeSet;

use serde_json::Value;
use zuno_engine::{Behaviour, Call, Context, ListQuery, Outcome, Params};
use zuno_model::Fault;

use crate::part;

/// The guarantee for one resource.
struct DistinctValues(String);

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(DistinctValues(params.field("member")?)))
}

impl Behaviour for DistinctValues {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let everything = ListQuery { skip: 0, take: None, ..cx.list_query() };
        let Outcome::Many(page) = cx.list_part(&everything)? else { return Ok(Outcome::Done) };
        let held = page.items.iter().filter_map(|item| item.get(&self.0)?.as_str());
        let distinct: BTreeSet<&str> = held.filter(|value| !value.is_empty()).collect();
        Ok(part::of(call, distinct.into_iter().map(Value::from).collect()))
    }
}
