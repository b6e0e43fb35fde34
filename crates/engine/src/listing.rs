//! Lists: the path's members, filters, search, order and the part that was asked for.

use std::borrow::Cow;

use serde_json::Value;
use zuno_catalogue::{Match, Operation, Resource, Verb};
use zuno_model::{Fault, Fix, Id, Kind, Record};
use zuno_store::Stretch;

use crate::value::text;
use crate::{Clause, Comparison, Context, ListQuery, Outcome, Page, Search, Stored, at_path, sort, value};

/// The most clauses of a search, and values of a filter: each is held against every record of the list.
const MOST: usize = 1000;

/// The longest text that is searched for, in bytes.
const LONGEST: usize = 8 * 1024;

/// Answers the part of a list that is asked for.
pub fn run(
    cx: &Context<'_>,
    resource: &Resource,
    operation: &Operation,
    query: &ListQuery,
) -> Result<Outcome, Fault> {
    check(cx, resource, query)?;
    parents(cx, resource)?;
    let found = choose(cx, resource, operation, query)?;
    page(cx, resource, operation.view.as_deref(), query, found)
}

impl Context<'_> {
    /// Some records of a resource as a list of its own shows them: in the resource's order, filtered, searched and
    /// cut as the call asks.
    ///
    /// # Errors
    /// The search names a member that does not exist, or the store failed.
    pub fn list(
        &self,
        resource: &Resource,
        view: Option<&str>,
        mut rows: Vec<Stored>,
    ) -> Result<Outcome, Fault> {
        let query = &self.list_query();
        check(self, resource, query)?;
        let choice = Choice::of(self, resource, None, query);
        rows.sort_by(|a, b| (&a.sort, &a.id).cmp(&(&b.sort, &b.id)));
        let found = part(self, resource, &choice, query, rows)?;
        page(self, resource, view, query, found)
    }

    /// The part of the call's own list that is asked for, where a body says which.
    ///
    /// # Errors
    /// The refusal, or the store failed.
    pub fn list_part(&self, query: &ListQuery) -> Result<Outcome, Fault> {
        let (resource, operation) = self.engine.operation(self.call()?);
        run(self, resource, operation, query)
    }
}

fn page(
    cx: &Context<'_>,
    resource: &Resource,
    view: Option<&str>,
    query: &ListQuery,
    (rows, total): (Vec<Stored>, u64),
) -> Result<Outcome, Fault> {
    let mut items = Vec::with_capacity(rows.len());
    for stored in rows {
        items.push(cx.show(resource, Verb::List, view, stored)?);
    }
    Ok(Outcome::Many(Page { items, total, number: query.number, size: query.size, skip: query.skip }))
}

/// A search and an order name members that exist, and none whose value they would give away; neither they nor the
/// filters are longer than what is held against every record.
fn check(cx: &Context<'_>, resource: &Resource, query: &ListQuery) -> Result<(), Fault> {
    bounded(cx, resource, query)?;
    let wrong = |field: &str| {
        let kind = Kind(resource.kind.clone());
        Err(Fault::Invalid { kind, field: field.to_owned(), fix: Fix::Unknown })
    };
    let first = |path: &str| resource.field(path.split('.').next().unwrap_or_default());
    if let Some((member, _)) = &query.sort
        && first(member).is_some_and(|field| field.secret)
    {
        return wrong(member);
    }
    let Some(Search::Clauses(clauses)) = &query.search else { return Ok(()) };
    match clauses.iter().find(|clause| first(&clause.field).is_none_or(|field| field.secret)) {
        Some(clause) => wrong(&clause.field),
        None => Ok(()),
    }
}

fn bounded(cx: &Context<'_>, resource: &Resource, query: &ListQuery) -> Result<(), Fault> {
    let wrong = |field: &str, words: String| Err(Fault::said(&Kind(resource.kind.clone()), field, words));
    match &query.search {
        Some(Search::Text(text)) if text.len() > LONGEST => {
            return wrong("search", format!("The search is longer than {LONGEST} bytes."));
        }
        Some(Search::Clauses(clauses)) if clauses.len() > MOST => {
            return wrong("search", format!("The search has more than {MOST} clauses."));
        }
        _ => {}
    }
    for parameter in resource.filters.keys() {
        let values = cx.query_all(parameter).map(|list| list.split(',').count()).sum::<usize>();
        if values > MOST {
            return wrong(parameter, format!("{parameter} has more than {MOST} values."));
        }
    }
    Ok(())
}

/// The records that the path names as owners of the listed ones exist.
fn parents(cx: &Context<'_>, resource: &Resource) -> Result<(), Fault> {
    for (name, named) in cx.params() {
        if let Some(kind) = resource.field(name).and_then(|field| field.shape.target())
            && cx.get(kind, &Id(named.clone()))?.is_none()
        {
            let (kind, fix) = (Kind(resource.kind.clone()), Fix::Unresolved(kind.into()));
            return Err(Fault::Invalid { kind, field: name.clone(), fix });
        }
    }
    Ok(())
}

/// The part asked for, and how many there are in all.
fn choose(
    cx: &Context<'_>,
    resource: &Resource,
    operation: &Operation,
    query: &ListQuery,
) -> Result<(Vec<Stored>, u64), Fault> {
    let scope = if resource.scope.is_some() { cx.scope().for_store() } else { None };
    let choice = Choice::of(cx, resource, Some(operation), query);
    let chosen = cx.engine.bound(resource).all().any(|behaviour| behaviour.chooses(cx));
    let turned = match &query.sort {
        None => Some(false),
        Some((member, turned)) if resource.order_by.as_deref() == Some(member) => Some(*turned),
        Some(_) => None,
    };
    let lent = scope.map(|scope| cx.lent(resource, scope)).transpose()?.unwrap_or_default();
    if choice.is_everything()
        && !chosen
        && lent.is_empty()
        && let Some(backwards) = turned
    {
        let take = query.take.unwrap_or(u64::MAX);
        let rows = cx.stretch(&resource.kind, scope, Stretch { skip: query.skip, take, backwards })?;
        return Ok((rows, cx.count(&resource.kind, scope)?));
    }
    let mut rows = candidates(cx, resource, &choice, scope)?;
    rows.retain(|stored| scope.is_none_or(|scope| stored.scope == scope));
    if !lent.is_empty() {
        rows.extend(lent);
        rows.sort_by(|a, b| (&a.sort, &a.id).cmp(&(&b.sort, &b.id)));
    }
    part(cx, resource, &choice, query, rows)
}

/// What a choice accepts of some candidates, in the order and to the extent asked for; and how much it is in all.
fn part(
    cx: &Context<'_>,
    resource: &Resource,
    choice: &Choice<'_>,
    query: &ListQuery,
    candidates: Vec<Stored>,
) -> Result<(Vec<Stored>, u64), Fault> {
    let mut rows = Vec::with_capacity(candidates.len());
    for stored in candidates {
        let mut searched = Cow::Borrowed(&stored.record);
        if !choice.clauses.is_empty() {
            for (name, value) in
                cx.engine.bound(resource).all().flat_map(|behaviour| behaviour.derived(cx, &stored.record))
            {
                searched.to_mut().insert(name, value);
            }
        }
        let mut accepted = choice.accepts(cx, resource, &searched)?;
        for behaviour in cx.engine.bound(resource).all().filter(|behaviour| behaviour.chooses(cx)) {
            accepted = accepted && behaviour.accepts(cx, &stored.id, &stored.record)?;
        }
        if accepted {
            rows.push(stored);
        }
    }
    if let Some((member, turned)) = &query.sort {
        rows.sort_by_cached_key(|stored| sort::of_value(stored.record.get(member), false));
        if *turned {
            rows.reverse();
        }
    }
    let total = rows.len() as u64;
    let skip = usize::try_from(query.skip).unwrap_or(usize::MAX);
    let take = usize::try_from(query.take.unwrap_or(u64::MAX)).unwrap_or(usize::MAX);
    Ok((rows.into_iter().skip(skip).take(take).collect(), total))
}

/// The fewest records that can be reached through an index and hold every match.
fn candidates(
    cx: &Context<'_>,
    resource: &Resource,
    choice: &Choice<'_>,
    scope: Option<&str>,
) -> Result<Vec<Stored>, Fault> {
    // A value is unique within one scope: a search over all of them may find several.
    let one = scope.or_else(|| resource.scope.is_none().then_some("0"));
    for clause in &choice.clauses {
        let unique = resource
            .field(&clause.field)
            .is_some_and(|field| field.unique.is_some() && field.within.is_none());
        if let (Comparison::Equal, true, Some(scope)) = (clause.comparison, unique, one) {
            let holder = cx.holder(resource, &clause.field, &clause.value, scope)?;
            return Ok(holder
                .map(|id| cx.get(&resource.kind, &id))
                .transpose()?
                .flatten()
                .into_iter()
                .collect());
        }
    }
    for (name, wanted) in &choice.parents {
        if let Some(kind) = resource.field(name).and_then(|field| field.shape.target()) {
            return cx.pointing(&resource.kind, name, kind, &Id((*wanted).to_owned()));
        }
    }
    cx.all(&resource.kind, scope)
}

/// Everything that a listed record must satisfy.
struct Choice<'a> {
    parents: Vec<(&'a str, &'a str)>,
    only: Option<&'a Value>,
    filters: Vec<(&'a str, Match, Option<&'a Value>, Vec<&'a str>)>,
    clauses: Vec<Clause>,
    words: Option<String>,
}

impl<'a> Choice<'a> {
    fn of(
        cx: &'a Context<'_>,
        resource: &'a Resource,
        operation: Option<&'a Operation>,
        query: &ListQuery,
    ) -> Choice<'a> {
        let named = |(name, _): &&(String, String)| name != "id" && resource.field(name).is_some();
        let parents = cx.params().iter().filter(named).map(|(name, value)| (name.as_str(), value.as_str()));
        let mut filters = Vec::new();
        for (parameter, filter) in &resource.filters {
            let given: Vec<&str> = cx.query_all(parameter).filter(|value| !value.is_empty()).collect();
            if !given.is_empty() {
                let on = filter.on.as_ref().map(|json| &json.0);
                filters.push((filter.field.as_str(), filter.how, on, given));
            }
        }
        let (clauses, words) = match &query.search {
            Some(Search::Clauses(clauses)) => (clauses.clone(), None),
            Some(Search::Text(words)) if !resource.search.is_empty() => {
                (Vec::new(), Some(words.to_lowercase()))
            }
            _ => (Vec::new(), None),
        };
        let only = operation.and_then(|operation| operation.only.as_ref()).map(|json| &json.0);
        Choice { parents: parents.collect(), only, filters, clauses, words }
    }

    fn is_everything(&self) -> bool {
        self.parents.is_empty()
            && self.only.is_none()
            && self.filters.is_empty()
            && self.clauses.is_empty()
            && self.words.is_none()
    }

    fn accepts(&self, cx: &Context<'_>, resource: &Resource, record: &Record) -> Result<bool, Fault> {
        let only = self.only.and_then(Value::as_object).into_iter().flatten();
        let plain = cx.belongs(resource, record)
            && only.clone().all(|(name, wanted)| record.get(name) == Some(wanted))
            && self.clauses.iter().all(|clause| holds(record, clause))
            && self.words.as_ref().is_none_or(|words| mentions(resource, record, words));
        if !plain {
            return Ok(false);
        }
        for (field, how, on, given) in &self.filters {
            let held = match at_path(record, field) {
                Some(held) => Some(Cow::Borrowed(held)),
                None => through_link(cx, resource, record, field)?.map(Cow::Owned),
            };
            if !filtered(held.as_deref(), *how, *on, given) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// `idp.name` where `idp` holds the id of another record, or of several: their members.
fn through_link(
    cx: &Context<'_>,
    resource: &Resource,
    record: &Record,
    path: &str,
) -> Result<Option<Value>, Fault> {
    let Some((first, rest)) = path.split_once('.') else { return Ok(None) };
    let kind = resource.field(first).and_then(|field| field.shape.target());
    let (Some(kind), Some(held)) = (kind, record.get(first)) else { return Ok(None) };
    let held = held.as_array().map_or(std::slice::from_ref(held), Vec::as_slice);
    let mut found = Vec::new();
    for id in held.iter().filter_map(Id::from_value) {
        found.extend(cx.get(kind, &id)?.and_then(|target| at_path(&target.record, rest).cloned()));
    }
    Ok((!found.is_empty()).then_some(Value::Array(found)))
}

fn filtered(held: Option<&Value>, how: Match, on: Option<&Value>, given: &[&str]) -> bool {
    let low = |wanted: &str| wanted.to_lowercase();
    let flag = || given.iter().any(|value| value.eq_ignore_ascii_case("true") || *value == "1");
    match how {
        Match::Is => held.is_some_and(|held| {
            given.iter().flat_map(|list| list.split(',')).any(|wanted| value::same(held, wanted.trim()))
        }),
        Match::Contains => each_text(held, |text| given.iter().any(|wanted| text.contains(&low(wanted)))),
        Match::Starts => each_text(held, |text| given.iter().any(|wanted| text.starts_with(&low(wanted)))),
        Match::Flag => !flag() || held == on,
        Match::Unless => !flag() || held != on,
    }
}

/// Whether any text of a value, lower-cased, satisfies a test.
fn each_text(held: Option<&Value>, test: impl Fn(&str) -> bool + Copy) -> bool {
    match held {
        Some(Value::Array(items)) => items.iter().any(|item| each_text(Some(item), test)),
        Some(Value::Object(members)) => members.get("name").is_some_and(|name| each_text(Some(name), test)),
        Some(value) => text(value).is_some_and(|text| test(&text.to_lowercase())),
        None => false,
    }
}

/// A number; a length of time such as `15d` counts in seconds.
fn quantity(text: &str) -> Option<f64> {
    let (digits, seconds) = match text.char_indices().next_back()? {
        (end, 's') => (&text[..end], 1.0),
        (end, 'm') => (&text[..end], 60.0),
        (end, 'h') => (&text[..end], 3600.0),
        (end, 'd') => (&text[..end], 86_400.0),
        _ => (text, 1.0),
    };
    digits.parse::<f64>().ok().map(|number| number * seconds)
}

fn holds(record: &Record, clause: &Clause) -> bool {
    let held = at_path(record, &clause.field);
    let wanted = clause.value.to_lowercase();
    let number = || {
        let held = held.and_then(text).and_then(|text| text.parse::<f64>().ok());
        held.zip(quantity(clause.value.trim()))
    };
    match clause.comparison {
        Comparison::Equal => held.is_some_and(|held| value::same(held, &clause.value)),
        Comparison::NotEqual => !held.is_some_and(|held| value::same(held, &clause.value)),
        Comparison::Contains => each_text(held, |text| text.contains(&wanted)),
        Comparison::StartsWith => each_text(held, |text| text.starts_with(&wanted)),
        Comparison::EndsWith => each_text(held, |text| text.ends_with(&wanted)),
        Comparison::Greater => number().is_some_and(|(held, wanted)| held > wanted),
        Comparison::Less => number().is_some_and(|(held, wanted)| held < wanted),
        Comparison::AtLeast => number().is_some_and(|(held, wanted)| held >= wanted),
        Comparison::AtMost => number().is_some_and(|(held, wanted)| held <= wanted),
    }
}

fn mentions(resource: &Resource, record: &Record, words: &str) -> bool {
    resource.search.iter().any(|member| each_text(at_path(record, member), |text| text.contains(words)))
}

#[cfg(test)]
mod tests {
    use super::quantity;

    #[test]
    fn a_length_of_time_counts_in_seconds_and_other_words_are_no_numbers() {
        assert_eq!(quantity("15d"), Some(1_296_000.0));
        assert_eq!(quantity("1.5h"), Some(5400.0));
        assert_eq!(quantity("-3"), Some(-3.0));
        assert_eq!((quantity("d"), quantity("soon"), quantity("")), (None, None, None));
    }
}
