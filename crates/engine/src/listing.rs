//! Lists: the path's members, filters, search, order and the part that was asked for.

use std::borrow::Cow;

use serde_json::Value;
use zuno_catalogue::{Operation, Resource, Verb};
use zuno_model::{Fault, Fix, Id, Kind};
use zuno_store::{Row, Stretch};

use crate::choice::Choice;
use crate::written::write_rows;
use crate::{Comparison, Context, ListQuery, Outcome, Page, Search, Stored, Written, sort};

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
    let found = choose(cx, resource, operation, query)?.records(cx, resource)?;
    let mut told = page(cx, resource, operation.view.as_deref(), query, found)?;
    if let (Some(member), Outcome::Many(page)) = (&operation.member, &mut told) {
        page.items.iter_mut().for_each(|item| *item = item.get_mut(member).map_or(Value::Null, Value::take));
    }
    Ok(told)
}

/// Answers the same, written out where the records that are asked for are shown as the store keeps them.
pub fn written(
    cx: &Context<'_>,
    resource: &Resource,
    operation: &Operation,
    query: &ListQuery,
) -> Result<Outcome, Fault> {
    if operation.member.is_some() {
        return run(cx, resource, operation, query);
    }
    check(cx, resource, query)?;
    parents(cx, resource)?;
    let view = operation.view.as_deref();
    match choose(cx, resource, operation, query)? {
        Found::Records(records, total) => page(cx, resource, view, query, (records, total)),
        Found::Rows(rows, total) => {
            let page =
                Page { items: Vec::new(), total, number: query.number, size: query.size, skip: query.skip };
            let count = rows.len() as u64;
            let records = write_rows(cx, resource, Verb::List, view, rows)?;
            Ok(Outcome::Written(Written { records, count, page }))
        }
    }
}

/// How many a list with the same filters has, whichever part of it is asked for.
pub fn count(cx: &Context<'_>, resource: &Resource, operation: &Operation) -> Result<u64, Fault> {
    let none = ListQuery { skip: 0, take: Some(0), sort: None, ..cx.list_query() };
    check(cx, resource, &none)?;
    parents(cx, resource)?;
    Ok(match choose(cx, resource, operation, &none)? {
        Found::Records(_, total) | Found::Rows(_, total) => total,
    })
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
        self.sort(resource, &mut rows);
        let found = part(self, resource, &choice, query, rows)?;
        page(self, resource, view, query, found)
    }

    /// Those of some records that the call's path, filters and search choose, as they are kept.
    ///
    /// # Errors
    /// As for a list of them.
    pub fn chosen(
        &self,
        resource: &Resource,
        query: &ListQuery,
        rows: Vec<Stored>,
    ) -> Result<Vec<Stored>, Fault> {
        check(self, resource, query)?;
        parents(self, resource)?;
        let choice = Choice::of(self, resource, None, query);
        Ok(part(self, resource, &choice, query, rows)?.0)
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

/// What is asked for, and how many there are in all.
enum Found {
    /// Records that were looked at.
    Records(Vec<Stored>, u64),
    /// Records as the store keeps them.
    Rows(Vec<Row>, u64),
}

impl Found {
    fn records(self, cx: &Context<'_>, resource: &Resource) -> Result<(Vec<Stored>, u64), Fault> {
        match self {
            Found::Records(records, total) => Ok((records, total)),
            Found::Rows(rows, total) => Ok((cx.read_rows(&resource.kind, rows)?, total)),
        }
    }
}

/// The part asked for.
fn choose(
    cx: &Context<'_>,
    resource: &Resource,
    operation: &Operation,
    query: &ListQuery,
) -> Result<Found, Fault> {
    let scope = if resource.scope.is_some() { cx.scope().for_store() } else { None };
    let choice = Choice::of(cx, resource, Some(operation), query);
    let chosen = cx.engine.bound(resource).all().any(|behaviour| behaviour.chooses(cx));
    let turned = match &query.sort {
        None => Some(false),
        Some((member, turned)) if resource.order_by.as_deref() == Some(member) => Some(*turned),
        Some(_) => None,
    };
    let lent = scope.map(|scope| cx.lent(resource, scope)).transpose()?.unwrap_or_default();
    if !chosen
        && lent.is_empty()
        && let Some(backwards) = turned
    {
        let stretch = Stretch { skip: query.skip, take: query.take.unwrap_or(u64::MAX), backwards };
        match cx.ordered_by(resource) {
            Some(numbering) => {
                if let Some(list) = choice.one_list(cx, numbering, resource, scope)? {
                    if !numbering.leaves_out(resource) {
                        let total = cx.length(&list)? as u64;
                        return Ok(match cx.rows_of(&list, stretch)? {
                            Some(rows) => Found::Rows(rows, total),
                            None => Found::Records(cx.stretch_of(&list, stretch)?, total),
                        });
                    }
                    if let Some((records, total)) = cx.page_of(resource, numbering, &list, stretch)? {
                        return Ok(Found::Records(records, total));
                    }
                }
            }
            None if choice.is_everything() => {
                let total = cx.count(&resource.kind, scope)?;
                return Ok(match cx.rows(&resource.kind, scope, stretch)? {
                    Some(rows) => Found::Rows(rows, total),
                    None => Found::Records(cx.stretch(&resource.kind, scope, stretch)?, total),
                });
            }
            None => {}
        }
    }
    let mut rows = candidates(cx, resource, &choice, scope)?;
    rows.retain(|stored| scope.is_none_or(|scope| stored.scope == scope));
    if !lent.is_empty() {
        rows.extend(lent);
        cx.sort(resource, &mut rows);
    }
    let (records, total) = part(cx, resource, &choice, query, rows)?;
    Ok(Found::Records(records, total))
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
        if !choice.clauses.is_empty() || !choice.filters.is_empty() {
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
    let stretch = Stretch { skip: query.skip, take: query.take.unwrap_or(u64::MAX), backwards: false };
    Ok((stretch.of(rows), total))
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
    if let Some(found) = cx.having(resource, scope, &choice.parts(resource))? {
        return Ok(found);
    }
    for (name, wanted) in &choice.parents {
        if let Some(kind) = resource.field(name).and_then(|field| field.shape.target()) {
            return cx.pointing(&resource.kind, name, kind, &Id((*wanted).to_owned()));
        }
    }
    cx.all(&resource.kind, scope)
}
