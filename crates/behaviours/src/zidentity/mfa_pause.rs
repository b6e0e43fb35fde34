//! For a while a person is not asked for a second factor: until the moment that the call names.

use serde_json::Value;
use zuno_catalogue::handles::zidentity::user::{KIND, MFA_SKIPPED_UNTIL};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id};

struct MfaPause;

pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(MfaPause))
}

impl Behaviour for MfaPause {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let mut user = cx.need(KIND, &Id(call.param("id").unwrap_or_default().to_owned()))?;
        // Whether it counts seconds or milliseconds is not documented; it is kept as it came.
        let moment = match call.body.as_ref().and_then(|body| body.get("timestamp")) {
            None | Some(Value::Null) => Err(Fix::Missing),
            Some(Value::String(text)) => text.trim().parse().map_err(|_| Fix::Type("integer")),
            Some(value) => value.as_i64().ok_or(Fix::Type("integer")),
        };
        let moment =
            moment.map_err(|fix| Fault::Invalid { kind: KIND.into(), field: "timestamp".into(), fix })?;
        user.record.insert(MFA_SKIPPED_UNTIL.into(), Value::from(moment));
        cx.save(KIND, &user)?;
        Ok(Outcome::Done)
    }
}
