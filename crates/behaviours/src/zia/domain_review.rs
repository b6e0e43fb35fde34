//! `domain-review`: tells which categories hold a domain already, and adds reviewed domains to those categories.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use serde_json::{Value, json};
use zuno_catalogue::handles::zia::url_category as member;
use zuno_catalogue::{Members, Method, Verb};
use zuno_engine::{Behaviour, Call, Change, Context, Entries, Outcome, Stored};
use zuno_model::{Fault, Id, Record};
use zuno_urls::{Breadth, UrlEntry, review};

use super::categories_in_force::sites;

/// How many domains one call may name (guessed, as a lookup of URLs).
const MOST: usize = 100;

/// The guarantee for the kind.
#[derive(Default)]
pub struct DomainReview;

fn unreadable() -> Fault {
    Fault::Unreadable("an array of reviewed domains is wanted".into())
}

/// Domains that are to be added, as they are held against the entries of a list: each entry is read once, and nothing is kept
/// of it, since a list may be long and all other writers wait.
struct Wanted<'t> {
    /// By host, the domains that are it.
    own: HashMap<String, Vec<&'t str>>,
    /// By host, the domains that lie below it.
    below: HashMap<String, Vec<&'t str>>,
}

/// A host's domains, from the one right above it.
fn domains_above(host: &str) -> impl Iterator<Item = &str> {
    host.match_indices('.').map(|(dot, _)| &host[dot + 1..])
}

impl<'t> Wanted<'t> {
    fn of(domains: impl IntoIterator<Item = &'t str>) -> Wanted<'t> {
        let mut wanted = Wanted { own: HashMap::new(), below: HashMap::new() };
        for domain in domains {
            let Ok(entry) = UrlEntry::parse(domain) else { continue };
            wanted.own.entry(entry.host().to_owned()).or_default().push(domain);
            for above in domains_above(entry.host()) {
                wanted.below.entry(above.to_owned()).or_default().push(domain);
            }
        }
        wanted
    }

    /// The domains that are some entry's host, or lie above or below it.
    fn overlapped<'e>(mut self, entries: impl IntoIterator<Item = &'e str>) -> HashSet<&'t str> {
        let mut found = HashSet::new();
        for entry in entries.into_iter().filter_map(|text| UrlEntry::parse(text).ok()) {
            // What was met once is met, whatever else meets it.
            let host = entry.host();
            for domain in std::iter::once(host).chain(domains_above(host)) {
                found.extend(self.own.remove(domain).into_iter().flatten());
            }
            found.extend(self.below.remove(host).into_iter().flatten());
        }
        found
    }
}

/// The list a domain goes to: beside the one that matched (documented: `urls` unless the match keeps its parent).
fn list_for(retained: &HashSet<&str>, url: &str) -> &'static str {
    if retained.contains(url) { member::DB_CATEGORIZED_URLS.name } else { member::URLS.name }
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
            .and_then(|stored| stored.record.get(member::CONFIGURED_NAME.name).cloned())
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
    let mut added: BTreeMap<Id, BTreeSet<&str>> = BTreeMap::new();
    for item in reviewed {
        let url = item.text("url").ok_or_else(unreadable)?;
        // A match that nobody has set names none (client: go).
        for matched in item.items("matches").iter().filter(|matched| matched.text("id") != Some("")) {
            let id = matched.get("id").and_then(Id::from_value).ok_or_else(unreadable)?;
            added.entry(id).or_default().insert(url);
        }
    }
    for (id, urls) in added {
        let old = cx.need(member::KIND, &id)?;
        let list = member::DB_CATEGORIZED_URLS.name;
        let retained =
            cx.entries(Entries { kind: member::KIND, id: &id, member: list }, old.record.get(list))?;
        let retained = Wanted::of(urls.iter().copied()).overlapped(retained.iter().map(String::as_str));
        let mut sent = Record::new();
        for url in urls {
            let given = sent.entry(list_for(&retained, url)).or_insert_with(|| json!([]));
            given.as_array_mut().expect("a list was put there").push(json!(url));
        }
        if let Some(name) = old.record.get(member::CONFIGURED_NAME.name) {
            sent.insert(member::CONFIGURED_NAME.into(), name.clone());
        }
        // `category-lists` adds what is sent to what the category holds.
        let new = old.record.clone();
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
            _ => {
                let all =
                    cx.all(member::KIND, None)?.into_iter().map(|stored| cx.whole(member::KIND, stored));
                find(&all.collect::<Result<Vec<_>, _>>()?, call).map(Outcome::Value)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Wanted, list_for};

    #[test]
    fn a_domain_goes_beside_what_lies_above_or_below_it() {
        let entries = [".example.com/path", "a.b.example.org", "10.0.0.1"];
        let beside = ["example.com", ".deep.example.com", "b.example.org", "x.a.b.example.org", "10.0.0.1"];
        let elsewhere = ["other.com", "myexample.com", "c.example.org", "10.0.0.2", "not a url"];
        let all: Vec<&str> = beside.into_iter().chain(elsewhere).collect();
        let retained = Wanted::of(all).overlapped(entries);
        for url in beside {
            assert_eq!(list_for(&retained, url), "dbCategorizedUrls", "{url}");
        }
        for url in elsewhere {
            assert_eq!(list_for(&retained, url), "urls", "{url}");
        }
    }
}
