//! `bulk-create`: the records that a body lists are made together, or none of them is, and come back as they went.
//!
//! The body is a bare array, or an object with the array in the member `list`. Parameters: `list`, and `common`:
//! members beside it that every listed record has too, unless it says otherwise.

use serde_json::{Map, Value};
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind};

/// How many records one call may make (guessed): every other write waits for it.
const MOST: usize = 1000;

/// The guarantee for one resource.
struct BulkCreate {
    kind: String,
    list: Option<String>,
    common: Vec<String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (common, list) = (params.fields("common")?, params.maybe_text("list"));
    Ok(Box::new(BulkCreate { kind: params.kind(), list, common }))
}

impl BulkCreate {
    /// The bodies of the single records.
    fn bodies(&self, body: &Value) -> Option<Vec<Value>> {
        let listed = match &self.list {
            Some(list) => body.get(list)?.as_array()?,
            None => body.as_array()?,
        };
        let filled = listed.iter().map(|item| {
            let mut item = item.clone();
            for member in &self.common {
                if let (Some(members), Some(value)) = (item.as_object_mut(), body.get(member))
                    && members.get(member).is_none_or(Value::is_null)
                {
                    members.insert(member.clone(), value.clone());
                }
            }
            item
        });
        Some(filled.collect())
    }
}

impl Behaviour for BulkCreate {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let unreadable = || Fault::Unreadable("an array of records is wanted".into());
        let body = call.body.as_ref().ok_or_else(unreadable)?;
        let resource = cx.resource(&self.kind)?;
        let bodies = self.bodies(body).ok_or_else(unreadable)?;
        if bodies.len() > MOST {
            let field = self.list.clone().unwrap_or_else(|| "body".into());
            return Err(Fault::Invalid { kind: Kind(self.kind.clone()), field, fix: Fix::Length(MOST) });
        }
        let mut made = Vec::new();
        for item in bodies {
            let id = cx.create(&self.kind, call.scope.for_new(), &item)?.id;
            made.push(cx.need(&self.kind, &id)?);
        }
        let shown = made.into_iter().map(|stored| cx.show(resource, Verb::Create, None, stored));
        let shown = Value::Array(shown.collect::<Result<_, _>>()?);
        let Some(list) = &self.list else { return Ok(Outcome::Value(shown)) };
        let mut members = Map::new();
        members.insert(list.clone(), shown);
        for member in &self.common {
            members.extend(body.get(member).map(|value| (member.clone(), value.clone())));
        }
        Ok(Outcome::Value(Value::Object(members)))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::BulkCreate;

    #[test]
    fn what_stands_beside_the_list_holds_for_each_that_says_nothing_else() {
        let bulk =
            BulkCreate { kind: "x.y".into(), list: Some("links".into()), common: vec!["portals".into()] };
        let body = json!({"links": [{"name": "a"}, {"name": "b", "portals": [2]}], "portals": [1]});
        let bodies = bulk.bodies(&body).expect("a list");
        assert_eq!(bodies, [json!({"name": "a", "portals": [1]}), json!({"name": "b", "portals": [2]})]);
        assert_eq!(bulk.bodies(&json!([{"name": "a"}])), None);
    }
}
