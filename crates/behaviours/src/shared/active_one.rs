//! `active-one`: an operation turns a flag on at the record that its path names, and off at all others.
//!
//! Members that the body holds change the record as well. Parameter: `flag`.

use serde_json::Value;
use zuno_catalogue::{Catalogue, Resource};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Id};

/// The guarantee for one resource.
struct ActiveOne {
    kind: String,
    flag: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>, resource: &Resource, _: &Catalogue) -> Result<Box<dyn Behaviour>, String> {
    let flag = params.text("flag")?;
    match resource.field(&flag) {
        Some(_) => Ok(Box::new(ActiveOne { kind: resource.kind.clone(), flag })),
        None => Err(format!("`{}`: there is no field `{flag}`", params.behaviour)),
    }
}

impl Behaviour for ActiveOne {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let id = Id(call.param("id").unwrap_or_default().to_owned());
        cx.need(&self.kind, &id)?;
        if let Some(body) =
            call.body.as_ref().filter(|body| body.as_object().is_some_and(|body| !body.is_empty()))
        {
            cx.update(&self.kind, &id, body)?;
        }
        for mut record in cx.all(&self.kind, None)? {
            let on = Value::Bool(record.id == id);
            if record.record.get(&self.flag) != Some(&on) {
                record.record.insert(self.flag.clone(), on);
                cx.save(&self.kind, &record)?;
            }
        }
        Ok(Outcome::Done)
    }
}
