//! `tally`: records are counted by what they are.
//!
//! Parameters: `counts`, by the name of a number, what a record must have exactly so to be counted there. The operation
//! that names it counts the resource's own records, as far as its path and its filters choose them, and tells the numbers
//! `beside` them as they are. With `of`, a kind, and `by`, its member that points here, `tells` is a member that counts those
//! that point at the record.

use serde_json::{Map, Value};
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Context, ListQuery, Outcome, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct Tally {
    own: String,
    counts: Vec<(String, Map<String, Value>)>,
    beside: Map<String, Value>,
    pointing: Option<Pointing>,
}

/// Who points here, and the member that tells how many do.
struct Pointing {
    of: String,
    by: String,
    tells: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let pointing = match params.maybe_text("of") {
        None => None,
        Some(_) => {
            let (of, by) = (params.other("of")?, params.text("by")?);
            params.field_of(&of, &by)?;
            Some(Pointing { of, by, tells: params.field("tells")? })
        }
    };
    let counted = pointing.as_ref().map_or_else(|| params.kind(), |pointing| pointing.of.clone());
    let mut counts = Vec::new();
    for (name, wanted) in params.part("counts").each() {
        let wanted = wanted.as_object().cloned().unwrap_or_default();
        wanted.keys().try_for_each(|member| params.field_of(&counted, member).map(drop))?;
        counts.push((name.clone(), wanted));
    }
    let beside = params.maybe_read("beside")?;
    Ok(Box::new(Tally { own: params.kind(), counts, beside, pointing }))
}

impl Tally {
    fn counted<'r>(&self, records: impl Iterator<Item = &'r Map<String, Value>> + Clone) -> Value {
        let count = |wanted: &Map<String, Value>| {
            let is_so = |record: &&Map<String, Value>| {
                wanted.iter().all(|(name, value)| record.get(name) == Some(value))
            };
            records.clone().filter(is_so).count()
        };
        let counts = self.counts.iter().map(|(name, wanted)| (name.clone(), Value::from(count(wanted))));
        Value::Object(self.beside.clone().into_iter().chain(counts).collect())
    }
}

impl Behaviour for Tally {
    fn on_read(&self, cx: &Context<'_>, _: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let Some(Pointing { of, by, tells }) = &self.pointing else { return Ok(()) };
        let found = cx.pointing(of, by, &self.own, id)?;
        record.insert(tells.clone(), self.counted(found.iter().map(|stored| &stored.record)));
        Ok(())
    }

    fn on_read_members(&self, _: Verb) -> Option<Vec<&str>> {
        Some(self.pointing.iter().map(|pointing| pointing.tells.as_str()).collect())
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.own)?;
        let rows = cx.all(&self.own, None)?;
        let everything = ListQuery { skip: 0, take: None, sort: None, ..cx.list_query() };
        let chosen = cx.chosen(resource, &everything, rows)?;
        Ok(Outcome::Value(self.counted(chosen.iter().map(|stored| &stored.record))))
    }
}
