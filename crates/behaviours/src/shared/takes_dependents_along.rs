//! `takes-dependents-along`: a record that is deleted takes along what only makes sense with it.
//!
//! Parameter: `by`, the dependents' member that points here, or several of them.

use serde_json::Value;
use zuno_engine::{Behaviour, Context, Params, Stored};
use zuno_model::Fault;

/// The guarantee for one resource.
struct TakesDependentsAlong {
    owner: String,
    by: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let by = match params.value("by") {
        Some(Value::Array(_)) => params.members("by")?,
        _ => vec![params.member("by")?],
    };
    for (kind, field) in &by {
        let target = params.field_of(kind, field)?.shape.target();
        if target != Some(params.resource.kind.as_str()) {
            return Err(params.wrong(format!("`{field}` of {kind} does not point here")));
        }
    }
    Ok(Box::new(TakesDependentsAlong { owner: params.kind(), by }))
}

impl Behaviour for TakesDependentsAlong {
    fn before_delete(&self, cx: &mut Context<'_>, stored: &Stored) -> Result<(), Fault> {
        for (kind, field) in &self.by {
            for dependent in cx.pointing(kind, field, &self.owner, &stored.id)? {
                cx.remove(kind, &dependent.id)?;
            }
        }
        Ok(())
    }
}
