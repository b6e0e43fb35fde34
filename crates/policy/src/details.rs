//! What else a verdict has to tell, put into JSON only where somebody reads it: most of a short answer's time went into that.

use serde::ser::{Serialize, SerializeMap, Serializer};
use serde_json::{Value, json};

/// What there is to tell, by name.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Details<'p>(Vec<(&'static str, Told<'p>)>);

/// One part of it.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Told<'p> {
    Value(Value),
    /// Records, by id and name.
    Records(Vec<(&'p str, &'p str)>),
    Pool(Pool<'p>),
}

/// Connectors that could serve a request.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Pool<'p> {
    pub status: &'static str,
    pub by: &'static str,
    /// Groups by id and name, with how many of each are connected.
    pub groups: Vec<(&'p str, &'p str, u32)>,
}

impl<'p> Details<'p> {
    /// Whether there is nothing.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// What is told under a name.
    pub fn get(&self, name: &str) -> Option<Value> {
        self.0.iter().find(|(known, _)| *known == name).map(|(_, told)| told.value())
    }

    pub(crate) fn insert(&mut self, name: &'static str, told: impl Into<Told<'p>>) {
        match self.0.iter_mut().find(|(known, _)| *known == name) {
            Some((_, known)) => *known = told.into(),
            None => self.0.push((name, told.into())),
        }
    }
}

impl Serialize for Details<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, told) in &self.0 {
            map.serialize_entry(name, &told.value())?;
        }
        map.end()
    }
}

impl Told<'_> {
    fn value(&self) -> Value {
        match self {
            Told::Value(value) => value.clone(),
            Told::Records(records) => {
                records.iter().map(|(id, name)| json!({ "id": id, "name": name })).collect()
            }
            Told::Pool(pool) => {
                let group = |(id, name, connected): &(&str, &str, u32)| json!({ "id": id, "name": name, "connected": connected });
                let groups: Vec<Value> = pool.groups.iter().map(group).collect();
                json!({ "status": pool.status, "by": pool.by, "groups": groups })
            }
        }
    }
}

impl<T: Into<Value>> From<T> for Told<'_> {
    fn from(value: T) -> Self {
        Told::Value(value.into())
    }
}
