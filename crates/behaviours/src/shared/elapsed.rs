//! `elapsed`: searches can ask how long ago a moment was, in seconds or as `15d`. Parameters: by member that tells it, the
//! dotted member that holds the moment, in microseconds.

use serde_json::{Value, json};
use zuno_engine::{Behaviour, Context, Params, at_path};
use zuno_model::Record;

/// The guarantee for one resource.
struct Elapsed {
    members: Vec<(String, String)>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut members = Vec::new();
    for (member, moment) in params.each() {
        match (params.resource.field(member), moment.as_str()) {
            (Some(_), Some(moment)) => members.push((member.clone(), moment.to_owned())),
            _ => return Err(params.wrong(format!("`{member}` is no field with a moment"))),
        }
    }
    Ok(Box::new(Elapsed { members }))
}

impl Behaviour for Elapsed {
    fn derived(&self, cx: &Context<'_>, record: &Record) -> Vec<(String, Value)> {
        let since = |(member, moment): &(String, String)| {
            let micros = at_path(record, moment).and_then(Value::as_i64)?;
            Some((member.clone(), json!(cx.now().saturating_sub(micros / 1_000_000))))
        };
        self.members.iter().filter_map(since).collect()
    }
}
