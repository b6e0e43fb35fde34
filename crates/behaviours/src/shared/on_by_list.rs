//! `on-by-list`: an operation turns a flag on or off at all records that its body lists by their ids, or at none.
//!
//! Operations that name it and do not write tell all records within one object. Parameters: `flag`; `query`, the parameter that
//! says `true` or `false`; `within`, the member of that object.

use serde_json::{Map, Value, json};
use zuno_catalogue::Verb;
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind};

use super::few_enough::few_enough;

/// The guarantee for one resource.
struct OnByList {
    kind: String,
    flag: String,
    query: String,
    within: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(OnByList {
        kind: params.kind(),
        flag: params.field("flag")?,
        query: params.text("query")?,
        within: params.text("within")?,
    }))
}

impl OnByList {
    fn wrong(&self, fix: Fix) -> Fault {
        Fault::Invalid { kind: Kind(self.kind.clone()), field: self.flag.clone(), fix }
    }

    fn all(&self, cx: &Context<'_>) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.kind)?;
        let rows = cx.all(&self.kind, None)?.into_iter();
        let rows: Vec<Value> =
            rows.map(|stored| cx.show(resource, Verb::List, None, stored)).collect::<Result<_, _>>()?;
        Ok(Outcome::Value(json!({ self.within.as_str(): rows })))
    }
}

impl Behaviour for OnByList {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if !cx.operation()?.writes() {
            return self.all(cx);
        }
        let on = match call.query(&self.query).map(str::to_lowercase).as_deref() {
            Some("true") => true,
            Some("false") => false,
            _ => return Err(self.wrong(Fix::Said(format!("`{}` is true or false", self.query)))),
        };
        let Some(Value::Array(ids)) = &call.body else {
            return Err(Fault::Unreadable("an array of ids is wanted".into()));
        };
        few_enough(cx, &self.kind, &self.flag, ids.len())?;
        let change: Map<String, Value> = [(self.flag.clone(), json!(on))].into_iter().collect();
        for id in ids {
            let id = Id::from_value(id).ok_or_else(|| self.wrong(Fix::Type("id")))?;
            cx.amend(&self.kind, &id, &Value::Object(change.clone()))?;
        }
        self.all(cx)
    }
}
