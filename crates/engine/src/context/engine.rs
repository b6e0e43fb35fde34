//! An engine is made of a catalogue, with every behaviour that the catalogue names bound to its resource.

use std::any::{Any, TypeId};
use std::collections::HashMap;
use std::sync::Arc;

use serde_json::Value;
use zuno_catalogue::{Catalogue, Operation, Resource};

use super::{Behaviour, Bound, Engine, Maker};
use crate::seal::SealedMembers;
use crate::{Baselines, Call, Params};

impl Engine {
    /// Binds every behaviour that the catalogue names.
    ///
    /// # Errors
    /// A name that no maker has, or a parameter that is wrong.
    pub fn new(catalogue: Arc<Catalogue>, makers: &[(&str, Maker)]) -> Result<Engine, String> {
        let bind = |resource| Bound::bind(resource, &catalogue, makers);
        let bound = catalogue.resources().iter().map(bind).collect::<Result<_, _>>()?;
        let sealed = SealedMembers::of(&catalogue);
        Ok(Engine { catalogue, bound, baselines: Baselines::default(), sealed, given: HashMap::new() })
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
        &self.bound[resource.number]
    }

    /// The resource and operation that a call names.
    pub fn operation(&self, call: &Call) -> (&Resource, &Operation) {
        let resource = &self.catalogue.resources()[call.resource];
        (resource, &resource.operations[call.operation])
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
        makers: &[(&str, Maker)],
    ) -> Result<Bound, String> {
        let mut bound: Vec<(String, Box<dyn Behaviour>)> = Vec::new();
        let named = resource.behaviours.iter().map(|(name, params)| (name, &params.0));
        let done = resource.operations.values().filter_map(|operation| operation.does.as_ref());
        for (name, given) in named.chain(done.map(|name| (name, &Value::Null))) {
            if bound.iter().any(|(known, _)| known == name) {
                continue;
            }
            let Some((_, make)) = makers.iter().find(|(known, _)| known == name) else {
                return Err(format!("{}: there is no behaviour `{name}`", resource.kind));
            };
            let behaviour = make(Params { behaviour: name, given, resource, catalogue })
                .map_err(|wrong| format!("{}: {wrong}", resource.kind))?;
            bound.push((name.clone(), behaviour));
        }
        Ok(Bound(bound))
    }

    /// All of them, in order.
    pub fn all(&self) -> impl Iterator<Item = &dyn Behaviour> {
        self.0.iter().map(|(_, behaviour)| behaviour.as_ref())
    }

    /// The one of this name.
    pub fn named(&self, name: &str) -> Option<&dyn Behaviour> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, behaviour)| behaviour.as_ref())
    }
}
