//! `retold`: a resource has no records of its own: it retells those of another kind, under the same ids, in its own words.
//!
//! Filters, order and pages are the resource's own; a path's parameter named like a member lists the records that point
//! there. Parameters: `kind`; `members`, for each own member the dotted one of the kind, or a text with such members in
//! braces, `{name} ({email})`, or a constant that is no text;
//! `where`, members that a record must have exactly so;
//! `counted`, by the operation that only counts, the member that holds the count.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use zuno_catalogue::{Resource, Verb};
use zuno_engine::{Behaviour, Call, Context, Outcome, Page, Params, Stored, at_path, same};
use zuno_model::{Fault, Id, Kind, Record};
use zuno_store::Stretch;

use super::through::pieces;

/// The guarantee for one resource.
struct Retold {
    own: String,
    kind: String,
    members: Vec<(String, Value)>,
    only: Vec<(String, Value)>,
    counted: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let kind = params.other("kind")?;
    let mut members = Vec::new();
    for (own, theirs) in params.part("members").each() {
        params.known([own])?;
        for path in pieces(theirs.as_str().unwrap_or_default())
            .filter(|(_, is_member)| *is_member)
            .map(|(path, _)| path)
        {
            params.field_of(&kind, path.split('.').next().unwrap_or_default())?;
        }
        members.push((own.clone(), theirs.clone()));
    }
    let only = params.part("where").each();
    let only: Vec<_> = only.map(|(name, value)| (name.clone(), value.clone())).collect();
    only.iter().try_for_each(|(name, _)| params.field_of(&kind, name).map(drop))?;
    let counted = params.maybe_read("counted")?;
    Ok(Box::new(Retold { own: params.kind(), kind, members, only, counted }))
}

/// What a record tells under one text; what is no text is told as it is.
fn told(record: &Record, said: &Value) -> Option<Value> {
    let Some(text) = said.as_str() else { return Some(said.clone()) };
    if !text.contains('{') {
        return at_path(record, text).cloned();
    }
    let mut whole = String::new();
    for (piece, is_member) in pieces(text) {
        match is_member {
            true => whole.push_str(at_path(record, piece)?.as_str()?),
            false => whole.push_str(piece),
        }
    }
    Some(Value::String(whole))
}

impl Retold {
    fn is_meant(&self, record: &Record) -> bool {
        self.only.iter().all(|(name, wanted)| record.get(name) == Some(wanted))
    }

    /// A record of the kind as one of the resource.
    fn retell(&self, stored: Stored) -> Stored {
        let mut record = Record::new();
        record.insert("id".into(), json!(stored.id.0));
        for (own, theirs) in &self.members {
            record.extend(told(&stored.record, theirs).map(|value| (own.clone(), value)));
        }
        Stored { record, ..stored }
    }

    /// The member of the kind that an own member tells as it is, with the kind of what it points at.
    fn pointer<'c>(&self, cx: &Context<'c>, resource: &'c Resource, own: &str) -> Option<(&str, &'c str)> {
        let target = resource.field(own)?.shape.target()?;
        let theirs = self.members.iter().find(|(name, _)| name == own)?.1.as_str()?;
        let field = cx.resource(&self.kind).ok()?.field(theirs)?;
        (field.shape.target() == Some(target)).then_some((theirs, target))
    }

    /// Whether the list is asked for as it is, so that a part of it is a part of the kind's own.
    fn is_plain(&self, cx: &Context<'_>, resource: &Resource) -> bool {
        let kinds = cx.resource(&self.kind).ok().and_then(|kind| kind.order_by.as_deref());
        let asked = |filter: &String| cx.query_all(filter).any(|value| !value.is_empty());
        let query = cx.list_query();
        self.only.is_empty()
            && kinds == resource.order_by.as_deref()
            && query.sort.is_none()
            && query.search.is_none()
            && !resource.filters.keys().any(asked)
    }

    fn list(&self, cx: &Context<'_>) -> Result<Outcome, Fault> {
        let resource = cx.resource(&self.own)?;
        let mut rows = None;
        for (name, named) in cx.params() {
            let Some((theirs, target)) = self.pointer(cx, resource, name) else { continue };
            let id = Id(named.clone());
            cx.need(target, &id)?;
            rows = Some(cx.pointing(&self.kind, theirs, target, &id)?);
        }
        if rows.is_none() && self.is_plain(cx, resource) {
            let query = cx.list_query();
            let stretch =
                Stretch { skip: query.skip, take: query.take.unwrap_or(u64::MAX), backwards: false };
            let mut items = Vec::new();
            for stored in cx.stretch(&self.kind, None, stretch)? {
                items.push(cx.show(resource, Verb::List, cx.view(), self.retell(stored))?);
            }
            let total = cx.count(&self.kind, None)?;
            return Ok(Outcome::Many(Page {
                items,
                total,
                number: query.number,
                size: query.size,
                skip: query.skip,
            }));
        }
        let rows = match rows {
            Some(rows) => rows,
            None => cx.all(&self.kind, None)?,
        };
        let meant = rows.into_iter().filter(|stored| self.is_meant(&stored.record));
        cx.list(resource, cx.view(), meant.map(|stored| self.retell(stored)).collect())
    }
}

impl Behaviour for Retold {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let Some(id) = call.param("id").map(Id::from) else {
            let listed = self.list(cx)?;
            return Ok(match (self.counted.get(&cx.operation()?.name), listed) {
                (Some(member), Outcome::Many(page)) => Outcome::Value(json!({ member: page.total })),
                (_, listed) => listed,
            });
        };
        let unknown = || Fault::NotFound { kind: Kind(self.own.clone()), id: id.clone() };
        let stored = cx.get(&self.kind, &id)?.filter(|stored| self.is_meant(&stored.record));
        let stored = self.retell(stored.ok_or_else(unknown)?);
        let resource = cx.resource(&self.own)?;
        let named = |(name, wanted): &(String, String)| {
            name == "id" || stored.record.get(name).is_none_or(|held| same(held, wanted))
        };
        if !cx.params().iter().all(named) {
            return Err(unknown());
        }
        Ok(Outcome::One(cx.show(resource, Verb::Read, cx.view(), stored)?))
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::told;

    #[test]
    fn a_text_is_a_member_or_is_put_together_of_members() {
        let record = json!({"name": "Ada", "email": "ada@acme.example", "place": {"city": "Oslo"}});
        let record = record.as_object().cloned().unwrap_or_default();
        let told = |said| told(&record, &said);
        assert_eq!(told(json!("place.city")), Some(json!("Oslo")));
        assert_eq!(told(json!("{name} ({email})")), Some(json!("Ada (ada@acme.example)")));
        assert_eq!((told(json!("{name} of {team}")), told(json!("team"))), (None, None));
        assert_eq!(told(json!(true)), Some(json!(true)));
    }
}
