//! `distinct-values`: the values that records have in one member are told, each once, by alphabet.
//!
//! An operation tells those of the `member` of its list's records; filters and search hold as in the list. By a member in
//! `told`, each record tells those of another kind's member, of all its records.

use std::collections::BTreeSet;

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Context, ListQuery, Outcome, Params};
use zuno_model::{Fault, Id, Record};

use crate::part;

/// The guarantee for one resource.
struct DistinctValues {
    member: Option<String>,
    told: Vec<(String, (String, String))>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let member = params.maybe_text("member");
    let told = params.part("told");
    params.known(member.iter().chain(told.names()))?;
    let told = told.names().map(|own| Ok((own.clone(), told.member(own)?)));
    Ok(Box::new(DistinctValues { member, told: told.collect::<Result<_, String>>()? }))
}

fn distinct<'v>(values: impl Iterator<Item = &'v Value>) -> Vec<Value> {
    let texts: BTreeSet<&str> = values.filter_map(Value::as_str).filter(|text| !text.is_empty()).collect();
    texts.into_iter().map(Value::from).collect()
}

impl Behaviour for DistinctValues {
    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(self.told.iter().map(|(own, _)| own.as_str()).collect())
    }

    fn on_read(&self, cx: &Context<'_>, _: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for (own, (kind, member)) in &self.told {
            let all = cx.all(kind, None)?;
            let values = distinct(all.iter().filter_map(|stored| stored.record.get(member)));
            record.insert(own.clone(), Value::Array(values));
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let member = self.member.as_ref().ok_or_else(|| Fault::broken("no member is told"))?;
        match cx.list_part(&ListQuery { skip: 0, take: None, ..cx.list_query() })? {
            Outcome::Many(page) => {
                Ok(part::of(call, distinct(page.items.iter().filter_map(|item| item.get(member)))))
            }
            other => Ok(other),
        }
    }
}
