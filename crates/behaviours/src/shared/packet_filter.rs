//! `packet-filter`: an operation tells whether the `expression` of its body is a filter of packets, and what is wrong with
//! it otherwise.

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

use crate::packets;

/// The guarantee for one resource.
struct PacketFilter {
    kind: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(PacketFilter { kind: params.kind() }))
}

impl Behaviour for PacketFilter {
    fn on_action(&self, _: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let given = call.body.as_ref().and_then(|body| body.get("expression")).and_then(Value::as_str);
        let expression = given.ok_or_else(|| Fault::Invalid {
            kind: Kind(self.kind.clone()),
            field: "expression".into(),
            fix: Fix::Missing,
        })?;
        Ok(Outcome::Value(match packets::check(expression) {
            Ok(()) => json!({ "expression": expression, "valid": true }),
            Err(fault) => json!({ "expression": expression, "reason": fault.to_string(), "valid": false }),
        }))
    }
}
