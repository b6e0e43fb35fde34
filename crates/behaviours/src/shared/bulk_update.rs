//! `bulk-update`: the records whose ids a body lists take over members of the body, or none of them does.
//! Parameters: `ids`, the body's list, `members`, which the body must have, and `may`, which it may have; and `further`, lists
//! of other kinds' ids that the body may have beside it or in its place, by the kind. Where the operation's `fails` says so, a
//! body without a list is answered as the cloud does, which fails at it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind, Refusal};

use super::few_enough::few_enough;

/// The guarantee for one resource.
struct BulkUpdate {
    kind: String,
    ids: String,
    members: Vec<String>,
    may: Vec<String>,
    further: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (ids, members) = (params.text("ids")?, params.fields("members")?);
    let may = params.fields("may")?;
    let further: BTreeMap<String, String> = params.maybe_read("further")?;
    for kind in further.values() {
        members.iter().chain(&may).try_for_each(|member| params.field_of(kind, member).map(drop))?;
    }
    Ok(Box::new(BulkUpdate { kind: params.kind(), ids, members, may, further }))
}

impl Behaviour for BulkUpdate {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let wrong =
            |field: &str, fix| Fault::Invalid { kind: Kind(self.kind.clone()), field: field.into(), fix };
        let given = |name: &str| call.body.as_ref().and_then(|body| body.get(name));
        let mut members = Map::new();
        for name in &self.members {
            let value = given(name).filter(|value| !value.is_null());
            members.insert(name.clone(), value.ok_or_else(|| wrong(name, Fix::Missing))?.clone());
        }
        let more =
            self.may.iter().filter_map(|name| Some((name, given(name).filter(|value| !value.is_null())?)));
        members.extend(more.map(|(name, value)| (name.clone(), value.clone())));
        let members = Value::Object(members);
        let lists = self.further.iter().chain([(&self.ids, &self.kind)]);
        let lists: Vec<_> =
            lists.filter_map(|(list, kind)| Some((list, kind, given(list)?.as_array()?))).collect();
        if lists.is_empty() {
            let failure = cx
                .operation()?
                .fails
                .as_ref()
                .map(|known| Fault::refused(Refusal::Failure, known.code.clone(), known.message.clone()));
            return Err(failure.unwrap_or_else(|| wrong(&self.ids, Fix::Missing)));
        }
        few_enough(cx, &self.kind, lists[0].0, lists.iter().map(|(.., ids)| ids.len()).sum())?;
        for (list, kind, ids) in lists {
            for id in ids {
                let id = Id::from_value(id).ok_or_else(|| wrong(list, Fix::Type("id")))?;
                cx.reached(kind, &id)?;
                cx.amend(kind, &id, &members)?;
            }
        }
        Ok(Outcome::Done)
    }
}
