//! `listed-by`: a record tells the ids of those that list it. Parameters: `member`, and `by`, the others' list.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
pub struct ListedBy {
    own: String,
    member: String,
    kind: String,
    field: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (kind, field) = params.member("by")?;
    Ok(Box::new(ListedBy { own: params.kind(), member: params.text("member")?, kind, field }))
}

impl Behaviour for ListedBy {
    fn on_read(&self, cx: &Context<'_>, _verb: Verb, id: &Id, record: &mut Record) -> Result<(), Fault> {
        let listing = cx.pointing(&self.kind, &self.field, &self.own, id)?;
        let ids = listing.into_iter().map(|stored| Value::String(stored.id.0)).collect();
        record.insert(self.member.clone(), Value::Array(ids));
        Ok(())
    }
}
