//! `member-delta`: records join and leave a group by naming them at the group, though the members hold the pointer.
//!
//! A write of the group that lists members takes those that name others in and lets the rest go; one that lists none
//! changes nothing (guessed: clients that do not know the members send an empty list). The operation that names this
//! behaviour adds and removes by two lists of its body; adds those that its body is a list of, and tells them; or removes the
//! one that its path names. A member whose pointer is a list belongs to several groups.
//! Parameters: `members`; `added` and `removed`, where there is such an operation: those lists, or the path's parameter.

use std::collections::HashSet;

use serde_json::Value;
use zuno_catalogue::{Shape, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params};
use zuno_model::{Fault, Fix, Id, Kind};

use super::few_enough::few_enough;

/// The guarantee for one resource.
pub struct MemberDelta {
    kind: String,
    members: String,
    member_kind: String,
    pointer: String,
    added: String,
    removed: String,
    /// The members' pointer is a list.
    several: bool,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let members = params.text("members")?;
    let field = params.field_of(&params.resource.kind, &members)?;
    let (Some(kind), Some(pointer)) = (field.shape.target(), field.inverse.clone()) else {
        return Err(format!("`{members}` must be the inverse of a reference"));
    };
    let several = matches!(params.field_of(kind, &pointer)?.shape, Shape::List(_));
    Ok(Box::new(MemberDelta {
        several,
        kind: params.kind(),
        member_kind: kind.to_owned(),
        pointer,
        added: params.maybe_text("added").unwrap_or_default(),
        removed: params.maybe_text("removed").unwrap_or_default(),
        members,
    }))
}

impl MemberDelta {
    fn unresolved(&self) -> Fault {
        let fix = Fix::Unresolved(Kind(self.member_kind.clone()));
        Fault::Invalid { kind: Kind(self.kind.clone()), field: self.members.clone(), fix }
    }

    fn admit(&self, cx: &mut Context<'_>, group: &Id, member: &Id) -> Result<(), Fault> {
        let mut stored = cx.get(&self.member_kind, member)?.ok_or_else(|| self.unresolved())?;
        let group = Value::String(group.0.clone());
        match self.several {
            false => drop(stored.record.insert(self.pointer.clone(), group)),
            true => {
                let held =
                    stored.record.entry(self.pointer.clone()).or_insert_with(|| Value::Array(Vec::new()));
                match held.as_array_mut() {
                    Some(groups) if groups.contains(&group) => return Ok(()),
                    Some(groups) => groups.push(group),
                    // An earlier version kept one alone.
                    None => {
                        let before = held.take();
                        let before = (before.is_string() && before != group).then_some(before);
                        *held = Value::Array(before.into_iter().chain([group]).collect());
                    }
                }
            }
        }
        cx.save(&self.member_kind, &stored)
    }

    fn release(&self, cx: &mut Context<'_>, group: &Id, member: &Id) -> Result<(), Fault> {
        let mut stored = cx.get(&self.member_kind, member)?.ok_or_else(|| self.unresolved())?;
        match stored.record.get_mut(&self.pointer) {
            Some(Value::Array(groups)) if groups.iter().any(|held| *held == *group.as_str()) => {
                groups.retain(|held| *held != *group.as_str());
            }
            Some(Value::String(held)) if *held == group.0 => drop(stored.record.shift_remove(&self.pointer)),
            _ => return Err(self.unresolved()),
        }
        cx.save(&self.member_kind, &stored)
    }
}

/// Ids as a body gives them: an array of ids or of objects with one, or a text with commas (client evidence).
fn ids(value: Option<&Value>) -> Option<Vec<Id>> {
    let one = |value: &Value| Id::from_value(value).or_else(|| value.get("id").and_then(Id::from_value));
    match value {
        None | Some(Value::Null) => Some(Vec::new()),
        Some(Value::Array(items)) => items.iter().map(one).collect(),
        Some(Value::String(text)) => {
            let parts = text.split(',').map(str::trim).filter(|part| !part.is_empty());
            Some(parts.map(Id::from).collect())
        }
        Some(other) => one(other).map(|id| vec![id]),
    }
}

impl Behaviour for MemberDelta {
    fn before_write(&self, _cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        // The members hold the pointer; the group keeps no list.
        change.new.shift_remove(&self.members);
        Ok(())
    }

    fn after_write(&self, cx: &mut Context<'_>, change: &Change) -> Result<(), Fault> {
        let wanted = ids(change.sent.get(&self.members)).unwrap_or_default();
        if wanted.is_empty() {
            return Ok(());
        }
        let held = cx.pointing(&self.member_kind, &self.pointer, &self.kind, &change.id)?;
        let held: HashSet<&Id> = held.iter().map(|stored| &stored.id).collect();
        let named: HashSet<&Id> = wanted.iter().collect();
        let gone: Vec<&Id> = held.difference(&named).copied().collect();
        let come: Vec<&Id> = named.difference(&held).copied().collect();
        // What the server itself writes is no call.
        if cx.operation().is_ok() {
            few_enough(cx, &self.kind, &self.members, gone.len() + come.len())?;
        }
        gone.into_iter().try_for_each(|member| self.release(cx, &change.id, member))?;
        // In the order that they are named in.
        let mut come: HashSet<&Id> = come.into_iter().collect();
        for member in wanted.iter().filter(|id| come.remove(id)) {
            self.admit(cx, &change.id, member)?;
        }
        Ok(())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        if let Some(member) = call.param(&self.removed) {
            let id = cx.named(&self.kind)?.id;
            self.release(cx, &id, &Id::from(member))?;
            let (resource, group) = (cx.resource(&self.kind)?, cx.need(&self.kind, &id)?);
            return Ok(Outcome::One(cx.show(resource, Verb::Update, cx.view(), group)?));
        }
        if matches!(call.body, Some(Value::Array(_))) {
            let id = cx.named(&self.kind)?.id;
            let added = ids(call.body.as_ref()).ok_or_else(|| self.unresolved())?;
            few_enough(cx, &self.kind, &self.members, added.len())?;
            for member in &added {
                self.admit(cx, &id, member)?;
            }
            let resource = cx.resource(&self.member_kind)?;
            let shown = added.iter().map(|member| {
                cx.show(resource, Verb::List, Some("ref"), cx.need(&self.member_kind, member)?)
            });
            return Ok(Outcome::Value(Value::Array(shown.collect::<Result<_, Fault>>()?)));
        }
        let body = call.object()?;
        let id = cx.named(&self.kind)?.id;
        let added = ids(body.get(&self.added)).ok_or_else(|| self.unresolved())?;
        let removed = ids(body.get(&self.removed)).ok_or_else(|| self.unresolved())?;
        few_enough(cx, &self.kind, &self.members, added.len() + removed.len())?;
        // A body that describes the group as well changes it as a plain update does; members go by the two lists.
        if body.contains_key("name") {
            let mut rest = body.clone();
            rest.shift_remove(&self.members);
            cx.update(&self.kind, &id, &Value::Object(rest))?;
        }
        for member in &removed {
            self.release(cx, &id, member)?;
        }
        for member in &added {
            self.admit(cx, &id, member)?;
        }
        Ok(Outcome::Done)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;
    use zuno_model::Id;

    use super::ids;

    #[test]
    fn members_are_named_in_every_form_that_clients_send() {
        let both = Some(vec![Id::from(1), Id::from(2)]);
        for form in [json!(["1", 2]), json!([{"id": "1"}, {"id": 2}]), json!("1, 2")] {
            assert_eq!(ids(Some(&form)), both, "{form}");
        }
        assert_eq!(ids(None), Some(vec![]));
        assert_eq!(ids(Some(&json!([{"name": "x"}]))), None);
    }
}
