//! What chooses among the records of a list: what the path, the operation, the query and a search say.

use std::borrow::Cow;

use serde_json::Value;
use zuno_catalogue::{Match, Operation, Resource};
use zuno_model::{Fault, Id, Record};

use crate::matching::{filtered, holds, mentions};
use crate::{Clause, Context, List, ListQuery, Numbering, Search, at_path, texts};

/// Everything that a listed record must satisfy.
pub struct Choice<'a> {
    pub parents: Vec<(&'a str, &'a str)>,
    only: Option<&'a Value>,
    pub filters: Vec<(&'a str, Match, Option<&'a Value>, Vec<&'a str>)>,
    pub clauses: Vec<Clause>,
    words: Option<String>,
}

impl<'a> Choice<'a> {
    pub fn of(
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
            if !given.is_empty() || filter.how == Match::Reveals {
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

    /// The parts of which every chosen record has each in a member that is searched.
    pub fn parts(&self, resource: &Resource) -> Vec<&str> {
        let filters = self.filters.iter().map(|(field, how, _, given)| (*field, *how, &given[..]));
        texts::parts(resource, &self.clauses, self.words.as_deref(), filters)
    }

    /// The list that is chosen, if it is one whole list of numbered records.
    pub fn one_list(
        &self,
        cx: &Context<'_>,
        numbering: &Numbering,
        resource: &Resource,
        scope: Option<&str>,
    ) -> Result<Option<List>, Fault> {
        let scope = if resource.scope.is_some() { scope } else { Some("0") };
        let Some(scope) = scope.filter(|_| self.is_unfiltered()) else {
            return Ok(None);
        };
        let within = match (&numbering.within, &self.parents[..]) {
            (None, []) => None,
            (Some(member), [(name, value)]) if member == name => Some((*value).to_owned()),
            (Some(member), [(name, value)]) => {
                let mut implied = None;
                for behaviour in cx.engine.bound(resource).all() {
                    implied = implied.or(behaviour.implies(cx, name, value)?);
                }
                match implied {
                    Some((through, id)) if through == *member => Some(id.0),
                    _ => return Ok(None),
                }
            }
            _ => return Ok(None),
        };
        Ok(Some(List { kind: resource.kind.clone(), scope: scope.to_owned(), within }))
    }

    pub fn is_everything(&self) -> bool {
        self.parents.is_empty() && self.is_unfiltered()
    }

    fn is_unfiltered(&self) -> bool {
        self.only.is_none() && self.filters.is_empty() && self.clauses.is_empty() && self.words.is_none()
    }

    pub fn accepts(&self, cx: &Context<'_>, resource: &Resource, record: &Record) -> Result<bool, Fault> {
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
