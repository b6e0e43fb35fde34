//! A caller that is confined to one scope changes nothing outside of it and points at nothing there, whatever behaviour
//! would do so for it; and a scope that is named must exist.

use zuno_catalogue::Resource;
use zuno_model::{Fault, Fix, Id, Kind};

use super::Context;
use crate::Scope;

/// The scope that every tenant has.
const DEFAULT: &str = "0";

impl<'a> Context<'a> {
    /// The scope that the caller is confined to among the records of a resource, if it is: what an operation tells of
    /// other scopes is not for such a caller.
    pub fn confined(&self, resource: &Resource) -> Option<&'a str> {
        resource.scope.as_ref()?;
        self.session.actor.rights.within(&self.catalogue().owner(resource).grant)
    }

    /// Refuses a change of a record in this scope to a caller that is confined to another, and of one that is there
    /// in another.
    pub(super) fn may_change(&self, resource: &Resource, id: &Id, scope: Option<&str>) -> Result<(), Fault> {
        let Some(own) = self.confined(resource) else { return Ok(()) };
        let before = self.get(&resource.kind, id)?;
        let scopes = before.iter().map(|stored| stored.scope.as_str()).chain(scope);
        match scopes.into_iter().all(|scope| scope == own) {
            true => Ok(()),
            false => Err(Fault::Forbidden(format!("the caller is confined to the scope {own}"))),
        }
    }

    /// Whether a caller that is confined to `own` may point at a record: it is there, is seen from there, or is of a
    /// kind that has no scopes.
    pub(crate) fn in_sight(&self, own: &str, kind: &str, id: &Id) -> Result<bool, Fault> {
        // Behaviours point at things that are no resource of their own, too.
        let Some(target) = self.catalogue().resource(kind) else { return Ok(true) };
        if target.scope.is_none() || self.get(kind, id)?.is_some_and(|stored| stored.scope == own) {
            return Ok(true);
        }
        Ok(self.lent(target, own)?.iter().any(|stored| stored.id == *id))
    }

    /// Refuses a call that names a scope which the tenant does not have.
    pub(crate) fn known_scope(&self, resource: &Resource) -> Result<(), Fault> {
        let Scope::One(named) = self.scope() else { return Ok(()) };
        let product = self.catalogue().owner(resource);
        if named == DEFAULT || self.session.actor.rights.within(&product.grant) == Some(named) {
            return Ok(());
        }
        let of_product = |kind: &str| kind.split('.').next() == Some(product.name.as_str());
        let siblings = self.catalogue().outlines().iter().filter(|other| of_product(other.kind.as_str()));
        let Some(kind) = siblings.filter_map(|other| other.scope.as_ref()).next() else { return Ok(()) };
        let (kind, id) = (kind.as_str(), Id(named.clone()));
        match self.get(kind, &id)? {
            Some(_) => Ok(()),
            None => Err(Fault::NotFound { kind: kind.into(), id }),
        }
    }

    /// That a record which is newly pointed at is one that the caller sees.
    pub(crate) fn may_point(
        &self,
        resource: &Resource,
        field: &str,
        kind: &str,
        id: &Id,
    ) -> Result<(), Fault> {
        match self.confined(resource) {
            Some(own) if !self.in_sight(own, kind, id)? => Err(Fault::Invalid {
                kind: Kind(resource.kind.clone()),
                field: field.to_owned(),
                fix: Fix::Unresolved(Kind(kind.to_owned())),
            }),
            _ => Ok(()),
        }
    }
}
