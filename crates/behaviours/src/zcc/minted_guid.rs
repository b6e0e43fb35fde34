//! A new record gets a random UUID in one of its members, and keeps it.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id};

struct MintedGuid {
    field: String,
}

/// Parameters: `field`, the member.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MintedGuid { field: params.text("field")? }))
}

impl Behaviour for MintedGuid {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Create {
            change.new.insert(self.field.clone(), Value::String(Id::uuid(cx.draw()?).0));
        }
        Ok(())
    }
}
