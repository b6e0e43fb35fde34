//! `exclusive-flags`: of each of the `sets`, no two flags are on at once.

use serde_json::Value;
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Kind};

/// The guarantee for one resource.
struct ExclusiveFlags {
    kind: Kind,
    sets: Vec<Vec<String>>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let texts = |set: &Value| {
        set.as_array().into_iter().flatten().filter_map(Value::as_str).map(str::to_owned).collect()
    };
    let sets: Vec<Vec<String>> =
        params.given.get("sets").and_then(Value::as_array).into_iter().flatten().map(texts).collect();
    params.known(sets.iter().flatten())?;
    Ok(Box::new(ExclusiveFlags { kind: Kind(params.kind()), sets }))
}

impl Behaviour for ExclusiveFlags {
    fn before_write(&self, _: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        if change.verb == Verb::Delete {
            return Ok(());
        }
        for set in &self.sets {
            let on: Vec<&str> = set
                .iter()
                .filter(|flag| change.new.get(*flag) == Some(&Value::Bool(true)))
                .map(String::as_str)
                .collect();
            if let [first, second, ..] = on[..] {
                let words = format!("{first} and {second} cannot be enabled at the same time.");
                return Err(Fault::said(&self.kind, first, words));
            }
        }
        Ok(())
    }
}
