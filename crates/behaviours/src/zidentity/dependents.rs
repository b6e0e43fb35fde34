//! A record that is deleted takes along what only makes sense with it: memberships, secrets.

use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::Fault;

struct Dependents {
    owner: String,
    kind: String,
    field: String,
}

/// Parameters: `by`, the dependents' member that points here.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (kind, field) = params.member("by")?;
    let target = params.field_of(&kind, &field)?.shape.target();
    if target != Some(params.resource.kind.as_str()) {
        return Err(format!("`takes-dependents-along`: `{field}` of {kind} does not point here"));
    }
    Ok(Box::new(Dependents { owner: params.kind(), kind, field }))
}

impl Behaviour for Dependents {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            for dependent in cx.pointing(&self.kind, &self.field, &self.owner, &change.id)? {
                cx.remove(&self.kind, &dependent.id)?;
            }
        }
        Ok(())
    }
}
