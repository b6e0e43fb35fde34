//! `disarming-token`: the token for the service that disarms files is kept and never told: its last letters and its end are,
//! which it says itself; without one there is no policy to choose.
//!
//! Parameters: `token`, `ending` and `until`, the members; `policies`, the operation that lists the service's policies.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Id};

/// How many of its last letters are told.
const ENDING: usize = 4;

/// The guarantee for the tenant's token.
struct DisarmingToken {
    kind: String,
    token: String,
    ending: String,
    until: String,
    policies: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(DisarmingToken {
        kind: params.kind(),
        token: params.field("token")?,
        ending: params.field("ending")?,
        until: params.field("until")?,
        policies: params.text("policies")?,
    }))
}

/// Until when a token is good, in seconds, where it is a JWT that says so.
fn until(token: &str) -> Option<i64> {
    let claims = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice::<Value>(&claims).ok()?.get("exp")?.as_i64()
}

impl Behaviour for DisarmingToken {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let Some(token) = change.sent.text(&self.token) else { return Ok(()) };
        let letters: Vec<char> = token.chars().collect();
        let ending: String = letters[letters.len().saturating_sub(ENDING)..].iter().collect();
        change.new.insert(self.ending.clone(), json!(ending));
        match until(token) {
            Some(until) => change.new.insert(self.until.clone(), json!(until)),
            None => change.new.shift_remove(&self.until),
        };
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, _: &Call) -> Result<Outcome, Fault> {
        let kept = cx.all(&self.kind, None)?.into_iter().next();
        if cx.operation()?.name == self.policies {
            // Which policies the tenant has there is known to that service alone: the one that each begins with.
            let policies: Vec<Value> =
                kept.iter().map(|_| json!({ "id": 1, "name": "Default Policy" })).collect();
            return Ok(Outcome::Value(Value::Array(policies)));
        }
        if kept.is_some() {
            cx.remove(&self.kind, &Id("1".into()))?;
        }
        Ok(Outcome::Done)
    }
}

#[cfg(test)]
mod tests {
    use super::until;

    #[test]
    fn a_token_that_says_until_when_it_is_good_is_believed() {
        // {"alg":"none"}.{"exp":1893456000}.
        assert_eq!(until("eyJhbGciOiJub25lIn0.eyJleHAiOjE4OTM0NTYwMDB9."), Some(1_893_456_000));
        assert_eq!(until("opaque"), None);
        assert_eq!(until("a.b.c"), None);
    }
}
