//! `followed-by`: a list goes on with the records of another kind, in the same members.
//!
//! A search looks into the names of both. Parameters: `kind`, the other one; `name`, the member that is searched; `also`,
//! members of the answer that its records do not keep, with what they tell.

use serde_json::{Map, Value};
use zuno_catalogue::Members;
use zuno_engine::{Behaviour, Call, Context, ListQuery, Outcome, Params, Search};
use zuno_model::Fault;

use crate::part;

/// The guarantee for one resource.
struct FollowedBy {
    own: String,
    kind: String,
    name: String,
    also: Map<String, Value>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (kind, name) = (params.other("kind")?, params.field("name")?);
    params.field_of(&kind, &name)?;
    let also: Map<String, Value> = params.part("also").read()?;
    params.known(also.keys())?;
    Ok(Box::new(FollowedBy { own: params.kind(), kind, name, also }))
}

impl Behaviour for FollowedBy {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let query = cx.list_query();
        let wanted = match &query.search {
            Some(Search::Text(text)) => Some(text.to_lowercase()),
            _ => None,
        };
        let whole = ListQuery { skip: 0, take: None, ..query };
        let Outcome::Many(page) = cx.list_part(&whole)? else { return cx.list_part(&whole) };
        let mut items = page.items;
        let view = cx.view().and_then(|view| cx.resource(&self.own).ok()?.views.get(view));
        for stored in cx.all(&self.kind, None)? {
            let name = stored.record.text(&self.name).unwrap_or_default();
            if wanted.as_ref().is_some_and(|wanted| !name.to_lowercase().contains(wanted)) {
                continue;
            }
            let mut told = Map::new();
            for member in view.into_iter().flatten() {
                let value = match member.as_str() {
                    "id" => stored.id.as_str().parse::<i64>().ok().map(Value::from),
                    member => stored.record.get(member).or_else(|| self.also.get(member)).cloned(),
                };
                told.extend(value.map(|value| (member.clone(), value)));
            }
            items.push(Value::Object(told));
        }
        Ok(part::of(call, items))
    }
}
