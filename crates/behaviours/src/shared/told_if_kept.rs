//! `told-if-kept`: an operation answers whether anybody has written the singleton yet, as a bare flag.

use serde_json::Value;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct ToldIfKept {
    kind: String,
}

/// Makes it; there are no parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    match params.resource.singleton {
        true => Ok(Box::new(ToldIfKept { kind: params.kind() })),
        false => Err(params.wrong("it is of singletons")),
    }
}

impl Behaviour for ToldIfKept {
    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        Ok(Outcome::Value(Value::Bool(cx.count(&self.kind, None)? > 0)))
    }
}
