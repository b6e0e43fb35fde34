//! `delta-list`: a list of a singleton grows and shrinks by `?action=`, and the answer holds what was sent (seen).
//!
//! ADD of what is there and REMOVE of what is not are no errors (seen). Without an action the list is replaced.
//! Parameters: `list`, the member of the body; `of`, the singleton's member that keeps the list, where it is another.

use serde_json::{Value, json};
use zuno_catalogue::{Method, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Entries, Outcome, Params, list_length};
use zuno_model::{Fault, Fix, Kind, Record};

use super::url_lists::{formed, url};

/// The guarantee for one resource.
struct DeltaList {
    kind: String,
    list: String,
    keeper: String,
    member: String,
    most: usize,
    of_urls: bool,
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
    let forms = params.resource_of(&keeper)?.behaviours.get("url-lists");
    let formed = forms.and_then(|forms| forms.0.get("lists")).and_then(Value::as_array);
    let of_urls = formed.is_some_and(|lists| lists.iter().any(|list| *list == *member));
    Ok(Box::new(DeltaList { kind: params.kind(), list, keeper, member, most, of_urls }))
}

impl Behaviour for DeltaList {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        let stored = cx.only(&self.keeper)?;
        let held = stored.record.get(&self.member);
        let of = Entries { kind: &self.keeper, id: &stored.id, member: &self.member };
        if cx.operation()?.method == Method::Get {
            return Ok(Outcome::Value(json!({ self.list.clone(): cx.entries(of, held)? })));
        }
        let wrong =
            |field: &str, fix| Fault::Invalid { kind: Kind(self.kind.clone()), field: field.into(), fix };
        // A client that lists nothing sends null (client: go).
        let none = Vec::new();
        let sent = match call.body.as_ref().and_then(|body| body.get(&self.list)) {
            Some(Value::Null) => Some(&none),
            listed => listed.and_then(Value::as_array),
        };
        let Some(sent) = sent.filter(|sent| sent.iter().all(Value::is_string)) else {
            return Err(wrong(&self.list, Fix::Type("array of strings")));
        };
        let formed = |cx: &mut Context<'_>, held| {
            let given = self.of_urls.then(|| formed(sent, url)).transpose();
            let given =
                given.map_err(|words| Fault::said(&Kind(self.keeper.clone()), &self.member, words))?;
            cx.with_entries(of, held, given.as_ref().unwrap_or(sent))
        };
        let list = match call.query("action") {
            None => formed(cx, None)?,
            Some("ADD_TO_LIST") => formed(cx, held)?,
            Some("REMOVE_FROM_LIST") => cx.without_entries(of, held, sent)?,
            Some(_) => {
                let known = ["ADD_TO_LIST", "REMOVE_FROM_LIST"].map(str::to_owned);
                return Err(wrong("action", Fix::Enum(known.to_vec())));
            }
        };
        if list_length(cx.resource(&self.keeper)?, &self.member, Some(&list)) > self.most {
            let words = format!("Maximum {} URLs are allowed in {}.", self.most, self.list);
            return Err(wrong(&self.list, Fix::Said(words)));
        }
        let (mut new, mut changed) = (stored.record.clone(), Record::new());
        new.insert(self.member.clone(), list.clone());
        changed.insert(self.member.clone(), list);
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
