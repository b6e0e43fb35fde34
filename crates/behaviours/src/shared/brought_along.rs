//! `brought-along`: a create may bring records along that it points at, as objects, which are made before it.
//!
//! An object with an id names a record that exists. The answer shows them whole. Parameter: `parts`, each with `sent`
//! (the member that brings them), `member` (the one that keeps their ids), and `many`.

use serde_json::{Value, json};
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Change, Context, Params};
use zuno_model::{Fault, Id, Record};

/// The guarantee for one resource.
struct BroughtAlong(Vec<Part>);

/// One member that may bring records along.
struct Part {
    sent: String,
    member: String,
    kind: String,
    many: bool,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let mut parts = Vec::new();
    for part in params.parts("parts") {
        let member = part.text("member")?;
        let kind = params.target(&member)?;
        parts.push(Part { sent: part.text("sent")?, member, kind, many: part.flag("many") });
    }
    Ok(Box::new(BroughtAlong(parts)))
}

impl Behaviour for BroughtAlong {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        for part in &self.0 {
            let brought = change.new.shift_remove(&part.sent);
            let Some(brought) = brought.filter(|_| change.verb == Verb::Create) else { continue };
            let brought = match brought {
                Value::Array(items) => items,
                one => vec![one],
            };
            let mut ids = Vec::with_capacity(brought.len());
            for object in brought {
                ids.push(match object.get("id").and_then(Id::from_value) {
                    Some(id) => id,
                    None => cx.create(&part.kind, &change.scope, &object)?.id,
                });
            }
            match (part.many, ids.as_slice()) {
                (_, []) => {}
                (true, ids) => {
                    let ids: Vec<&str> = ids.iter().map(Id::as_str).collect();
                    change.new.insert(part.member.clone(), json!(ids));
                }
                (false, [first, ..]) => {
                    change.new.insert(part.member.clone(), json!(first.0));
                }
            }
        }
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, _id: &Id, record: &mut Record) -> Result<(), Fault> {
        for part in self.0.iter().filter(|_| verb == Verb::Create) {
            if cx.sent(&part.sent).is_none_or(Value::is_null) {
                continue;
            }
            let held = record.get(&part.member).cloned().unwrap_or_default();
            let held = held.as_array().cloned().unwrap_or_else(|| vec![held]);
            let mut shown = Vec::new();
            for id in held.iter().filter_map(Id::from_value) {
                if let Some(stored) = cx.get(&part.kind, &id)? {
                    shown.push(cx.show(cx.resource(&part.kind)?, Verb::Create, None, stored)?);
                }
            }
            let shown = match part.many {
                true => Value::Array(shown),
                false => shown.pop().unwrap_or_default(),
            };
            record.insert(part.sent.clone(), shown);
        }
        Ok(())
    }

    fn on_read_members(&self, verb: Verb) -> Option<Vec<&str>> {
        let members = self.0.iter().filter(|_| verb == Verb::Create);
        Some(members.flat_map(|part| [part.sent.as_str(), part.member.as_str()]).collect())
    }
}
