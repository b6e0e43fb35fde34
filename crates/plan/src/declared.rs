//! A record as a file declares it: what callers set, with names where the record has ids.
//!
//! A member that refers to records of one kind says their names. One that may refer to several kinds says the kind as well,
//! `{zpa.application_segment: Ledger}`. Where no name means one record alone, the id stands there: `{id: "72057594037927936"}`.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};
use zuno_catalogue::{Catalogue, Fields, Resource, Shape, Unique};
use zuno_engine::{Engine, is_set_by_callers, read_wish};
use zuno_model::{Fault, Id};

use crate::names::Meant;
use crate::{Found, Kind, Names, Wrong, kind::names};

/// A record as a file declares it.
pub type Declared = Map<String, Value>;

/// Tells the value of an environment variable, where a secret is.
pub type Secrets<'a> = &'a dyn Fn(&str) -> Option<String>;

/// What a file says of a record. Secrets are left out, and so is the number of a rule's place, which its place in the file tells.
pub fn declare(engine: &Engine, kind: &Kind<'_>, record: &Map<String, Value>, names: &Names) -> Declared {
    let resource = kind.resource;
    let number = engine.numbered_by(resource).map(|by| by.member.as_str());
    let pointers = engine.pointers_of(resource, record);
    let mut declared = Declared::new();
    for (name, field) in &resource.fields {
        let Some(value) = record.get(name) else { continue };
        if field.is_kept_sealed() || Some(name.as_str()) == number || !kind.declares(name) {
            continue;
        }
        let elsewhere = pointers.iter().filter(|pointer| pointer.field == *name);
        let teller = Teller {
            catalogue: engine.catalogue(),
            resource,
            names,
            loose: elsewhere.map(|pointer| (pointer.id.as_str(), pointer.kind.as_str())).collect(),
        };
        declared.insert(name.clone(), teller.value(Some(&field.shape), value));
    }
    declared
}

/// What the file of a kind says of the records that a tenant has: the id as well of those that no name tells from the others.
pub fn declare_all(engine: &Engine, kind: &Kind<'_>, found: &[Found], names: &Names) -> Vec<Declared> {
    let mut declared: Vec<Declared> =
        found.iter().map(|found| declare(engine, kind, &found.record, names)).collect();
    let mut known: HashMap<(Vec<Value>, String), usize> = HashMap::new();
    let keys: Vec<_> = declared.iter().map(|declared| key(kind, declared)).collect();
    keys.iter().for_each(|key| *known.entry(key.clone()).or_default() += 1);
    for ((declared, key), found) in declared.iter_mut().zip(&keys).zip(found) {
        if let (Some(id), true) = (&found.id, key.1.is_empty() || known[key] > 1) {
            declared.shift_insert(0, "id".into(), id.as_str().into());
        }
    }
    declared
}

/// What tells a record from others of its kind, as a file declares it: what it is within, and its name.
pub fn key(kind: &Kind<'_>, declared: &Declared) -> (Vec<Value>, String) {
    let within: Vec<Value> =
        kind.within().iter().map(|member| declared.get(*member).cloned().unwrap_or_default()).collect();
    let named =
        names(kind.resource).into_iter().find_map(|member| Some((member, declared.get(member)?.as_str()?)));
    let Some((member, name)) = named else { return (within, String::new()) };
    let field = kind.resource.field(member);
    let ignoring = field.is_some_and(|field| field.unique == Some(Unique::IgnoringCase));
    (within, if ignoring { name.to_lowercase() } else { name.to_owned() })
}

/// What a member of some shape says, one of several kinds for a pointer that no shape tells.
struct Teller<'a> {
    catalogue: &'a Catalogue,
    resource: &'a Resource,
    names: &'a Names,
    loose: HashSet<(&'a str, &'a str)>,
}

impl Teller<'_> {
    fn value(&self, shape: Option<&Shape>, value: &Value) -> Value {
        match (shape, value) {
            (Some(Shape::Ref(kind) | Shape::Link(kind)), Value::String(id)) => {
                let kind = self.catalogue.kept_as(kind);
                match self.names.name(kind, &Id(id.clone())) {
                    Some(name) => name.into(),
                    // A word that stands for itself.
                    None if id.parse::<i64>().is_err() => value.clone(),
                    None => json!({ "id": id }),
                }
            }
            (Some(Shape::List(inner)), Value::Array(items)) => {
                items.iter().map(|item| self.value(Some(inner), item)).collect()
            }
            (Some(Shape::Named(name)), Value::Object(members)) => {
                let fields = self.catalogue.value_type(self.resource, name);
                Value::Object(self.members(fields, members))
            }
            (_, Value::Array(items)) => items.iter().map(|item| self.value(None, item)).collect(),
            (_, Value::Object(members)) => Value::Object(self.members(None, members)),
            (_, Value::String(text)) => {
                let meant = self.loose.iter().find(|(id, _)| id == text);
                let named =
                    meant.and_then(|(_, kind)| Some((kind, self.names.name(kind, &Id(text.clone()))?)));
                named.map_or_else(|| value.clone(), |(kind, name)| json!({ *kind: name }))
            }
            _ => value.clone(),
        }
    }

    fn members(&self, fields: Option<&Fields>, members: &Map<String, Value>) -> Map<String, Value> {
        let told = members.iter().filter_map(|(name, value)| {
            let field = fields.and_then(|fields| fields.get(name));
            let is_told = field.is_none_or(|field| is_set_by_callers(field) && !field.is_kept_sealed());
            is_told.then(|| (name.clone(), self.value(field.map(|field| &field.shape), value)))
        });
        told.collect()
    }
}

/// What a record is to be, in engine form, of what a file says of it.
///
/// # Errors
/// A member that there is not, a value that does not fit, a name that means nobody.
pub fn resolve(
    catalogue: &Catalogue,
    kind: &Kind<'_>,
    declared: &Declared,
    names: &Names,
    secrets: Secrets<'_>,
) -> Result<Map<String, Value>, String> {
    let resolver = Resolver { catalogue, resource: kind.resource, names, secrets };
    let (mut said, mut kept) = (Map::new(), Map::new());
    for (name, value) in declared {
        let field = kind.resource.field(name);
        let value = resolver.value(name, field.map(|field| &field.shape), value)?;
        match field {
            // A parameter of the path is no member of a body.
            Some(field) if !is_set_by_callers(field) && kind.declares(name) => {
                kept.insert(name.clone(), value)
            }
            _ => said.insert(name.clone(), value),
        };
    }
    let cleared: Vec<String> =
        said.iter().filter(|(_, value)| value.is_null()).map(|(name, _)| name.clone()).collect();
    let mut record = read_wish(catalogue, kind.resource, &said).map_err(|fault| words(&fault))?;
    record.extend(cleared.into_iter().map(|name| (name, Value::Null)));
    record.extend(kept);
    Ok(record)
}

fn words(fault: &Fault) -> String {
    match fault {
        Fault::Invalid { field, fix, .. } => format!("`{field}` {fix}"),
        other => other.to_string(),
    }
}

struct Resolver<'a> {
    catalogue: &'a Catalogue,
    resource: &'a Resource,
    names: &'a Names,
    secrets: Secrets<'a>,
}

impl Resolver<'_> {
    fn value(&self, place: &str, shape: Option<&Shape>, value: &Value) -> Result<Value, String> {
        if let Some(name) = said_elsewhere(value) {
            let text = (self.secrets)(name);
            return text
                .map(Value::String)
                .ok_or_else(|| format!("`{place}`: the variable {name} is not set"));
        }
        if let Some((kind, name)) = self.of_kind(value) {
            return self.named(place, kind, name);
        }
        match (shape, value) {
            (Some(Shape::Ref(kind) | Shape::Link(kind)), Value::String(name)) => {
                self.named(place, self.catalogue.kept_as(kind), name)
            }
            (Some(Shape::Ref(_) | Shape::Link(_)), Value::Object(members)) => {
                let id = members.get("id").filter(|_| members.len() == 1).and_then(Id::from_value);
                let id = id.ok_or_else(|| format!("`{place}` is a name, or an id as `{{id: …}}`"))?;
                Ok(Value::String(id.0))
            }
            (Some(Shape::List(inner)), Value::Array(items)) => {
                items.iter().map(|item| self.value(place, Some(inner), item)).collect()
            }
            (Some(Shape::Named(name)), Value::Object(members)) => {
                self.members(place, self.catalogue.value_type(self.resource, name), members)
            }
            (_, Value::Array(items)) => items.iter().map(|item| self.value(place, None, item)).collect(),
            (_, Value::Object(members)) => self.members(place, None, members),
            _ => Ok(value.clone()),
        }
    }

    fn members(
        &self,
        place: &str,
        fields: Option<&Fields>,
        members: &Map<String, Value>,
    ) -> Result<Value, String> {
        let mut resolved = Map::new();
        for (name, value) in members {
            let shape = fields.and_then(|fields| fields.get(name)).map(|field| &field.shape);
            resolved.insert(name.clone(), self.value(&format!("{place}.{name}"), shape, value)?);
        }
        Ok(Value::Object(resolved))
    }

    /// A name with the kind of what it means.
    fn of_kind<'v>(&self, value: &'v Value) -> Option<(&'v str, &'v str)> {
        let members = value.as_object().filter(|members| members.len() == 1)?;
        let (kind, name) = members.iter().next()?;
        self.catalogue.resource(kind).map(|_| ())?;
        Some((kind, name.as_str()?))
    }

    fn named(&self, place: &str, kind: &str, name: &str) -> Result<Value, String> {
        let resource = self.catalogue.resource(kind);
        let noun = resource.map_or(kind, |resource| resource.noun.as_str());
        match self.names.meant(kind, name) {
            Meant::One(id) => Ok(Value::String(id.0)),
            Meant::Several(many) => {
                Err(format!("`{place}`: {many} of kind {noun} are called `{name}`; say which as `{{id: …}}`"))
            }
            Meant::Nobody => {
                let stands =
                    resource.is_some_and(|resource| resource.reserved.iter().any(|word| word == name));
                // What no call lists is known by its ids alone.
                if stands || !self.names.knows(kind) || self.names.has(kind, &Id(name.to_owned())) {
                    return Ok(name.into());
                }
                let near = self
                    .names
                    .near(kind, name)
                    .map(|near| format!("; there is `{near}`"))
                    .unwrap_or_default();
                Err(format!("`{place}`: no {noun} is called `{name}`{near}"))
            }
        }
    }
}

/// The variable that holds a value, `{env: NAME}`.
fn said_elsewhere(value: &Value) -> Option<&str> {
    let members = value.as_object().filter(|members| members.len() == 1)?;
    members.get("env")?.as_str()
}

impl Wrong {
    /// A fault of one record of a kind.
    pub(crate) fn of(kind: &str, name: &str, why: String) -> Wrong {
        Wrong { place: format!("{kind} `{name}`"), why }
    }
}
