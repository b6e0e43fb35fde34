//! `looked-up`: entries of a list name records of one of several kinds, each by any member that tells them apart; what names
//! none is refused, and a read tells those records as they are now.
//!
//! Parameters: `list`; `by`, pairs of an entry's member and the records' member that it may name one by (`id` for their id), in
//! the order in which they are tried: the first one holds the id from then on; `kinds`, for each kind the members that a read
//! tells, with the dotted member of that kind; `told`, the member that tells them, where that is not the list itself; `added`
//! and `removed`, the lists of the operation that names this behaviour; or `as`, the kind whose parameters hold here too.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};
use zuno_catalogue::{Members, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored, at_path, same};
use zuno_model::{Fault, Fix, Id, Kind, Record};
use zuno_store::Pointer;

use super::few_enough::few_enough;

/// The guarantee for one resource.
struct LookedUp {
    own: String,
    list: String,
    by: Vec<(String, String)>,
    kinds: BTreeMap<String, BTreeMap<String, String>>,
    told: Option<String>,
    added: String,
    removed: String,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let given = match params.maybe_text("as") {
        Some(kind) => params.as_of(&kind)?,
        None => params,
    };
    let kinds: BTreeMap<String, BTreeMap<String, String>> = given.part("kinds").read()?;
    for (kind, members) in &kinds {
        for path in members.values().filter(|path| *path != "id") {
            params.field_of(kind, path.split('.').next().unwrap_or_default())?;
        }
    }
    let by: Vec<(String, String)> = given.part("by").read()?;
    if by.is_empty() || kinds.is_empty() {
        return Err(params.wrong("needs `by` and `kinds`"));
    }
    Ok(Box::new(LookedUp {
        own: params.kind(),
        list: params.known([given.text("list")?]).and_then(|()| given.text("list"))?,
        by,
        kinds,
        told: given.maybe_text("told"),
        added: given.maybe_text("added").unwrap_or_default(),
        removed: given.maybe_text("removed").unwrap_or_default(),
    }))
}

/// A text or a number as text; what stands for no value is none.
fn text(value: Option<&Value>) -> Option<String> {
    let text = match value? {
        Value::String(text) => text.trim().to_owned(),
        Value::Number(number) => number.to_string(),
        _ => return None,
    };
    (!text.is_empty() && text != "0").then_some(text)
}

/// An id as entries hold it: a number where it is one.
fn number(id: &Id) -> Value {
    id.as_str().parse::<i64>().map_or_else(|_| json!(id.as_str()), Value::from)
}

impl LookedUp {
    /// The member of an entry that holds the id.
    fn id_member(&self) -> &str {
        &self.by[0].0
    }

    fn unresolved(&self) -> Fault {
        let kind = self.kinds.keys().next().cloned().unwrap_or_default();
        let fix = Fix::Unresolved(Kind(kind));
        Fault::Invalid { kind: Kind(self.own.clone()), field: self.list.clone(), fix }
    }

    /// The record that has a value in a member.
    fn having(&self, cx: &Context<'_>, member: &str, value: &str) -> Result<Option<(&str, Stored)>, Fault> {
        for kind in self.kinds.keys() {
            let id = match member {
                "id" => Some(Id(value.to_owned())),
                member => cx.holder(cx.resource(kind)?, member, value, "0")?,
            };
            if let Some(stored) = id.map(|id| cx.get(kind, &id)).transpose()?.flatten() {
                return Ok(Some((kind, stored)));
            }
        }
        Ok(None)
    }

    /// The record that an entry names.
    fn named(&self, cx: &Context<'_>, entry: &Map<String, Value>) -> Result<Option<(&str, Stored)>, Fault> {
        for (own, theirs) in &self.by {
            if let Some(value) = text(entry.get(own))
                && let Some(found) = self.having(cx, theirs, &value)?
            {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    fn entries(record: &Record, list: &str) -> Vec<Map<String, Value>> {
        record.items(list).iter().filter_map(Value::as_object).cloned().collect()
    }

    /// What a read tells of a record.
    fn tell(&self, kind: &str, stored: &Stored) -> Map<String, Value> {
        let value = |theirs: &str| match theirs {
            "id" => Some(number(&stored.id)),
            path => at_path(&stored.record, path).cloned(),
        };
        let members = self.kinds.get(kind).into_iter().flatten();
        members.filter_map(|(own, theirs)| Some((own.clone(), value(theirs)?))).collect()
    }

    /// A new entry for a record.
    fn entry(&self, stored: &Stored) -> Map<String, Value> {
        let mut entry = Map::new();
        for (own, theirs) in &self.by {
            let value = match theirs.as_str() {
                "id" => Some(number(&stored.id)),
                theirs => stored.record.get(theirs).cloned(),
            };
            if let (None, Some(value)) = (entry.get(own), value) {
                entry.insert(own.clone(), value);
            }
        }
        entry
    }
}

impl Behaviour for LookedUp {
    fn before_write(&self, cx: &mut Context<'_>, change: &mut Change) -> Result<(), Fault> {
        let mut entries = Self::entries(&change.new, &self.list);
        if entries.is_empty() {
            return Ok(());
        }
        for entry in &mut entries {
            let (_, stored) = self.named(cx, entry)?.ok_or_else(|| self.unresolved())?;
            entry.insert(self.id_member().to_owned(), number(&stored.id));
        }
        change.new.insert(self.list.clone(), json!(entries));
        Ok(())
    }

    fn on_read(&self, cx: &Context<'_>, verb: Verb, _: &Id, record: &mut Record) -> Result<(), Fault> {
        if !matches!(verb, Verb::Read | Verb::List) {
            return Ok(());
        }
        let mut entries = Self::entries(record, &self.list);
        if entries.is_empty() && self.told.is_none() {
            return Ok(());
        }
        for entry in &mut entries {
            let Some((kind, stored)) = self.named(cx, entry)? else { continue };
            let told = self.tell(kind, &stored);
            match self.told {
                Some(_) => *entry = told,
                None => entry.extend(told),
            }
        }
        record.insert(self.told.as_ref().unwrap_or(&self.list).clone(), json!(entries));
        Ok(())
    }

    fn on_read_members(&self, verb: Verb) -> Option<Vec<&str>> {
        let members = [Some(&self.list), self.told.as_ref()].into_iter().flatten();
        let members = members.filter(|_| matches!(verb, Verb::Read | Verb::List));
        Some(members.map(String::as_str).collect())
    }

    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let body = call.object()?;
        let stored = cx.named(&self.own)?;
        let mut entries = Self::entries(&stored.record, &self.list);
        let ids = |name: &str| -> Vec<String> {
            body.items(name).iter().filter_map(|item| text(Some(item))).collect()
        };
        let (removed, added) = (ids(&self.removed), ids(&self.added));
        few_enough(cx, &self.own, &self.list, removed.len() + added.len())?;
        let mut held: HashSet<String> =
            entries.iter().filter_map(|entry| text(entry.get(self.id_member()))).collect();
        let removed: HashSet<String> = removed.into_iter().collect();
        if !removed.is_subset(&held) {
            return Err(self.unresolved());
        }
        entries.retain(|entry| text(entry.get(self.id_member())).is_none_or(|id| !removed.contains(&id)));
        held.retain(|id| !removed.contains(id));
        for id in added {
            let (_, found) = self.having(cx, "id", &id)?.ok_or_else(|| self.unresolved())?;
            if held.insert(id) {
                entries.push(self.entry(&found));
            }
        }
        cx.amend(&self.own, &stored.id, &json!({ self.list.as_str(): entries }))?;
        Ok(Outcome::Value(Value::Object(body.clone())))
    }

    fn pointers(&self, record: &Record, found: &mut Vec<Pointer>) {
        for entry in Self::entries(record, &self.list) {
            let Some(id) = entry.get(self.id_member()).and_then(Id::from_value) else { continue };
            // The entry does not say which kind it is of: their ids are of one count, so that no other record is meant.
            for kind in self.kinds.keys() {
                found.push(Pointer { field: self.list.clone(), kind: kind.clone(), id: id.clone() });
            }
        }
    }

    fn detach(&self, record: &mut Record, kind: &str, id: &Id) {
        if self.kinds.contains_key(kind)
            && let Some(Value::Array(items)) = record.get_mut(&self.list)
        {
            items.retain(|entry| !entry.get(self.id_member()).is_some_and(|held| same(held, id.as_str())));
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::text;

    #[test]
    fn zero_and_an_empty_text_name_nothing() {
        assert_eq!(text(Some(&json!(0))), None);
        assert_eq!(text(Some(&json!("0"))), None);
        assert_eq!(text(Some(&json!(" "))), None);
        assert_eq!(text(None), None);
        assert_eq!(text(Some(&json!(90001))), Some("90001".to_owned()));
        assert_eq!(text(Some(&json!("90001"))), Some("90001".to_owned()));
    }
}
