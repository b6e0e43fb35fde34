//! One path makes a profile or replaces one, as the body has an id or not; answers tell success as text and the id as
//! a number, although reading gives it as text (seen).

use serde_json::{Map, Value, json};
use zuno_catalogue::{Access, Resource, Shape, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Id, Kind, Record};

/// The profile that every tenant has.
const DEFAULT: &str = "0";

struct SavedProfile {
    kind: String,
}

/// No parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(SavedProfile { kind: params.kind() }))
}

/// A value as its field is read: text and numbers stand for each other, since they differ between reading and
/// writing (client: go).
fn read_as(shape: &Shape, value: &Value) -> Option<Value> {
    Some(match (shape, value) {
        (_, Value::Null) => return None,
        (Shape::String, Value::Number(number)) => Value::String(number.to_string()),
        (Shape::Int, Value::String(text)) => text.trim().parse::<i64>().ok()?.into(),
        _ => value.clone(),
    })
}

fn members(resource: &Resource, sent: &Map<String, Value>) -> Record {
    let mut record = Record::new();
    for (name, field) in &resource.fields {
        let given = sent.get(name).filter(|_| field.access != Access::Server);
        let default = || field.default.as_ref().map(|json| json.0.clone());
        if let Some(value) = given.and_then(|value| read_as(&field.shape, value)).or_else(default) {
            record.insert(name.clone(), value);
        }
    }
    record
}

fn succeeded(id: &Id) -> Outcome {
    let number = id.as_str().parse().map_or_else(|_| Value::from(id.as_str()), |id: i64| id.into());
    Outcome::Value(json!({ "success": "true", "id": number }))
}

impl SavedProfile {
    fn save(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        let Some(Value::Object(sent)) = &call.body else {
            return Err(Fault::Unreadable("a JSON object is wanted".into()));
        };
        let new = members(resource, sent);
        // Clients send no id, 0 or -1 for a new one; 0 in text is the default profile as reading gives it.
        let id = sent.get("id").filter(|id| !matches!(id.as_i64(), Some(..=0))).and_then(Id::from_value);
        let (verb, id, old) = match id {
            Some(id) => {
                let old = cx.need(&self.kind, &id)?.record;
                (Verb::Update, id, Some(old))
            }
            None => (Verb::Create, Id::from(cx.next("zcc-object", 205_229)?), None),
        };
        let change = Change { verb, id, scope: "0".into(), old, sent: new.clone(), new };
        Ok(succeeded(&cx.write(resource, change)?.id))
    }

    fn delete(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let id = Id::from(call.param("id").unwrap_or_default());
        cx.need(&self.kind, &id)?;
        if id.as_str() == DEFAULT {
            return Err(Fault::Predefined { kind: Kind(self.kind.clone()), id, verb: "deleted" });
        }
        cx.remove(&self.kind, &id)?;
        Ok(succeeded(&id))
    }
}

impl Behaviour for SavedProfile {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match cx.operation()?.name.as_str() {
            "save" => self.save(cx, call),
            _ => self.delete(cx, call),
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use zuno_catalogue::Shape;

    use super::read_as;

    #[test]
    fn text_and_numbers_stand_for_each_other() {
        assert_eq!(read_as(&Shape::String, &json!(1)), Some(json!("1")));
        assert_eq!(read_as(&Shape::Int, &json!(" 7 ")), Some(json!(7)));
        assert_eq!(read_as(&Shape::Any, &Value::Null), None);
    }
}
