//! `default-link`: a new record points at the first record of the kind that a member is for.
//!
//! Parameter: `field`, the member.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;
use zuno_store::Stretch;

struct DefaultLink {
    field: String,
    kind: String,
}

pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let field = params.text("field")?;
    Ok(Box::new(DefaultLink { kind: params.target(&field)?, field }))
}

impl Behaviour for DefaultLink {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb != Verb::Create {
            return Ok(());
        }
        let first = cx.stretch(&self.kind, None, Stretch { skip: 0, take: 1, backwards: false })?;
        if let Some(first) = first.into_iter().next() {
            change.new.insert(self.field.clone(), Value::from(first.id.0));
        }
        Ok(())
    }
}
