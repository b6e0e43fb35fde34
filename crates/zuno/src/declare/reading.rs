//! What a tenant has, kind by kind, read through its API.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Result;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use zuno_engine::Engine;
use zuno_model::Id;
use zuno_plan::{Choice, Found, Kind, Reader, Tenant, kind};

use super::calls::{Caller, refused};

/// A record as it was told, with the parameters by which it was asked for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// The parameters of the path.
    pub named: Vec<(String, String)>,
    /// What the answer said.
    pub record: Map<String, Value>,
}

/// Where what was read is kept meanwhile, so that a reading that ended early goes on from there.
pub trait Meanwhile {
    /// What was read of a kind before.
    ///
    /// # Errors
    /// It cannot be read.
    fn kept(&self, kind: &str) -> Result<Option<Vec<Told>>>;

    /// Keeps what was read of a kind.
    ///
    /// # Errors
    /// It cannot be kept.
    fn keep(&self, kind: &str, told: &[Told]) -> Result<()>;
}

/// Nothing is kept.
pub struct Forgotten;

impl Meanwhile for Forgotten {
    fn kept(&self, _: &str) -> Result<Option<Vec<Told>>> {
        Ok(None)
    }

    fn keep(&self, _: &str, _: &[Told]) -> Result<()> {
        Ok(())
    }
}

/// Reads a tenant.
pub struct Reading<'a> {
    engine: &'a Engine,
    caller: &'a Caller<'a>,
    meanwhile: &'a dyn Meanwhile,
    /// What was read.
    pub tenant: Tenant,
    /// The kinds that could not be read, with the refusal and its status.
    pub refused: BTreeMap<String, (u16, String)>,
}

impl<'a> Reading<'a> {
    /// Begins.
    pub fn new(engine: &'a Engine, caller: &'a Caller<'a>, meanwhile: &'a dyn Meanwhile) -> Reading<'a> {
        Reading { engine, caller, meanwhile, tenant: Tenant::default(), refused: BTreeMap::new() }
    }

    /// Reads the records of a kind, unless they were read; says whether that was possible.
    ///
    /// # Errors
    /// No answer came, or one that is no record. A refusal is noted, and is no error.
    pub fn read(&mut self, of: &Kind<'_>) -> Result<bool> {
        if self.tenant.found.contains_key(of.name()) || self.refused.contains_key(of.name()) {
            return Ok(self.tenant.found.contains_key(of.name()));
        }
        let told = match self.meanwhile.kept(of.name())? {
            Some(told) => told,
            None => match self.ask(of) {
                Ok(told) => {
                    self.meanwhile.keep(of.name(), &told)?;
                    told
                }
                Err(wrong) => match refused(&wrong) {
                    Some(status) => {
                        self.refused.insert(of.name().to_owned(), (status, format!("{wrong:#}")));
                        return Ok(false);
                    }
                    None => return Err(wrong),
                },
            },
        };
        let reader = Reader::new(self.engine, of);
        let read = |told: &Told| {
            let named: Vec<(&str, &str)> =
                told.named.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            reader.read(&told.record, &named)
        };
        let mut found: Vec<Found> = told.iter().map(read).collect();
        // Rules in the order in which they are tried, all others as the list has them.
        found.sort_by_key(|found| found.place.unwrap_or(0));
        // Of records that tell no id none is known by a name.
        if found.is_empty() || found.iter().any(|found| found.id.is_some()) {
            self.tenant.names.learn_kind(of.name());
        }
        for found in &found {
            if let Some(id) = &found.id {
                self.tenant.names.learn(of.name(), id, &found.name);
            }
        }
        self.tenant.found.insert(of.name().to_owned(), found);
        Ok(true)
    }

    /// Reads the kinds that records refer to, so that these can be told by name.
    ///
    /// # Errors
    /// As [`Reading::read`].
    pub fn read_referred(&mut self) -> Result<()> {
        let mut kinds = BTreeSet::new();
        for (name, found) in &self.tenant.found {
            let Some(resource) = self.engine.catalogue().resource(name) else { continue };
            for found in found {
                let pointers = self.engine.pointers_of(resource, &found.record);
                kinds.extend(
                    pointers
                        .into_iter()
                        .map(|pointer| self.engine.catalogue().kept_as(&pointer.kind).to_owned()),
                );
            }
        }
        self.read_named(kinds)
    }

    /// Reads kinds by name, those that can be.
    ///
    /// # Errors
    /// As [`Reading::read`].
    pub fn read_named(&mut self, kinds: impl IntoIterator<Item = String>) -> Result<()> {
        for name in kinds {
            if let Some(of) = kind(self.engine.catalogue(), &name) {
                self.read(&of)?;
            }
        }
        Ok(())
    }

    /// Asks for all records of a kind.
    fn ask(&mut self, of: &Kind<'_>) -> Result<Vec<Told>> {
        let mut all = Vec::new();
        for named in self.ways(of)? {
            let by: Vec<(&str, &str)> =
                named.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
            for record in self.caller.all(of.resource, of.source.operation, &by)? {
                let record = match (of.each, record.get("id").and_then(Id::from_value)) {
                    (Some(each), Some(id)) => {
                        let by: Vec<(&str, &str)> = by.iter().copied().chain([("id", id.as_str())]).collect();
                        let further = record_parameters(each, &record);
                        let by: Vec<(&str, &str)> = by
                            .into_iter()
                            .chain(further.iter().map(|(name, value)| (name.as_str(), value.as_str())))
                            .collect();
                        self.caller.one(of.resource, each, &by)?
                    }
                    _ => record,
                };
                all.push(Told { named: named.clone(), record });
            }
        }
        Ok(all)
    }

    /// What the parameters of the path are, for each of the calls that read a kind together.
    fn ways(&mut self, of: &Kind<'_>) -> Result<Vec<Vec<(String, String)>>> {
        let mut ways: Vec<Vec<(String, String)>> = vec![Vec::new()];
        for (name, choice) in &of.source.choices {
            let values = match choice {
                Choice::Words(words) => words.clone(),
                Choice::Records(parent) => {
                    self.read_named([parent.clone()])?;
                    let parents = self.tenant.found.get(parent).map(Vec::as_slice).unwrap_or_default();
                    parents.iter().filter_map(|found| Some(found.id.clone()?.0)).collect()
                }
            };
            let with = |way: &Vec<(String, String)>, value: &String| {
                [way.as_slice(), &[((*name).to_owned(), value.clone())]].concat()
            };
            ways = ways.iter().flat_map(|way| values.iter().map(move |value| with(way, value))).collect();
        }
        Ok(ways)
    }
}

/// What the parameters of an operation's path are, as far as the record tells them.
pub fn record_parameters(
    operation: &zuno_catalogue::Operation,
    record: &Map<String, Value>,
) -> Vec<(String, String)> {
    let told = |name: &str| Some((name.to_owned(), Id::from_value(record.get(name)?)?.0));
    operation.parameters().filter(|name| *name != "id").filter_map(told).collect()
}
