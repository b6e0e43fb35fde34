//! Records that a tenant has, read from the answers of its API.

use std::collections::HashSet;

use serde_json::{Map, Value};
use zuno_catalogue::Catalogue;
use zuno_engine::{Engine, is_set_by_callers, read_answer};
use zuno_model::Id;

use crate::Kind;
use crate::kind::names;

/// Flags by which the products tell what a tenant cannot make or delete (seen).
const GIVEN: [&str; 8] = [
    "predefined",
    "prdefined",
    "defaultRule",
    "isDefault",
    "systemDefined",
    "isSystemDefined",
    "zscalerManaged",
    "readOnly",
];

/// A record that a tenant has.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Its id; of a kind that there is one of, none.
    pub id: Option<Id>,
    /// What callers set of it, in engine form, and what its path must name.
    pub record: Map<String, Value>,
    /// What people call it; its id where it has no name.
    pub name: String,
    /// It came with the tenant, or is the vendor's: it is neither made nor deleted by calls.
    pub given: bool,
    /// The number of its place, where it has one that calls can change.
    pub place: Option<i64>,
}

/// Reads the records of a kind from answers.
pub struct Reader<'a> {
    engine: &'a Engine,
    kind: &'a Kind<'a>,
    first: HashSet<String>,
}

impl<'a> Reader<'a> {
    /// A reader of records of a kind.
    pub fn new(engine: &'a Engine, kind: &'a Kind<'a>) -> Reader<'a> {
        Reader { engine, kind, first: first_names(engine.catalogue(), kind) }
    }

    /// A record that an answer tells; `named` are the parameters by which it was asked for.
    pub fn read(&self, told: &Map<String, Value>, named: &[(&str, &str)]) -> Found {
        let resource = self.kind.resource;
        let mut record = read_answer(self.engine.catalogue(), resource, told);
        for member in self.kind.within() {
            if resource.field(member).is_some_and(is_set_by_callers) && record.contains_key(member) {
                continue;
            }
            let asked = named.iter().find(|(name, _)| *name == member).map(|(_, value)| Value::from(*value));
            if let Some(value) = asked.or_else(|| told.get(member).cloned()) {
                record.insert(member.to_owned(), value);
            }
        }
        let id = told.get("id").and_then(Id::from_value).filter(|_| !resource.singleton);
        let text =
            |member: &&str| told.get(*member).and_then(Value::as_str).is_some_and(|text| !text.is_empty());
        let called = names(resource).into_iter().find(text).map(|member| {
            let said = record.entry(member).or_insert_with(|| told[member].clone());
            said.as_str().unwrap_or_default().to_owned()
        });
        let flagged = |flag: &&str| told.get(*flag) == Some(&Value::Bool(true));
        let own = |flag: &str| told.get(flag) == Some(&Value::Bool(false));
        let given = GIVEN.iter().any(&flagged)
            || own("customCategory")
            || called.as_ref().is_some_and(|name| self.first.contains(name));
        let place = self.engine.numbered_by(resource).and_then(|by| {
            let number = told.get(&by.member).and_then(whole).filter(|number| *number > 0)?;
            let stands_outside = by.fixed.iter().chain(&by.last).any(|flag| flagged(&flag.as_str()));
            (!stands_outside).then_some(number)
        });
        let name = called.or_else(|| id.as_ref().map(|id| id.0.clone())).unwrap_or_default();
        Found { id, record, name, given, place }
    }
}

fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// How the records are called that every tenant has.
fn first_names(catalogue: &Catalogue, kind: &Kind<'_>) -> HashSet<String> {
    let text = catalogue.fresh(kind.name()).unwrap_or("[]");
    let records: Vec<Value> = serde_json::from_str(text).unwrap_or_default();
    let named = names(kind.resource);
    let name = |record: &Value| named.iter().find_map(|member| record[*member].as_str()).map(str::to_owned);
    records.iter().filter_map(name).collect()
}
