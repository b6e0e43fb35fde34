//! `write-count`: a member tells how often the record has been written. Parameter: `member`.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource, Verb};
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct WriteCount {
    member: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let member = params.text("member")?;
    match resource.field(&member) {
        Some(_) => Ok(Box::new(WriteCount { member })),
        None => Err(format!("`{}`: there is no field `{member}`", params.behaviour)),
    }
}

impl Behaviour for WriteCount {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb != Verb::Delete {
            let held = change.old.as_ref().and_then(|old| old.get(&self.member)).and_then(Value::as_i64);
            change.new.insert(self.member.clone(), Value::from(held.unwrap_or(0) + 1));
        }
        Ok(())
    }
}
