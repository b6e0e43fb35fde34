//! `unclaimed`: one list holds the records alone that no record of another kind has.
//!
//! Parameters: `in`, the operation that lists them; `by`, the other kind's member that points here.

use zuno_engine::{Behaviour, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct Unclaimed {
    kind: String,
    operation: String,
    by: (String, String),
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (operation, by) = (params.text("in")?, params.member("by")?);
    if !params.resource.operations.contains_key(&operation) {
        return Err(params.wrong(format!("there is no operation `{operation}`")));
    }
    Ok(Box::new(Unclaimed { kind: params.kind(), operation, by }))
}

impl Behaviour for Unclaimed {
    fn chooses(&self, cx: &Context<'_>) -> bool {
        cx.operation().is_ok_and(|operation| operation.name == self.operation)
    }

    fn accepts(&self, cx: &Context<'_>, id: &Id, _: &Record) -> Result<bool, Fault> {
        Ok(cx.pointing(&self.by.0, &self.by.1, &self.kind, id)?.is_empty())
    }
}
