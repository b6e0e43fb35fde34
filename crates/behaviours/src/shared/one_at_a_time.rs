//! `one-at-a-time`: within a scope one record has a flag on; who turns it on turns it off at the others.
//! An operation that names it turns the flag on at the record of its path, whatever else its body changes.
//! Parameter: `flag`.

use serde_json::Value;
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::Fault;

/// The guarantee for one resource.
struct OneAtATime {
    kind: String,
    flag: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(OneAtATime { kind: params.kind(), flag: params.field("flag")? }))
}

impl Behaviour for OneAtATime {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let on = Some(&Value::Bool(true));
        if change.new.get(&self.flag) != on {
            return Ok(());
        }
        for mut other in cx.all(&self.kind, Some(&change.scope))? {
            if other.id != change.id && other.record.get(&self.flag) == on {
                other.record.insert(self.flag.clone(), Value::Bool(false));
                cx.save(&self.kind, &other)?;
            }
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let id = cx.named(&self.kind)?.id;
        let mut body = call.body.as_ref().and_then(Value::as_object).cloned().unwrap_or_default();
        body.insert(self.flag.clone(), Value::Bool(true));
        cx.update(&self.kind, &id, &Value::Object(body))?;
        Ok(Outcome::Done)
    }
}
