//! An engine is made of a catalogue, and binds the behaviours that it names to a resource when that is first asked for.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::{Arc, OnceLock};

use parking_lot::Mutex;
use serde_json::Value;
use zuno_catalogue::{Catalogue, Operation, Resource};
use zuno_model::Fault;

use super::{Behaviour, Bound, Engine, Maker, Named};
use crate::params::{Asked, Params};
use crate::seal::SealedMembers;
use crate::{Ahead, Baselines, Call};

impl Engine {
    /// An engine whose behaviours are made by these. Of the catalogue that was compiled in, a test has bound all; any
    /// other's are bound now.
    ///
    /// # Errors
    /// A name that no maker has, or a parameter that is wrong.
    pub fn new(catalogue: Arc<Catalogue>, makers: Vec<(&'static str, Maker)>) -> Result<Engine, String> {
        let bound = catalogue.outlines().iter().map(|_| OnceLock::new()).collect();
        let sealed = SealedMembers::of(&catalogue);
        let (baselines, given) = (Baselines::default(), HashMap::new());
        let engine = Engine { catalogue, makers, bound, baselines, sealed, given, plans: Mutex::default() };
        if !engine.catalogue.is_compiled() {
            engine.bind()?;
        }
        Ok(engine)
    }

    /// Binds every behaviour that the catalogue names.
    ///
    /// # Errors
    /// A name that no maker has, or a parameter that is wrong.
    pub fn bind(&self) -> Result<(), String> {
        let mut problems = Vec::new();
        for resource in self.catalogue.resources() {
            match Bound::bind(resource, &self.catalogue, &self.makers) {
                // Who has asked for it before has bound the same.
                Ok(bound) => drop(self.bound[resource.number].set(bound)),
                Err(wrong) => problems.push(wrong),
            }
        }
        if problems.is_empty() { Ok(()) } else { Err(problems.join("\n")) }
    }

    /// Gives behaviours something to ask that is no tenant's record, by its type: what the server publishes, say. The
    /// last one given of a type counts.
    #[must_use]
    pub fn with<T: Any + Send + Sync>(mut self, thing: T) -> Engine {
        self.given.insert(TypeId::of::<T>(), Box::new(thing));
        self
    }

    /// What was given of a type.
    pub(crate) fn given<T: Any>(&self) -> Option<&T> {
        self.given.get(&TypeId::of::<T>())?.downcast_ref()
    }

    /// The catalogue.
    pub fn catalogue(&self) -> &Catalogue {
        &self.catalogue
    }

    /// The shared catalogue.
    pub fn shared_catalogue(&self) -> Arc<Catalogue> {
        Arc::clone(&self.catalogue)
    }

    /// What tenants have before they change anything.
    pub fn baselines(&self) -> &Baselines {
        &self.baselines
    }

    /// The members that are kept sealed, each behind its kind and a dot, in one order.
    pub fn kept_sealed(&self) -> Vec<String> {
        self.sealed.names()
    }

    pub(crate) fn sealed(&self) -> &SealedMembers {
        &self.sealed
    }

    pub(crate) fn bound(&self, resource: &Resource) -> &Bound {
        self.bound[resource.number].get_or_init(|| {
            let bound = Bound::bind(resource, &self.catalogue, &self.makers);
            bound.unwrap_or_else(|wrong| panic!("a test binds every behaviour: {wrong}"))
        })
    }

    /// The behaviours of a resource, with those of the kind whose records it shows behind them.
    pub(crate) fn guarding(&self, resource: &Resource) -> impl DoubleEndedIterator<Item = &dyn Behaviour> {
        let home = self.catalogue.home(resource);
        let theirs = (home.number != resource.number).then(|| self.bound(home).all());
        self.bound(resource).all().chain(theirs.into_iter().flatten())
    }

    /// What the behaviour that carries a call out makes before the write, for the call to hold.
    ///
    /// # Errors
    /// What the behaviour says.
    pub fn ahead(&self, call: &Call) -> Result<Option<Ahead>, Fault> {
        let (resource, operation) = self.operation(call);
        let behaviour = operation.does.as_deref().and_then(|name| self.bound(resource).named(name));
        behaviour.map_or(Ok(None), |behaviour| behaviour.ahead(call))
    }

    /// The resource and operation that a call names.
    pub fn operation(&self, call: &Call) -> (&Resource, &Operation) {
        self.catalogue.operation(call.operation)
    }
}

impl Bound {
    /// Binds every behaviour that a resource or one of its operations names.
    ///
    /// # Errors
    /// A name that no maker has, or a parameter that is wrong.
    pub fn bind(
        resource: &Resource,
        catalogue: &Catalogue,
        makers: &[(&'static str, Maker)],
    ) -> Result<Bound, String> {
        let mut bound: Vec<Named> = Vec::new();
        let named = resource.behaviours.iter().map(|(name, params)| (name, &params.0));
        let done = resource.operations.values().filter_map(|operation| operation.does.as_ref());
        for (name, given) in named.chain(done.map(|name| (name, &Value::Null))) {
            if bound.iter().any(|known| known.name == *name) {
                continue;
            }
            let Some((_, make)) = makers.iter().find(|(known, _)| known == name) else {
                return Err(format!("{}: there is no behaviour `{name}`", resource.kind));
            };
            let asked = Asked::default();
            let params = Params::new(name, given, resource, catalogue, &asked);
            let behaviour = make(params).and_then(|behaviour| params.all_asked().map(|()| behaviour));
            let behaviour = behaviour.map_err(|wrong| format!("{}: {wrong}", resource.kind))?;
            bound.push(Named { name: name.clone(), behaviour, idle: OnceLock::new() });
        }
        Ok(Bound(bound))
    }

    /// All of them, in order.
    pub fn all(&self) -> impl DoubleEndedIterator<Item = &dyn Behaviour> {
        self.0.iter().map(|named| named.behaviour.as_ref())
    }

    /// The one of this name.
    pub fn named(&self, name: &str) -> Option<&dyn Behaviour> {
        self.0.iter().find(|known| known.name == name).map(|known| known.behaviour.as_ref())
    }
}
