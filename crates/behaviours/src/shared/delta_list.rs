//! `delta-list`: a list of a singleton grows and shrinks by `?action=`, and the answer holds what was sent (seen).
//!
//! ADD of what is there and REMOVE of what is not are no errors (seen). Without an action the list is replaced.
//! Parameters: `list`, the member of the body; `of`, the singleton's member that keeps the list, where it is another.

use std::collections::HashSet;

use serde_json::{Value, json};
use zuno_catalogue::{Method, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Kind, Record};

/// The guarantee for one resource.
struct DeltaList {
    kind: String,
    list: String,
    keeper: String,
    member: String,
    most: usize,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let list = params.text("list")?;
    let (keeper, member) = match params.maybe_text("of") {
        Some(_) => params.member("of")?,
        None => (params.kind(), list.clone()),
    };
    let most = params.field_of(&keeper, &member)?.max;
    let most = most.and_then(|most| usize::try_from(most).ok()).unwrap_or(usize::MAX);
    Ok(Box::new(DeltaList { kind: params.kind(), list, keeper, member, most }))
}

/// What becomes of a list.
fn applied(action: Option<&str>, held: Vec<Value>, sent: &[Value]) -> Option<Vec<Value>> {
    let mut list = if action.is_some() { held } else { Vec::new() };
    match action {
        Some("REMOVE_FROM_LIST") => {
            let gone: HashSet<&Value> = sent.iter().collect();
            list.retain(|item| !gone.contains(item));
        }
        Some("ADD_TO_LIST") | None => {
            let mut known: HashSet<Value> = list.iter().cloned().collect();
            list.extend(sent.iter().filter(|item| known.insert((*item).clone())).cloned());
        }
        Some(_) => return None,
    }
    Some(list)
}

impl Behaviour for DeltaList {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let stored = cx.only(&self.keeper)?;
        let held = stored.record.get(&self.member).and_then(Value::as_array).cloned().unwrap_or_default();
        if cx.operation()?.method == Method::Get {
            return Ok(Outcome::Value(json!({ self.list.clone(): held })));
        }
        let wrong =
            |field: &str, fix| Fault::Invalid { kind: Kind(self.kind.clone()), field: field.into(), fix };
        let sent = call.body.as_ref().and_then(|body| body.get(&self.list)).and_then(Value::as_array);
        let Some(sent) = sent.filter(|sent| sent.iter().all(Value::is_string)) else {
            return Err(wrong(&self.list, Fix::Type("array of strings")));
        };
        let Some(list) = applied(call.query("action"), held, sent) else {
            let known = ["ADD_TO_LIST", "REMOVE_FROM_LIST"].map(str::to_owned);
            return Err(wrong("action", Fix::Enum(known.to_vec())));
        };
        if list.len() > self.most {
            let words = format!("Maximum {} URLs are allowed in {}.", self.most, self.list);
            return Err(wrong(&self.list, Fix::Said(words)));
        }
        let (mut new, mut changed) = (stored.record.clone(), Record::new());
        new.insert(self.member.clone(), Value::Array(list.clone()));
        changed.insert(self.member.clone(), Value::Array(list));
        let change = Change {
            verb: Verb::Update,
            id: stored.id,
            scope: stored.scope,
            old: Some(stored.record),
            new,
            sent: changed,
        };
        cx.write(cx.resource(&self.keeper)?, change)?;
        Ok(Outcome::Value(json!({ self.list.clone(): sent })))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::applied;

    fn list(items: &[&str]) -> Vec<Value> {
        items.iter().map(|item| json!(item)).collect()
    }

    #[test]
    fn long_lists_take_a_time_that_grows_with_them() {
        let long: Vec<Value> = (0..200_000).map(|at| json!(format!("{at}.example"))).collect();
        assert_eq!(applied(Some("ADD_TO_LIST"), long.clone(), &long).map(|list| list.len()), Some(200_000));
        assert_eq!(applied(Some("REMOVE_FROM_LIST"), long.clone(), &long), Some(vec![]));
    }

    #[test]
    fn a_list_grows_shrinks_or_is_replaced() {
        let held = || list(&["a", "b"]);
        assert_eq!(applied(Some("ADD_TO_LIST"), held(), &list(&["b", "c"])), Some(list(&["a", "b", "c"])));
        assert_eq!(applied(Some("REMOVE_FROM_LIST"), held(), &list(&["b", "x"])), Some(list(&["a"])));
        assert_eq!(applied(None, held(), &list(&["c", "c"])), Some(list(&["c"])));
        assert_eq!(applied(Some("EMPTY"), held(), &[]), None);
    }
}
