//! The answer of an update shows a template as one that cannot be edited, although the next read does (seen).

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

struct FrozenInUpdate {
    editable: String,
}

/// Parameters: `editable`, the member that tells.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(FrozenInUpdate { editable: params.text("editable")? }))
}

impl Behaviour for FrozenInUpdate {
    fn on_read(&self, _: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if verb == Verb::Update {
            record.insert(self.editable.clone(), Value::Bool(false));
        }
        Ok(())
    }
}
