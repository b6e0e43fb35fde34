//! `used-in`: a list holds the records that those of one kind point at; a word of the path says which kind.
//!
//! Parameters: `by`, the member that points; `word`, the path's parameter, with `kinds` for each word the kind; `otherwise`, the
//! kind where the path has no such word; `search`, the query's parameters `member` and `value` by which the pointing records
//! are chosen: the words of the first are those of `members`, each with a dotted member that holds the value.

use std::collections::{BTreeMap, HashSet};

use serde::Deserialize;
use serde_json::Value;
use zuno_catalogue::{Members, Resource};
use zuno_engine::{Behaviour, Call, Context, Outcome, Params, Stored, at_path};
use zuno_model::{Fault, Fix, Id, Kind, Record};

/// The guarantee for one resource.
struct UsedIn {
    own: String,
    by: String,
    word: String,
    kinds: BTreeMap<String, String>,
    otherwise: Option<String>,
    search: Option<Searched>,
}

#[derive(Deserialize)]
struct Searched {
    member: String,
    value: String,
    members: BTreeMap<String, String>,
}

/// Makes it from the catalogue's parameters.
pub fn make(params: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    let (own, by) = (params.kind(), params.text("by")?);
    let kinds: BTreeMap<String, String> = params.part("kinds").read()?;
    let otherwise = params.maybe_text("otherwise");
    for kind in kinds.values().chain(&otherwise) {
        if params.field_of(kind, &by)?.shape.target() != Some(&own) {
            return Err(params.wrong(format!("`{kind}.{by}` does not point here")));
        }
    }
    let search = params.maybe_read("search")?;
    Ok(Box::new(UsedIn { own, by, word: params.text("word")?, kinds, otherwise, search }))
}

/// Whether what a dotted member tells contains a text in lower case, be it of what the record points at.
fn tells(
    cx: &Context<'_>,
    resource: &Resource,
    record: &Record,
    path: &str,
    wanted: &str,
) -> Result<bool, Fault> {
    let has = |value: &Value| match value {
        Value::String(text) => text.to_lowercase().contains(wanted),
        Value::Array(items) => items.iter().any(|item| item.as_str() == Some(wanted)),
        other => *other == wanted,
    };
    let (first, rest) = path.split_once('.').unwrap_or((path, ""));
    let Some(target) =
        resource.field(first).and_then(|field| field.shape.target()).filter(|_| !rest.is_empty())
    else {
        return Ok(at_path(record, path).is_some_and(has));
    };
    for id in record.items(first).iter().filter_map(Id::from_value) {
        if cx.get(target, &id)?.is_some_and(|stored| at_path(&stored.record, rest).is_some_and(has)) {
            return Ok(true);
        }
    }
    Ok(false)
}

impl UsedIn {
    fn wrong(&self, field: &str, words: impl Iterator<Item = String>) -> Fault {
        let words: Vec<String> = words.collect();
        let fix = Fix::Said(format!("must be one of {}", words.join(", ")));
        Fault::Invalid { kind: Kind(self.own.clone()), field: field.to_owned(), fix }
    }

    fn is_chosen(
        &self,
        cx: &Context<'_>,
        call: &Call,
        resource: &Resource,
        record: &Record,
    ) -> Result<bool, Fault> {
        let Some(search) = &self.search else { return Ok(true) };
        let asked = call.query(&search.member).zip(call.query(&search.value));
        let Some((member, value)) = asked.filter(|(member, _)| !member.is_empty()) else { return Ok(true) };
        let path = search.members.get(member);
        let path = path.ok_or_else(|| self.wrong(&search.member, search.members.keys().cloned()))?;
        tells(cx, resource, record, path, &value.to_lowercase())
    }
}

impl Behaviour for UsedIn {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let kind = match call.param(&self.word) {
            Some(word) => self.kinds.get(word),
            None => self.otherwise.as_ref(),
        };
        let kind = kind.ok_or_else(|| self.wrong(&self.word, self.kinds.keys().cloned()))?;
        let resource = cx.resource(kind)?;
        let mut used = HashSet::new();
        for stored in cx.all(kind, None)? {
            if self.is_chosen(cx, call, resource, &stored.record)? {
                used.extend(stored.record.items(&self.by).iter().filter_map(Id::from_value));
            }
        }
        let rows: Vec<Stored> =
            cx.all(&self.own, None)?.into_iter().filter(|stored| used.contains(&stored.id)).collect();
        cx.list(cx.resource(&self.own)?, cx.view(), rows)
    }
}
