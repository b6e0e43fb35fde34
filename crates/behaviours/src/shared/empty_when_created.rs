//! `empty-when-created`: the answer of a create shows members that the record lacks as empty objects. Parameter: `members`.

use serde_json::json;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct EmptyWhenCreated {
    members: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(EmptyWhenCreated { members: params.fields("members")? }))
}

impl Behaviour for EmptyWhenCreated {
    fn on_read(&self, _: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        for member in self.members.iter().filter(|_| verb == Verb::Create) {
            record.entry(member).or_insert_with(|| json!({}));
        }
        Ok(())
    }
}
