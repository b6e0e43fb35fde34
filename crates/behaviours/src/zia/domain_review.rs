//! `domain-review`: tells which categories hold a domain already, and adds reviewed domains to those categories.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};
use zuno_catalogue::handles::zia::url_category as member;
use zuno_catalogue::{Method, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Outcome, Params, Stored};
use zuno_model::{Fault, Id, Record};
use zuno_urls::{Breadth, UrlEntry, review};

use super::categories_in_force::sites;

/// How many domains one call may name (guessed, as a lookup of URLs).
const MOST: usize = 100;

/// The guarantee for the kind.
struct DomainReview;

/// Makes it.
pub fn make(_: Params<'_>) -> Result<Box<dyn Behaviour>, String> {
    Ok(Box::new(DomainReview))
}

fn texts<'r>(record: &'r Record, list: &str) -> impl Iterator<Item = &'r str> {
    record.get(list).and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str)
}

fn unreadable() -> Fault {
    Fault::Unreadable("an array of reviewed domains is wanted".into())
}

/// The list a domain goes to: beside the one that matched (documented: `urls` unless the match keeps its parent).
fn list_for(record: &Record, url: &str) -> &'static str {
    let Ok(wanted) = UrlEntry::parse(url) else { return member::URLS };
    let overlaps = |text: &str| {
        let above = |low: &str, high: &str| low == high || low.ends_with(&format!(".{high}"));
        UrlEntry::parse(text)
            .is_ok_and(|held| above(wanted.host(), held.host()) || above(held.host(), wanted.host()))
    };
    let retained = texts(record, member::DB_CATEGORIZED_URLS).any(overlaps);
    if retained { member::DB_CATEGORIZED_URLS } else { member::URLS }
}

/// The domains that a body lists.
fn listed(call: &Call) -> Result<&[Value], Fault> {
    match &call.body {
        Some(Value::Array(domains)) if domains.len() <= MOST => Ok(domains),
        Some(Value::Array(_)) => {
            let words = format!("No more than {MOST} domains are allowed in one call");
            Err(Fault::said(&member::KIND.into(), "domains", words))
        }
        _ => Err(unreadable()),
    }
}

fn find(all: &[Stored], call: &Call) -> Result<Value, Fault> {
    let domains = listed(call)?;
    let domains: Vec<&str> =
        domains.iter().map(Value::as_str).collect::<Option<_>>().ok_or_else(unreadable)?;
    let categories: Vec<_> = all.iter().map(|stored| sites(stored.id.as_str(), &stored.record)).collect();
    let found = review(&domains, &categories).map_err(|(domain, fault)| {
        Fault::said(&member::KIND.into(), "domains", format!("Invalid domain `{domain}`: {fault}"))
    })?;
    let name = |id: &&str| {
        let stored = all.iter().find(|stored| stored.id.as_str() == *id);
        stored
            .and_then(|stored| stored.record.get(member::CONFIGURED_NAME).cloned())
            .unwrap_or_else(|| json!(id))
    };
    Ok(found
        .iter()
        .map(|found| {
            let matches: Vec<Value> =
                found.categories.iter().map(|id| json!({ "id": id, "name": name(id) })).collect();
            let breadth = match found.breadth {
                Breadth::Wildcard => "WILDCARD",
                Breadth::Subdomain => "SUBDOMAIN",
            };
            json!({ "url": found.url, "domainType": breadth, "matches": matches })
        })
        .collect())
}

/// Answers nothing: a client takes any body for an error (client: go).
fn add(cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
    let reviewed = listed(call)?;
    // A category is written once, however many domains go there.
    let mut added: BTreeMap<Id, Vec<&str>> = BTreeMap::new();
    for item in reviewed {
        let url = item.get("url").and_then(Value::as_str).ok_or_else(unreadable)?;
        for matched in item.get("matches").and_then(Value::as_array).into_iter().flatten() {
            let id = matched.get("id").and_then(Id::from_value).ok_or_else(unreadable)?;
            added.entry(id).or_default().push(url);
        }
    }
    for (id, urls) in added {
        let old = cx.need(member::KIND, &id)?;
        let mut sent = Map::new();
        for url in urls {
            let list = list_for(&old.record, url);
            let held = || texts(&old.record, list).map(|text| json!(text)).collect();
            let held = sent.entry(list).or_insert_with(|| Value::Array(held())).as_array_mut();
            let held = held.expect("a list was put there");
            if !held.iter().any(|known| known == url) {
                held.push(json!(url));
            }
        }
        if let Some(name) = old.record.get(member::CONFIGURED_NAME) {
            sent.insert(member::CONFIGURED_NAME.into(), name.clone());
        }
        let mut new = old.record.clone();
        new.extend(sent.clone());
        let change =
            Change { verb: Verb::Update, id: old.id, scope: old.scope, old: Some(old.record), new, sent };
        cx.write(cx.resource(member::KIND)?, change)?;
    }
    Ok(Outcome::Done)
}

impl Behaviour for DomainReview {
    fn on_action(&self, cx: &mut Context<'_>, call: &Call) -> Result<Outcome, Fault> {
        match cx.operation()?.method {
            Method::Put => add(cx, call),
            _ => find(&cx.all(member::KIND, None)?, call).map(Outcome::Value),
        }
    }
}
